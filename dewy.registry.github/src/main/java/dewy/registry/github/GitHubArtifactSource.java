package dewy.registry.github;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.NotFoundException;
import dewy.api.Problem;
import dewy.api.artifact.ArtifactSource;
import dewy.api.artifact.ArtifactStream;
import dewy.api.plugin.Lifetime;
import dewy.api.release.Artifact;
import dewy.api.release.Deliverable;
import dewy.http.Download;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Fetches the assets of releases. It goes by the id that the registry found; for an artifact that another registry
 * announces, by tag and name.
 */
final class GitHubArtifactSource implements ArtifactSource {
    private final Api api;
    private final Repository repository;
    private final Lifetime lifetime = new Lifetime();

    GitHubArtifactSource(Api api, Repository repository) {
        this.api = api;
        this.repository = repository;
    }

    @Override
    public ArtifactStream open(Call call, Deliverable deliverable, long offset, Optional<String> validator)
            throws DewyException {
        Call mine = lifetime.bind(call);
        Artifact artifact = deliverable.artifact();
        long asset = locate(mine, deliverable);
        return new Download(api.web(), api.asset(repository, asset, artifact.name()), artifact.size())
                .open(mine, offset, validator);
    }

    @Override
    public void close() {
        lifetime.close();
    }

    private long locate(Call call, Deliverable deliverable) throws DewyException {
        Artifact artifact = deliverable.artifact();
        OptionalLong known = repository.assetAt(artifact.location());
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
}
