package dewy.registry.s3;

import dewy.api.Call;
import dewy.api.CancellableCall;
import dewy.api.artifact.ArtifactSource;
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
abstract class S3Fixture {
    static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    final S3InTrouble remote = new S3InTrouble();
    final Relay relay = remote.relay;
    volatile Instant now = NOON;
    final S3Access access = remote.access(() -> now);

    @TempDir
    Path folder;

    S3Fixture() throws IOException {}

    @AfterEach
    void close() throws IOException {
        access.close();
        remote.close();
    }

    static Call call() {
        return CancellableCall.of("test", Duration.ofSeconds(60));
    }

    TestApp app() {
        return TestApp.in(folder.resolve("app"));
    }

    S3Registry registry() throws Exception {
        return (S3Registry) registry("app");
    }

    Registry registry(String prefix) throws Exception {
        return new S3RegistryProvider(access).open(PluginUrl.parse(remote.url(prefix)), app());
    }

    ArtifactSource source(String prefix) throws Exception {
        return new S3ArtifactProvider(access).open(PluginUrl.parse(remote.url(prefix)), app());
    }

    S3Cache cache(String more) throws Exception {
        return (S3Cache) new S3CacheProvider(access).open(PluginUrl.parse(remote.url("cache") + more), app());
    }

    static Release outline(String tag) {
        return new Release(tag, Optional.empty(), List.of());
    }

    static Deliverable deliverable(Release release, String name) {
        Artifact artifact = release.artifacts().stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow();
        return new Deliverable(release, artifact);
    }
}
