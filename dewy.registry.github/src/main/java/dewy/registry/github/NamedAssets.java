package dewy.registry.github;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.NotFoundException;
import dewy.api.Problem;
import dewy.api.artifact.ArtifactSource;
import dewy.api.artifact.ArtifactStream;
import dewy.api.artifact.Locating;
import dewy.api.artifact.VersionTemplate;
import dewy.api.plugin.Lifetime;
import dewy.api.release.Artifact;
import dewy.api.release.Deliverable;
import dewy.api.release.Digest;
import dewy.api.release.Release;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The assets of which a template says the name, whatever the registry announces. */
final class NamedAssets implements ArtifactSource, Locating {
    private final Api api;
    private final Repository repository;
    private final VersionTemplate tag;
    private final VersionTemplate name;
    private final GitHubArtifactSource source;
    private final Lifetime lifetime = new Lifetime();

    NamedAssets(Api api, Repository repository, VersionTemplate tag, VersionTemplate name) {
        this.api = api;
        this.repository = repository;
        this.tag = tag;
        this.name = name;
        this.source = new GitHubArtifactSource(api, repository, tag);
    }

    @Override
    public Artifact locate(Release release) {
        return Artifact.archive(name.resolve(release.tag()), "");
    }

    /** One request, and those for its checksum where GitHub has calculated none. */
    @Override
    public Artifact describe(Call call, Release release, Artifact artifact) throws DewyException {
        Call mine = lifetime.bind(call);
        String wanted = tag.resolve(release.tag());
        GitHubRelease there = new ReleasePages(api, repository).find(mine, wanted);
        Asset asset = there.asset(artifact.name())
                .orElseThrow(() -> new NotFoundException(Problem.of(
                        "find",
                        artifact.name(),
                        "release " + wanted + " of " + repository + " has no such asset",
                        "Add it to the release")));
        OptionalLong size = asset.size();
        Artifact sized = size.isPresent() ? artifact.withSize(size.getAsLong()) : artifact;
        if (sized.digest().isPresent()) {
            return sized;
        }
        Optional<Digest> digest = asset.digest().isPresent()
                ? asset.digest()
                : new Checksums(api, repository).find(mine, there, artifact.name());
        return digest.map(sized::withDigest).orElse(sized);
    }

    @Override
    public ArtifactStream open(Call call, Deliverable deliverable, long offset, Optional<String> validator)
            throws DewyException {
        Release release = deliverable.release();
        Artifact located = Artifact.archive(name.resolve(release.tag()), "");
        Artifact wanted = deliverable.artifact().size().isPresent()
                ? located.withSize(deliverable.artifact().size().getAsLong())
                : located;
        Release named = new Release(release.tag(), release.created(), List.of(wanted));
        return source.open(call, new Deliverable(named, wanted), offset, validator);
    }

    @Override
    public ArtifactStream openBeside(Call call, Deliverable deliverable, String ending) throws DewyException {
        Release release = deliverable.release();
        Artifact beside = Artifact.archive(name.resolve(release.tag()) + ending, "");
        Release named = new Release(release.tag(), release.created(), List.of(beside));
        return source.open(call, new Deliverable(named, beside), 0, Optional.empty());
    }

    @Override
    public void close() {
        lifetime.close();
        source.close();
    }
}
