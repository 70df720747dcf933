package dewy.itest;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.tck.load.MixedLoad;
import dewy.tck.load.MixedLoad.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Traffic of all kinds to replicas, of which no new version may lose anything, nor an agent that is killed while it brings one.
 * {@link ContainerTrafficSite} says on which engine.
 */
@Tag("long")
@Timeout(1_800)
class ContainerTrafficIT {
    private static final boolean LONG = Boolean.getBoolean("dewy.long");
    private static final int EXCHANGES = 30;
    private static final int SWITCHES = LONG ? 20 : 2;
    private static final int ROUNDS = LONG ? 10 : 2;
    private static final int KILLED = 3;
    private static final int CALM_MILLIS = 500;
    private static final long SEED = Long.getLong("dewy.test.seed", 1);

    @TempDir
    Path folder;

    private final Random random = new Random(SEED);

    @Tag("trial")
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void isNotLostWhenReplicasAreExchanged(boolean kills) throws Exception {
        try (ContainerTrafficSite site = ContainerTrafficSite.builtin(folder, "--replicas", "3");
                MixedLoad load = site.load()) {
            load.awaitAll();
            for (int number = 1; number <= EXCHANGES; number++) {
                load.disturb(false);
                TimeUnit.MILLISECONDS.sleep(CALM_MILLIS);
                load.disturb(true);
                String version = site.publish();
                if (kills && number % KILLED == 0) {
                    site.agent().outlives(random.nextInt(3_000), TimeUnit.MILLISECONDS);
                    site.agent().kill();
                    site.startAgent();
                }
                load.awaitVersion(version);
                site.agent().await("Deployment completed");
            }
            assertLostNothing(load, kills ? ", with kills" : "");
            assertThat(load.cut()).isPositive();
            site.stop();
        }
    }

    /** Old ones cut what is no request, and close connections where nothing is in flight. */
    @Test
    void isNotLostWhenReplicasAreExchangedBehindCaddy() throws Exception {
        try (ContainerTrafficSite site = ContainerTrafficSite.caddy(folder, "--replicas", "2");
                MixedLoad load = site.loadOfBrowsers(EnumSet.complementOf(EnumSet.of(Kind.TALK, Kind.LONG_TALK)))) {
            load.awaitAll();
            for (int number = 1; number <= SWITCHES; number++) {
                load.awaitVersion(site.publish());
                site.agent().await("Deployment completed");
            }
            assertLostNothing(load, " behind Caddy");
            site.stop();
        }
    }

    @Test
    void isNotLostWhenAllReplicasAreSwitchedAtOnceAndBack() throws Exception {
        List<Duration> rollbacks = new ArrayList<>();
        try (ContainerTrafficSite site =
                        ContainerTrafficSite.builtin(folder, "--replicas", "2", "--strategy", "blue-green");
                MixedLoad load = site.load()) {
            load.awaitAll();
            String before = site.serving();
            for (int round = 0; round < ROUNDS; round++) {
                String version = site.publish();
                load.awaitVersion(version);
                site.agent().await("Deployment completed");
                assertThat(site.serving()).isEqualTo(version);
                site.agent().outlives(random.nextInt(3_000), TimeUnit.MILLISECONDS);
                long began = System.nanoTime();
                site.shell().run("rollback");
                rollbacks.add(Duration.ofNanos(System.nanoTime() - began));
                assertThat(site.serving()).isEqualTo(before);
                site.agent().outlives(random.nextInt(1_000), TimeUnit.MILLISECONDS);
                site.shell().run("unpin");
                site.agent().await("Deployment completed");
                assertThat(site.serving()).isEqualTo(version);
                before = version;
            }
            assertThat(site.agent().count("Container started")).isEqualTo(2L + 2L * ROUNDS);
            Collections.sort(rollbacks);
            assertLostNothing(
                    load,
                    ", blue-green; rollback from command to answer: " + rollbacks.get(rollbacks.size() / 2) + ", most "
                            + rollbacks.get(rollbacks.size() - 1));
            site.stop();
        }
    }

    private static void assertLostNothing(MixedLoad load, String how) throws InterruptedException {
        load.close();
        System.out.println("ContainerTrafficIT with " + ContainerTrafficSite.RUNTIME + how + ", -Ddewy.test.seed="
                + SEED + ": " + load.report());
        assertThat(load.failures()).isEmpty();
    }
}
