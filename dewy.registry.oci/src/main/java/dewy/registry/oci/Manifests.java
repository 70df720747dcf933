package dewy.registry.oci;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.UnreachableException;
import dewy.api.release.Digest;
import dewy.http.Response;
import java.io.IOException;
import java.util.Optional;

/** The manifests of a repository, and the configurations of its images. Safe for use by several threads. */
final class Manifests {
    /** What registries take at most ("Pushing Manifests"). */
    private static final int LARGEST = 4 << 20;

    /**
     * A manifest, or list of manifests.
     *
     * @param digest by which it is known
     */
    record Manifest(Digest digest, ManifestType type, Json json) {}

    private final RegistryApi api;

    Manifests(RegistryApi api) {
        this.api = api;
    }

    /** Returns which manifest a tag points to; empty if there is no such tag. It does not count as a pull. */
    Optional<Digest> find(Call call, String tag) throws DewyException {
        try (Response response = api.head(call, tag)) {
            if (response.status() == 404) {
                return Optional.empty();
            }
            Optional<Digest> digest = told(response);
            if (digest.isPresent()) {
                return digest;
            }
        }
        try (Response response = api.manifest(call, tag)) { // The digest is that of its bytes, whoever tells it.
            return Optional.of(Digest.of(response.bytes(LARGEST)));
        }
    }

    /** Reads a manifest. */
    Manifest read(Call call, Digest digest) throws DewyException {
        try (Response response = api.manifest(call, digest.toString())) {
            Json json = verified(response, digest);
            return new Manifest(digest, ManifestType.of(json, response.header("content-type")), json);
        }
    }

    /** Reads the configuration of an image. */
    Json configuration(Call call, Digest digest) throws DewyException {
        try (Response response = api.blob(call, digest.toString())) {
            return verified(response, digest);
        }
    }

    private static Optional<Digest> told(Response response) {
        try {
            Optional<String> told = response.header("docker-content-digest");
            return told.isPresent() ? Optional.of(Digest.parse(told.get())) : Optional.empty();
        } catch (InvalidException e) {
            return Optional.empty();
        }
    }

    private static Json verified(Response response, Digest digest) throws DewyException {
        byte[] bytes = response.bytes(LARGEST);
        var calculation = Digest.calculation(digest.algorithm());
        calculation.update(bytes);
        Digest arrived = Digest.of(calculation);
        if (!arrived.equals(digest)) {
            throw unusable(response, "what arrived has the digest " + arrived);
        }
        try {
            return Json.read(bytes);
        } catch (IOException e) {
            throw unusable(response, "the answer cannot be used: " + e.getMessage());
        }
    }

    private static UnreachableException unusable(Response response, String why) {
        return new UnreachableException(
                Problem.of(response.request().tried(), response.request().on(), why, "It is tried again later"));
    }
}
