package dewy.tck.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.ApplicationException;
import dewy.api.UnreachableException;
import dewy.tck.memory.host.Software;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Upgrades under load, in which no request may be lost and of which nothing may be left. */
@Tag("long")
@Timeout(900)
class UpgradesTest {
    private static final int ROUNDS = Boolean.getBoolean("dewy.long") ? 200 : 30;
    private static final long SEED = Long.getLong("dewy.test.seed", 1);

    private final Random random = new Random(SEED);

    @TempDir
    Path folder;

    /** What is done between two upgrades. */
    private interface Disturbance {
        void happen() throws Exception;
    }

    @Test
    void loseNothing() throws Exception {
        Host host = new Host(folder);
        TestAgent agent = TestAgent.on(host);
        agent.upgrade("v0");
        try (Load load = Load.on(host::port)) {
            for (int round = 1; round <= ROUNDS; round++) {
                agent.upgrade("v" + round);
                load.awaitAnswerOf("v" + round);
            }
            host.awaitNothingBut("v" + ROUNDS);
            assertLossless(load);
        }
        agent.end();
        host.assertNothingIsLeft();
    }

    @Test
    void loseNothingBesideOnesThatFail() throws Exception {
        Host host = new Host(folder);
        TestAgent agent = TestAgent.on(host);
        agent.upgrade("v0");
        try (Load load = Load.on(host::port)) {
            for (int round = 1; round <= ROUNDS; round++) {
                String broken = "broken-" + round;
                String notRouted = "not-routed-" + round;
                assertThatThrownBy(() -> agent.upgrade(broken, Software.Manner.EXITING))
                        .isInstanceOf(ApplicationException.class);
                assertThatThrownBy(() -> agent.upgradeInVain(notRouted)).isInstanceOf(UnreachableException.class);
                agent.upgrade("v" + round);
                load.awaitAnswerOf("v" + round);
            }
            host.awaitNothingBut("v" + ROUNDS);
            assertLossless(load);
        }
        agent.end();
        host.assertNothingIsLeft();
    }

    @Test
    void loseNothingWhenRuntimeProxyAndAgentAreReplaced() throws Exception {
        System.out.println("UpgradesTest: -Ddewy.test.seed=" + SEED);
        Host host = new Host(folder);
        TestAgent[] agent = {TestAgent.on(host)};
        List<Disturbance> disturbances = List.of(
                () -> agent[0].swapRuntime(),
                () -> agent[0].swapProxy(),
                () -> agent[0].restart(),
                () -> {
                    agent[0].leave();
                    agent[0] = TestAgent.on(host);
                },
                () -> {
                    agent[0].bury();
                    agent[0] = TestAgent.on(host);
                });
        agent[0].upgrade("v0");
        try (Load load = Load.on(host::port)) {
            for (int round = 1; round <= ROUNDS; round++) {
                disturbances.get(random.nextInt(disturbances.size())).happen();
                agent[0].upgrade("v" + round);
                load.awaitAnswerOf("v" + round);
                disturbances.get(random.nextInt(disturbances.size())).happen();
            }
            host.awaitNothingBut("v" + ROUNDS);
            assertLossless(load);
        }
        agent[0].end();
        host.assertNothingIsLeft();
    }

    private static void assertLossless(Load load) throws InterruptedException {
        assertThat(load.end()).as("what was lost of %d requests", load.asked()).isEmpty();
        assertThat(load.answers()).as("who answered").hasSizeGreaterThanOrEqualTo(ROUNDS);
        System.out.println("UpgradesTest: none of " + load.asked() + " requests was lost");
    }
}
