package dewy.registry.oci;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.http.Request;
import dewy.http.Response;
import dewy.http.WebClient;
import java.net.URI;
import java.util.Optional;

/**
 * What is asked of a registry about one repository ("API" of the distribution specification). Safe for use by several threads.
 *
 * @param repository which one
 * @param web by which it is asked
 * @param logins as whom it is asked
 */
record RegistryApi(ImageRepository repository, WebClient web, Logins logins) {
    static final String LIST = "list the tags of";

    /** Asks for a page of the tags, which is only sent if it is not what its ETag names. */
    Response list(Call call, URI page, Optional<String> etag) throws DewyException {
        Request request = Request.get(LIST, repository.toString(), page).with("Accept", "application/json");
        return etag.isPresent()
                ? web.ask(call, request.with("If-None-Match", etag.get()), 200, 304)
                : web.ask(call, request, 200);
    }

    /** Asks which manifest a tag points to; without it (404) where there is no such tag. */
    Response head(Call call, String tag) throws DewyException {
        Request request = new Request(
                "find", repository.reference(tag), "HEAD", manifest(tag), ManifestType.ACCEPTED, Optional.empty());
        return web.ask(call, request, 200, 404);
    }

    /** Asks for a manifest, by a tag or a digest. */
    Response manifest(Call call, String reference) throws DewyException {
        Request request = new Request(
                "read the manifest of",
                shown(reference),
                "GET",
                manifest(reference),
                ManifestType.ACCEPTED,
                Optional.empty());
        return web.ask(call, request, 200);
    }

    /** Asks for a blob, which registries like to have at another host. */
    Response blob(Call call, String digest) throws DewyException {
        return web.ask(
                call,
                Request.get("read the configuration of", shown(digest), repository.address("blobs/" + digest)),
                200);
    }

    String shown(String reference) {
        return repository + (reference.contains(":") ? "@" : ":") + reference;
    }

    private URI manifest(String reference) {
        return repository.address("manifests/" + reference);
    }
}
