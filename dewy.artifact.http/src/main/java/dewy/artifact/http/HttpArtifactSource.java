package dewy.artifact.http;

import dewy.api.Call;
import dewy.api.CorruptException;
import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.artifact.ArtifactSource;
import dewy.api.artifact.ArtifactStream;
import dewy.api.artifact.Locating;
import dewy.api.plugin.Lifetime;
import dewy.api.release.Artifact;
import dewy.api.release.Deliverable;
import dewy.api.release.Digest;
import dewy.api.release.Release;
import java.io.InputStream;
import java.net.URI;
import java.util.Optional;
import java.util.OptionalLong;

/** Fetches artifacts from a web server, whatever a registry says about where they are. */
final class HttpArtifactSource implements ArtifactSource, Locating {
    private static final String FETCH = "fetch";

    private final UrlTemplate template;
    private final WebClient web;
    private final ChecksumFile checksums;
    private final Lifetime lifetime = new Lifetime();

    HttpArtifactSource(UrlTemplate template, WebClient web) {
        this.template = template;
        this.web = web;
        this.checksums = new ChecksumFile(web);
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
        web.ask(mine, Question.head("find", uri), 200, 405, 501).close();
        if (artifact.digest().isPresent()) {
            return artifact;
        }
        Optional<Digest> digest = checksums.digest(mine, uri, artifact.name());
        return digest.map(artifact::withDigest).orElse(artifact);
    }

    @Override
    public ArtifactStream open(Call call, Deliverable deliverable, long offset, Optional<String> validator)
            throws DewyException {
        Call mine = lifetime.bind(call);
        URI uri = template.resolve(deliverable.release().tag());
        if (offset > 0 && validator.isPresent()) {
            Optional<ArtifactStream> rest = resume(mine, deliverable, uri, offset, validator.get());
            if (rest.isPresent()) {
                return rest.get();
            }
        }
        return fromTheStart(deliverable, web.ask(mine, Question.get(FETCH, uri), 200));
    }

    @Override
    public void close() {
        lifetime.close();
        web.close();
    }

    /** Goes on at an offset; empty if the server answers with another part than the one asked for. */
    private Optional<ArtifactStream> resume(Call call, Deliverable deliverable, URI uri, long offset, String validator)
            throws DewyException {
        Question question =
                Question.get(FETCH, uri).with("Range", "bytes=" + offset + "-").with("If-Range", validator);
        Response response = web.ask(call, question, 200, 206, 416);
        if (response.status() == 200) {
            return Optional.of(fromTheStart(deliverable, response));
        }
        ContentRange range = ContentRange.of(response);
        if (response.status() == 206
                && range.start().equals(OptionalLong.of(offset))
                && !response.contradicts(validator)) {
            return Optional.of(stream(deliverable, response, offset, range.total(), Optional.of(validator)));
        }
        response.close();
        // Everything was there already, which only the server knew.
        return response.status() == 416 && range.total().equals(OptionalLong.of(offset))
                ? Optional.of(new ArtifactStream(
                        InputStream.nullInputStream(), offset, range.total(), Optional.of(validator)))
                : Optional.empty();
    }

    private static ArtifactStream fromTheStart(Deliverable deliverable, Response response) throws CorruptException {
        return stream(deliverable, response, 0, response.number("content-length"), response.validator());
    }

    private static ArtifactStream stream(
            Deliverable deliverable, Response response, long offset, OptionalLong said, Optional<String> validator)
            throws CorruptException {
        OptionalLong declared = deliverable.artifact().size();
        if (declared.isPresent() && said.isPresent() && declared.getAsLong() != said.getAsLong()) {
            response.close();
            throw new CorruptException(Problem.of(
                    FETCH,
                    deliverable.artifact().name() + " of "
                            + deliverable.release().tag(),
                    "it has " + said.getAsLong() + " bytes, but the registry declares " + declared.getAsLong(),
                    "Publish it again"));
        }
        return new ArtifactStream(response.body(), offset, said.isPresent() ? said : declared, validator);
    }
}
