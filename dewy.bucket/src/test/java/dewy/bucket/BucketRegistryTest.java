package dewy.bucket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.registry.Cursor;
import dewy.api.registry.DeploymentReport;
import dewy.api.registry.Poll;
import dewy.api.registry.Registry;
import dewy.api.release.Artifact;
import dewy.api.release.Digest;
import dewy.api.release.Release;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

public abstract class BucketRegistryTest extends BucketFixture {
    protected BucketRegistryTest(BucketInTrouble remote) {
        super(remote);
    }

    @Test
    void findsVersionsBelowAnyPrefix() throws Exception {
        remote.put("v1.0.0/app.zip", "1");
        remote.put("a/b/c d+e/v2.0.0/app.zip", "2");
        remote.put("a/b/c d+e/.hidden/app.zip", "2");
        try (Registry top = registry("");
                Registry deep = registry("a/b/c%20d+e/")) {
            assertThat(tags(top.poll(call(), Optional.empty()))).containsExactly("a", "v1.0.0");
            assertThat(tags(deep.poll(call(), Optional.empty()))).containsExactly("v2.0.0");
        }
    }

    @Test
    void completesAReleaseWithWhatIsToBeDeployedAndTheTimeOfItsOldestObject() throws Exception {
        Instant before = Instant.now().minusSeconds(2);
        remote.put("app/v1.0.0/app.zip", "12345");
        remote.put("app/v1.0.0/app.zip.sha256", digest("12345").hex() + "  app.zip\n");
        remote.put("app/v1.0.0/app.zip.asc", "signature");
        remote.put("app/v1.0.0/app.zip.minisig", "signature");
        remote.put("app/v1.0.0/upload.part", "half");
        remote.put("app/v1.0.0/shipped_to_h_server_at_20260301T120000Z.txt", "");
        remote.put("app/v1.0.0/docs/manual.zip", "of a folder");
        try (BucketRegistry registry = registry()) {
            Release release = registry.complete(call(), outline("v1.0.0"));
            assertThat(release.artifacts()).extracting(Artifact::name).containsExactly("app.zip", "app.zip.minisig");
            assertThat(release.artifacts().get(0).size()).hasValue(5);
            assertThat(release.created().orElseThrow())
                    .isBetween(before, Instant.now().plusSeconds(2));
            assertThat(registry.describe(call(), release, release.artifacts().get(0))
                            .digest())
                    .hasValue(digest("12345"));
        }
    }

    @Test
    void aFolderWithoutAnythingIsAReleaseWhoseArtifactIsOnItsWay() throws Exception {
        remote.put("app/v1.0.0/", "");
        try (BucketRegistry registry = registry()) {
            assertThat(tags(registry.poll(call(), Optional.empty()))).containsExactly("v1.0.0");
            Release release = registry.complete(call(), outline("v1.0.0"));
            assertThat(release.artifacts()).isEmpty();
            assertThat(release.created()).isPresent();
        }
    }

    @Test
    void looksOnlyIntoWhatWasCompletedAndFindsThatItIsAnotherOne() throws Exception {
        remote.put("app/v1.0.0/app.zip", "1");
        remote.put("app/v1.1.0/app.zip", "2");
        try (BucketRegistry registry = registry()) {
            Cursor first = registry.poll(call(), Optional.empty()).cursor();
            registry.complete(call(), outline("v1.1.0"));
            relay.take();
            remote.put("app/v1.0.0/app.zip", "another");
            Poll second = registry.poll(call(), Optional.of(first));
            assertThat(second.releases()).isEmpty();
            assertThat(relay.take()).hasSize(2);
            remote.put("app/v1.1.0/app.zip", "another");
            Poll third = registry.poll(call(), Optional.of(second.cursor()));
            assertThat(tags(third)).containsExactly("v1.0.0", "v1.1.0");
            assertThat(registry.poll(call(), Optional.of(third.cursor())).releases())
                    .isEmpty();
        }
    }

    @Test
    void whatHostsReportIsNoChangeAndOneObjectHoweverMuchItIs() throws Exception {
        VirtualBucket bucket = remote.virtual();
        bucket.keys.add("app/v1.0.0/app.zip");
        bucket.keys.add("app/v1.0.0/zzz.zip");
        relay.instead = bucket::answer;
        try (BucketRegistry registry = registry()) {
            Cursor cursor = registry.poll(call(), Optional.empty()).cursor();
            registry.complete(call(), outline("v1.0.0"));
            for (int i = 0; i < 20_000; i++) {
                bucket.keys.add("app/v1.0.0/shipped_to_host-" + i + "_server_at_20260301T120000Z.txt");
            }
            relay.take();
            assertThat(registry.poll(call(), Optional.of(cursor)).releases()).isEmpty();
            assertThat(relay.take()).hasSize(3);
            assertThat(registry.complete(call(), outline("v1.0.0")).artifacts())
                    .extracting(Artifact::name)
                    .containsExactly("app.zip", "zzz.zip");
        }
    }

