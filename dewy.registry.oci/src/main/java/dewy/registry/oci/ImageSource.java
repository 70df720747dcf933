package dewy.registry.oci;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.NotFoundException;
import dewy.api.Problem;
import dewy.api.artifact.ArtifactSource;
import dewy.api.artifact.ArtifactStream;
import dewy.api.artifact.Authorizing;
import dewy.api.artifact.Locating;
import dewy.api.plugin.Lifetime;
import dewy.api.release.Artifact;
import dewy.api.release.Deliverable;
import dewy.api.release.Digest;
import dewy.api.release.RegistryLogin;
import dewy.api.release.Release;
import java.util.Optional;
import java.util.function.Function;

/**
 * The images of a repository: which one a release has for this host, and as whom it is pulled. It is for the runtime to pull it.
 */
final class ImageSource implements ArtifactSource, Locating, Authorizing {
    private final RegistryApi api;
    private final ImagePlatform platform;
    private final Function<Release, String> tags;
    private final Manifests manifests;
    private final Lifetime lifetime = new Lifetime();

    /** One of a repository, whose tags are versions. */
    ImageSource(RegistryApi api, ImagePlatform platform) {
        this(api, platform, release -> ImageRepository.tag(release.tag()));
    }

    /** @param tags the tag of each release, or the digest */
    ImageSource(RegistryApi api, ImagePlatform platform, Function<Release, String> tags) {
        this.api = api;
        this.platform = platform;
        this.tags = tags;
        this.manifests = new Manifests(api);
    }

    @Override
    public Artifact locate(Release release) {
        String reference = api.repository().reference(tags.apply(release));
        return Artifact.image(reference, reference);
    }

    /** Looks into what the tag points to, by the digest that the registry told, so that it cannot move meanwhile. */
    @Override
    public Artifact describe(Call call, Release release, Artifact artifact) throws DewyException {
        Call mine = lifetime.bind(call);
        Optional<Digest> told = artifact.digest();
        Digest top = (told.isPresent() ? told : manifests.find(mine, tags.apply(release)))
                .orElseThrow(() -> new NotFoundException(Problem.of(
                        "find", artifact.name(), "there is no such tag", "Push it, or deploy another version")));
        return artifact.withDigest(new PlatformSearch(manifests, platform).find(mine, artifact.name(), top));
    }

    @Override
    public Optional<RegistryLogin> login(Call call, Artifact image) throws DewyException {
        return api.repository().has(image.location())
                ? api.logins().find(lifetime.bind(call)).map(Logins.Login::login)
                : Optional.empty();
    }

    @Override
    public ArtifactStream open(Call call, Deliverable deliverable, long offset, Optional<String> validator)
            throws InvalidException {
        throw new InvalidException(Problem.of(
                "fetch",
                deliverable.artifact().name(),
                "it is an image, which a container runtime pulls",
                "Run the app as a container"));
    }

    @Override
    public void close() {
        lifetime.close();
    }
}
