package dewy.bucket;

import dewy.api.Call;
import dewy.api.CancellableCall;
import dewy.api.artifact.ArtifactSource;
import dewy.api.cache.Cache;
import dewy.api.plugin.PluginUrl;
import dewy.api.registry.Registry;
import dewy.api.release.Artifact;
import dewy.api.release.Deliverable;
import dewy.api.release.Release;
import dewy.tck.TestApp;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the tests of the plugins have in common: a bucket of their own, a clock and calls. */
@Timeout(120)
public abstract class BucketFixture {
    protected static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    protected final BucketInTrouble remote;
    protected final Relay relay;
    protected volatile Instant now = NOON;

    @TempDir
    protected Path folder;

    protected BucketFixture(BucketInTrouble remote) {
        this.remote = remote;
        this.relay = remote.relay;
        remote.setClock(() -> now);
    }

    @AfterEach
    final void close() throws IOException {
        remote.close();
    }

    protected static Call call() {
        return CancellableCall.of("test", Duration.ofSeconds(60));
    }

    protected final TestApp app() {
        return TestApp.in(folder.resolve("app"));
    }

    final BucketRegistry registry() throws Exception {
        return (BucketRegistry) registry("app");
    }

    protected final Registry registry(String prefix) throws Exception {
        return remote.registries().open(PluginUrl.parse(remote.url(prefix)), app());
    }

    protected final ArtifactSource source(String prefix) throws Exception {
        return remote.artifacts().open(PluginUrl.parse(remote.url(prefix)), app());
    }

    /** Opens a cache by a URL with more parameters. */
    protected final Cache cache(String more) throws Exception {
        return remote.caches().open(PluginUrl.parse(remote.url("cache") + more), app());
    }

    protected static Release outline(String tag) {
        return new Release(tag, Optional.empty(), List.of());
    }

    protected static Deliverable deliverable(Release release, String name) {
        Artifact artifact = release.artifacts().stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow();
        return new Deliverable(release, artifact);
    }
}
