package dewy.registry.grpc;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.NotFoundException;
import dewy.api.Problem;
import dewy.api.artifact.ArtifactProvider;
import dewy.api.artifact.ArtifactSource;
import dewy.api.artifact.ArtifactStream;
import dewy.api.artifact.Authorizing;
import dewy.api.artifact.Locating;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.Lifetime;
import dewy.api.release.Artifact;
import dewy.api.release.Deliverable;
import dewy.api.release.RegistryLogin;
import dewy.api.release.Release;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;

/**
 * Takes artifacts from where the server says that they are, by the plugin for the scheme of their address. That is opened for
 * each artifact anew, so that it may be replaced at any time.
 */
final class ReferredArtifacts implements ArtifactSource, Locating, Authorizing {
    private final AppContext app;
    private final Lifetime lifetime = new Lifetime();

    ReferredArtifacts(AppContext app) {
        this.app = app;
    }

    @Override
    public Artifact locate(Release release) {
        return release.artifacts().stream().findFirst().orElseGet(() -> Artifact.archive("its artifact", ""));
    }

    /** Looks whether the artifact is there, so that one that is not there yet is waited for, as with any other registry. */
    @Override
    public Artifact describe(Call call, Release release, Artifact artifact) throws DewyException {
        try (ArtifactSource source = source(release.tag(), artifact)) {
            Call mine = lifetime.bind(call);
            if (source instanceof Locating locating) {
                return locating.describe(mine, release, artifact);
            }
            if (artifact.kind() == Artifact.Kind.ARCHIVE) {
                closeQuietly(source.open(mine, new Deliverable(release, artifact), 0, Optional.empty()));
            }
            return artifact;
        }
    }

    /** As whom an image is pulled, its own source knows. */
    @Override
    public Optional<RegistryLogin> login(Call call, Artifact image) throws DewyException {
        try (ArtifactSource source = source(image.name(), image)) {
            return source instanceof Authorizing authorizing
                    ? authorizing.login(lifetime.bind(call), image)
                    : Optional.empty();
        }
    }

    private static void closeQuietly(ArtifactStream stream) {
        try {
            stream.close();
        } catch (IOException e) {
            // It is there, which is what was to be known.
        }
    }

    @Override
    public ArtifactStream open(Call call, Deliverable deliverable, long offset, Optional<String> validator)
            throws DewyException {
        ArtifactSource source = source(deliverable.release().tag(), deliverable.artifact());
        return together(source, call, mine -> source.open(mine, deliverable, offset, validator));
    }

    @Override
    public ArtifactStream openBeside(Call call, Deliverable deliverable, String ending) throws DewyException {
        Artifact artifact = deliverable.artifact();
        ArtifactSource source = source(deliverable.release().tag(), artifact);
        if (source instanceof Locating locating) {
            return together(source, call, mine -> locating.openBeside(mine, deliverable, ending));
        }
        source.close();
        Artifact beside = Artifact.archive(artifact.name() + ending, AnnouncedArtifact.address(artifact) + ending);
        return open(call, new Deliverable(deliverable.release(), beside), 0, Optional.empty());
    }

    private interface Opening {
        ArtifactStream open(Call call) throws DewyException;
    }

    private ArtifactStream together(ArtifactSource source, Call call, Opening opening) throws DewyException {
        try {
            Call mine = lifetime.bind(call);
            mine.check();
            ArtifactStream stream = opening.open(mine);
            InputStream bytes = new ClosingTogether(stream.bytes(), source);
            return new ArtifactStream(bytes, stream.offset(), stream.total(), stream.validator());
        } catch (DewyException | RuntimeException e) {
            source.close();
            throw e;
        }
    }

    @Override
    public void close() {
        lifetime.close();
    }

    private ArtifactSource source(String of, Artifact artifact) throws DewyException {
        if (artifact.location().isEmpty()) {
            throw new NotFoundException(Problem.of(
                    "fetch",
                    "the artifact of " + of,
                    "the server names no artifact_url",
                    "Have it name one, or name the source with --artifact"));
        }
        URI address = AnnouncedArtifact.address(artifact);
        String scheme = address.getScheme().toLowerCase(Locale.ROOT);
        return app.provider(ArtifactProvider.class, scheme).openAt(address, app);
    }

    /** The source of a stream lives as long as the stream. */
    private static final class ClosingTogether extends FilterInputStream {
        private final ArtifactSource source;

        ClosingTogether(InputStream bytes, ArtifactSource source) {
            super(bytes);
            this.source = source;
        }

        @Override
        public void close() throws IOException {
            try (source) {
                super.close();
            }
        }
    }
}