    @Test
    void aHundredThousandObjectsIn2000VersionsTakeTwoListsAndALook() throws Exception {
        relay.instead = versions(2_000, 50)::answer;
        try (BucketRegistry registry = registry()) {
            Poll first = registry.poll(call(), Optional.empty());
            assertThat(tags(first)).hasSize(2_000);
            assertThat(relay.take()).hasSize(2);
            assertThat(registry.complete(call(), outline("v1.1999.0")).artifacts())
                    .hasSize(50);
            assertThat(relay.take()).hasSize(1);
            Poll idle = registry.poll(call(), Optional.of(first.cursor()));
            assertThat(idle.releases()).isEmpty();
            assertThat(relay.take()).hasSize(3);
            assertThat(registry.poll(call(), Optional.of(idle.cursor())).releases())
                    .isEmpty();
            assertThat(relay.take()).hasSize(3);
        }
    }

    @Test
    void listsVeryManyVersionsNowAndThenOnly() throws Exception {
        VirtualBucket bucket = versions(11_000, 1);
        relay.instead = bucket::answer;
        try (BucketRegistry registry = registry()) {
            Cursor cursor = registry.poll(call(), Optional.empty()).cursor();
            assertThat(relay.take()).hasSize(11);
            registry.complete(call(), outline("v1.10999.0"));
            bucket.keys.add("app/v2.0.0/app.zip");
            relay.take();
            now = now.plus(BucketRegistry.WHOLE).minusSeconds(1);
            assertThat(registry.poll(call(), Optional.of(cursor)).releases()).isEmpty();
            assertThat(relay.take()).hasSize(1);
            now = now.plus(Duration.ofSeconds(1));
            assertThat(tags(registry.poll(call(), Optional.of(cursor)))).contains("v2.0.0");
        }
    }

    @Test
    void remarksOnArchivesOfNoVersion() throws Exception {
        remote.put("app/app.zip", "1");
        try (BucketRegistry registry = registry()) {
            Poll poll = registry.poll(call(), Optional.empty());
            assertThat(poll.releases()).hasValue(List.of());
            assertThat(poll.remark().orElseThrow()).contains("app.zip", "/app/v1.0.0/app.zip");
        }
    }

    @Test
    void namesTheChecksumsThatCannotBeUnderstood() throws Exception {
        remote.put("app/v1.0.0/app.zip", "1");
        remote.put("app/v1.0.0/app.zip.sha256", "no digest");
        try (BucketRegistry registry = registry()) {
            Release release = registry.complete(call(), outline("v1.0.0"));
            DewyException failure = catchThrowableOfType(
                    InvalidException.class,
                    () -> registry.describe(call(), release, release.artifacts().get(0)));
            assertThat(failure).hasMessageContainingAll("app/v1.0.0/app.zip.sha256", "sha256sum");
        }
    }

    @Test
    void leavesAnEmptyAuditObjectAndNothingForAFailure() throws Exception {
        remote.put("app/v1.0.0/app.zip", "1");
        try (BucketRegistry registry = registry()) {
            var found = deliverable(registry.complete(call(), outline("v1.0.0")), "app.zip");
            registry.report(call(), new DeploymentReport(found, "web 1/a", "server", NOON, Optional.of("it failed")));
            assertThat(remote.keys()).hasSize(1);
            registry.report(call(), new DeploymentReport(found, "web 1/a", "server", NOON, Optional.empty()));
            assertThat(remote.keys()).contains("app/v1.0.0/shipped_to_web-1-a_server_at_20260301T120000Z.txt");
        }
    }

    private VirtualBucket versions(int versions, int objects) {
        VirtualBucket bucket = remote.virtual();
        for (int i = 0; i < versions; i++) {
            for (int k = 0; k < objects; k++) {
                bucket.keys.add("app/v1." + i + ".0/app" + k + ".zip");
            }
        }
        return bucket;
    }

    private static List<String> tags(Poll poll) {
        return poll.releases().orElseThrow().stream().map(Release::tag).toList();
    }

    private static Digest digest(String content) {
        MessageDigest digest = Digest.calculation("sha256");
        digest.update(content.getBytes(UTF_8));
        return Digest.of(digest);
    }
}
