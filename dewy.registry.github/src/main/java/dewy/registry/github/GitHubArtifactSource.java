package dewy.registry.github;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.NotFoundException;
import dewy.api.Problem;
import dewy.api.artifact.ArtifactSource;
import dewy.api.artifact.ArtifactStream;
import dewy.api.artifact.VersionTemplate;
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
    private final VersionTemplate tag;
    private final Lifetime lifetime = new Lifetime();

    /** @param tag of the release that has the artifacts of another */
    GitHubArtifactSource(Api api, Repository repository, VersionTemplate tag) {
        this.api = api;
        this.repository = repository;
        this.tag = tag;
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
        String wanted = tag.resolve(deliverable.release().tag());
        return new ReleasePages(api, repository)
                .find(call, wanted)
                .asset(artifact.name())
                .map(Asset::id)
                .orElseThrow(() -> new NotFoundException(Problem.of(
                        "fetch",
                        artifact.name(),
                        "release " + wanted + " of " + repository + " has no such asset",
                        "Add it to the release")));
    }
}
