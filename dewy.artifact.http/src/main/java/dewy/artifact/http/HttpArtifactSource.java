package dewy.artifact.http;

import dewy.api.Call;
import dewy.api.DewyException;
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

/** Fetches artifacts from a web server, whatever a registry says about where they are. */
final class HttpArtifactSource implements ArtifactSource, Locating {
    private final UrlTemplate template;
    private final WebClient web;
    private final ChecksumSidecar checksums;
    private final Lifetime lifetime = new Lifetime();

    HttpArtifactSource(UrlTemplate template, WebClient web) {
        this.template = template;
        this.web = web;
        this.checksums = new ChecksumSidecar(web);
    }

    @Override
    public Artifact locate(Release release) {
        String tag = release.tag();
        return Artifact.archive(template.name(tag), template.resolve(tag).toString());
    }

    @Override
    public Artifact describe(Call call, Release release, Artifact artifact) throws DewyException {
        Call mine = lifetime.bind(call);
        URI uri = template.resolve(release.tag());
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
        String tag = deliverable.release().tag();
        String beside = template.besideArtifact(tag, deliverable.artifact().name());
        Request request = Request.get("fetch", URI.create(template.resolve(tag) + beside));
        return new Download(web, request, deliverable.artifact().size()).open(lifetime.bind(call), offset, validator);
    }

    @Override
    public void close() {
        lifetime.close();
    }
}
