package dewy.registry.github;

import dewy.api.Call;
import dewy.api.CorruptException;
import dewy.api.DewyException;
import dewy.api.NotFoundException;
import dewy.api.Problem;
import dewy.api.artifact.ArtifactSource;
import dewy.api.artifact.ArtifactStream;
import dewy.api.plugin.Lifetime;
import dewy.api.release.Artifact;
import dewy.api.release.Deliverable;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Fetches the assets of releases. It goes by the id that the registry found; for an artifact that another registry
 * announces, by tag and name.
 */
final class GitHubArtifactSource implements ArtifactSource {
    private final Api api;
    private final Repository repository;
    private final Assets assets;
    private final Lifetime lifetime = new Lifetime();

    GitHubArtifactSource(Api api, Repository repository) {
        this.api = api;
        this.repository = repository;
        this.assets = new Assets(api, repository);
    }

    @Override
    public ArtifactStream open(Call call, Deliverable deliverable, long offset, Optional<String> validator)
            throws DewyException {
        Call mine = lifetime.bind(call);
        Artifact artifact = deliverable.artifact();
        long asset = locate(mine, deliverable);
        if (offset > 0 && validator.isPresent()) {
            Optional<ArtifactStream> rest = resume(mine, artifact, asset, offset, validator.get());
            if (rest.isPresent()) {
                return rest.get();
            }
        }
        return fromTheStart(artifact, assets.open(mine, asset, artifact.name()));
    }

    @Override
    public void close() {
        lifetime.close();
    }

    private long locate(Call call, Deliverable deliverable) throws DewyException {
        Artifact artifact = deliverable.artifact();
        OptionalLong known = AssetLocation.assetIn(repository, artifact.location());
        if (known.isPresent()) {
            return known.getAsLong();
        }
        String tag = deliverable.release().tag();
        for (Asset asset : new ReleasePages(api, repository).find(call, tag).assets()) {
            if (asset.uploaded() && asset.name().equals(artifact.name())) {
                return asset.id();
            }
        }
        String why = "release " + tag + " of " + repository + " has no such asset";
        throw new NotFoundException(Problem.of("fetch", artifact.name(), why, "Add it to the release"));
    }

    /** Goes on at an offset; empty if that is not possible, because the content is another or ends there. */
    private Optional<ArtifactStream> resume(Call call, Artifact artifact, long asset, long offset, String validator)
            throws DewyException {
        Response response = assets.resume(call, asset, artifact.name(), offset, validator);
        boolean handed = false;
        try {
            if (response.status() == 200) {
                handed = true;
                return Optional.of(fromTheStart(artifact, response));
            }
            Optional<ContentRange> range = response.header("content-range").flatMap(ContentRange::parse);
            boolean goesOn = response.status() == 206
                    && range.filter(part -> part.start() == offset).isPresent()
                    && validator(response).equals(Optional.of(validator));
            if (!goesOn) {
                return Optional.empty();
            }
            ArtifactStream stream =
                    stream(artifact, response, offset, range.get().total());
            handed = true;
            return Optional.of(stream);
        } finally {
            if (!handed) {
                response.close();
            }
        }
    }

    private ArtifactStream fromTheStart(Artifact artifact, Response response) throws CorruptException {
        boolean handed = false;
        try {
            ArtifactStream stream = stream(artifact, response, 0, response.number("content-length"));
            handed = true;
            return stream;
        } finally {
            if (!handed) {
                response.close();
            }
        }
    }

    private ArtifactStream stream(Artifact artifact, Response response, long offset, OptionalLong announced)
            throws CorruptException {
        OptionalLong declared = artifact.size();
        if (declared.isPresent() && announced.isPresent() && declared.getAsLong() != announced.getAsLong()) {
            String why = "it has " + announced.getAsLong() + " bytes, but the release declares " + declared.getAsLong();
            throw new CorruptException(
                    Problem.of("fetch", artifact.name() + " of " + repository, why, "Upload it to the release again"));
        }
        OptionalLong total = announced.isPresent() ? announced : declared;
        return new ArtifactStream(
                new AssetStream(response, offset, total.orElse(Long.MAX_VALUE)), offset, total, validator(response));
    }

    /** Only a strong validator promises the same bytes (RFC 9110, section 13.1.5). */
    private static Optional<String> validator(Response response) {
        return response.header("etag").flatMap(PollCursor::etag).filter(etag -> !etag.startsWith("W/"));
    }
}
