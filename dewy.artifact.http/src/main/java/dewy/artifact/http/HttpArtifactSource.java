package dewy.artifact.http;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.artifact.ArtifactSource;
import dewy.api.artifact.ArtifactStream;
import dewy.api.artifact.Locating;
import dewy.api.plugin.Lifetime;
import dewy.api.release.Artifact;
import dewy.api.release.Deliverable;
import dewy.api.release.Digest;
import dewy.api.release.Release;
import dewy.http.Download;
import dewy.http.Request;
import dewy.http.WebClient;
import java.net.URI;
import java.util.Optional;
import java.util.OptionalLong;

/** Fetches artifacts from a web server, whatever else a registry says about where they are. */
final class HttpArtifactSource implements ArtifactSource, Locating {
    private final WebAddress address;
    private final WebClient web;
    private final ChecksumSidecar checksums;
    private final Lifetime lifetime = new Lifetime();

    HttpArtifactSource(WebAddress address, WebClient web) {
        this.address = address;
        this.web = web;
        this.checksums = new ChecksumSidecar(web);
    }

    @Override
    public Artifact locate(Release release) {
        String tag = release.tag();
        return Artifact.archive(address.name(tag), address.resolve(tag).toString());
    }

    @Override
    public Artifact describe(Call call, Release release, Artifact artifact) throws DewyException {
        Call mine = lifetime.bind(call);
        URI uri = address.resolve(release.tag());
        if (isSigned(uri)) {
            return artifact;
        }
        // A server that knows no HEAD says nothing about the artifact: fetching it will tell.
        web.ask(mine, Request.head("find", uri), 200, 405, 501).close();
        if (artifact.digest().isPresent()) {
            return artifact;
        }
        Optional<Digest> digest = checksums.digest(mine, uri, artifact.name());
        return digest.map(artifact::withDigest).orElse(artifact);
    }

    @Override
    public ArtifactStream open(Call call, Deliverable deliverable, long offset, Optional<String> validator)
            throws DewyException {
        URI uri = address.resolve(deliverable.release().tag());
        Request request =
                isSigned(uri) ? Request.get("fetch", deliverable.artifact().name(), uri) : Request.get("fetch", uri);
        return new Download(web, request, deliverable.artifact().size()).open(lifetime.bind(call), offset, validator);
    }

    @Override
    public ArtifactStream openBeside(Call call, Deliverable deliverable, String ending) throws DewyException {
        URI uri = address.resolve(deliverable.release().tag());
        if (isSigned(uri)) {
            throw new InvalidException(Problem.of(
                    "fetch",
                    deliverable.artifact().name() + ending,
                    "the address of the artifact is signed for that artifact alone",
                    "Have the server name an address without a query, or say with --artifact where artifacts are"));
        }
        Request request = Request.get("fetch", URI.create(uri + ending));
        return new Download(web, request, OptionalLong.empty()).open(lifetime.bind(call), 0, Optional.empty());
    }

    /** A signature is for one request, which fetches the artifact, and must not be shown. */
    private static boolean isSigned(URI uri) {
        return uri.getRawQuery() != null;
    }

    @Override
    public void close() {
        lifetime.close();
    }
}
