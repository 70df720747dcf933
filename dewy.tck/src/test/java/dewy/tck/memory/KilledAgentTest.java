package dewy.tck.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.ApplicationException;
import dewy.api.UnreachableException;
import dewy.tck.Fuse;
import dewy.tck.memory.host.Container;
import dewy.tck.memory.host.Software;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * An agent is killed after each step of what it does, under load. The next one goes on: either version serves at first, whole,
 * and after an upgrade there is nothing but that.
 */
@Timeout(900)
class KilledAgentTest {
    private static final String BLUE_GREEN = "strategy=blue-green";

    @TempDir
    Path folder;

    /** What is done until the agent is killed. */
    private interface Deed {
        void happen(TestAgent agent, Host host) throws Exception;
    }

    @Test
    void whileItUpgrades() throws Exception {
        assertGoesOnAfterEachStep((agent, host) -> {
            agent.upgrade("v1");
            host.await("the upgrade", () -> host.servesNothingBut("v1") || agent.fuse.isBlown());
        });
    }

    @Test
    void whileItStartsAnother() throws Exception {
        assertGoesOnAfterEachStep((agent, host) -> {
            agent.restart();
            host.await("the restart", () -> host.servesNothingBut("v0") || agent.fuse.isBlown());
        });
    }

    @Test
    void whileItTakesBackWhatFails() throws Exception {
        assertGoesOnAfterEachStep((agent, host) -> {
            try {
                agent.upgrade("v1", Software.Manner.EXITING);
            } catch (ApplicationException e) {
                assertThat(agent.fuse.isBlown() || host.servesNothingBut("v0")).isTrue();
            }
        });
    }

    @Test
    void whileItMovesTrafficBack() throws Exception {
        assertGoesOnAfterEachStep((agent, host) -> {
            try {
                agent.upgradeInVain("v1");
            } catch (UnreachableException e) {
                assertThat(agent.fuse.isBlown() || host.servesNothingBut("v0")).isTrue();
            }
        });
    }

    @Test
    void whileItStops() throws Exception {
        assertGoesOnAfterEachStep((agent, host) -> agent.stop());
    }

    @Test
    void whileItStartsAgainWhatCrashed() throws Exception {
        int steps = 0;
        while (isKilledWhileItMends(steps)) {
            steps++;
        }
        System.out.println("KilledAgentTest: whileItStartsAgainWhatCrashed, killed after each of " + steps + " steps");
    }

    @Test
    void andWhatItKeptIsLost() throws Exception {
        assertGoesOnAfterEachStep((agent, host) -> {
            host.record = Optional.empty();
            try {
                agent.upgrade("v1");
                host.await("the upgrade", () -> host.servesNothingBut("v1") || agent.fuse.isBlown());
            } finally {
                host.record = Optional.empty();
            }
        });
    }

    @Test
    void whileItExchangesOneAfterTheOther() throws Exception {
        assertGoesOnAfterEachStep("max-surge=0&max-unavailable=1", (agent, host) -> {
            agent.upgrade("v1");
            host.await("the upgrade", () -> host.servesNothingBut("v1") || agent.fuse.isBlown());
        });
    }

    @Test
    void whileItSwitches() throws Exception {
        assertKeepsAfterEachStep((agent, host) -> {}, (agent, host) -> agent.upgrade("v1"));
    }

    @Test
    void whileItSwitchesBack() throws Exception {
        assertKeepsAfterEachStep((agent, host) -> agent.upgrade("v1"), (agent, host) -> agent.upgrade("v0"));
    }

    @Test
    void whileItSwitchesToAThirdRelease() throws Exception {
        assertKeepsAfterEachStep((agent, host) -> agent.upgrade("v1"), (agent, host) -> {
            agent.upgrade("v3");
            host.await("the end of the oldest", () -> agent.fuse.isBlown() || isNothingOf("v0", host));
        });
    }

    @Test
    void whileItEndsWhatWasKept() throws Exception {
        assertKeepsAfterEachStep((agent, host) -> agent.upgrade("v1"), (agent, host) -> {
            agent.swapRuntime(BLUE_GREEN + "&keep-blue=0s");
            host.await("the end of the kept ones", () -> agent.fuse.isBlown() || host.servesNothingBut("v1"));
        });
    }

    private static boolean isNothingOf(String version, Host host) {
        return host.engine.containers().stream()
                .noneMatch(one -> version.equals(one.labels().get("dewy.version")));
    }

    private void assertKeepsAfterEachStep(Deed first, Deed deed) throws Exception {
        int steps = 0;
        while (isKilledWhileItKeeps(first, deed, steps)) {
            steps++;
        }
        System.out.println("KilledAgentTest: what is kept, killed after each of " + steps + " steps");
    }

    /** Returns whether the agent did not get to the end. */
    private boolean isKilledWhileItKeeps(Deed first, Deed deed, int steps) throws Exception {
        Host host = new Host(folder);
        TestAgent agent = TestAgent.on(host, BLUE_GREEN);
        agent.upgrade("v0");
        first.happen(agent, host);
        try (Load load = Load.on(host::port)) {
            agent.fuse.blowAfter(steps);
            try {
                deed.happen(agent, host);
            } catch (Fuse.Blown e) {
                assertThat(agent.fuse.isBlown()).isTrue();
            }
            boolean killed = agent.fuse.isBlown();
            agent.fuse.blowAfter(0);
            TestAgent next = TestAgent.on(host, BLUE_GREEN);
            host.await(
                    "one serves, and one is kept at most",
                    () -> (host.serves("v0") || host.serves("v1") || host.serves("v3"))
                            && host.engine.containers().size() % Host.REPLICAS == 0
                            && host.engine.containers().size() <= 2 * Host.REPLICAS);
            next.upgrade("v2");
            host.await(
                    "the one before is kept",
                    () -> host.serves("v2") && host.engine.containers().size() == 2 * Host.REPLICAS);
            next.swapRuntime(BLUE_GREEN + "&keep-blue=0s");
            host.awaitNothingBut("v2");
            assertThat(load.end())
                    .as("what was lost when killed after step %d", steps)
                    .isEmpty();
            next.end();
            host.assertNothingIsLeft();
            agent.bury();
            return killed;
        }
    }

    private void assertGoesOnAfterEachStep(Deed deed) throws Exception {
        assertGoesOnAfterEachStep("", deed);
    }

    private void assertGoesOnAfterEachStep(String options, Deed deed) throws Exception {
        int steps = 0;
        while (isKilledDuring(options, deed, steps)) {
            steps++;
        }
        assertThat(steps).isGreaterThan(Host.REPLICAS);
        System.out.println("KilledAgentTest: killed after each of " + steps + " steps");
    }

    /** Returns whether the agent did not get to the end. */
    private boolean isKilledDuring(String options, Deed deed, int steps) throws Exception {
        Host host = new Host(folder);
        TestAgent agent = TestAgent.on(host, options);
        agent.upgrade("v0");
        try (Load load = Load.on(host::port)) {
            agent.fuse.blowAfter(steps);
            try {
                deed.happen(agent, host);
            } catch (Fuse.Blown e) {
                assertThat(agent.fuse.isBlown()).isTrue();
            }
            boolean killed = agent.fuse.isBlown();
            agent.fuse.blowAfter(0);
            TestAgent next = TestAgent.on(host, options);
            if (next.replicas().size() > 0 && steps % 2 == 0) {
                host.await("either serves", () -> host.servesNothingBut("v0") || host.servesNothingBut("v1"));
            }
            next.upgrade("v2");
            host.awaitNothingBut("v2");
            assertThat(load.end())
                    .as("what was lost when killed after step %d", steps)
                    .isEmpty();
            next.end();
            host.assertNothingIsLeft();
            agent.bury();
            return killed;
        }
    }

    private boolean isKilledWhileItMends(int steps) throws Exception {
        Host host = new Host(folder);
        TestAgent agent = TestAgent.on(host);
        agent.upgrade("v0");
        agent.fuse.blowAfter(steps);
        String crashed = agent.replicas().get(0);
        host.engine.crash(crashed);
        host.await("the end", () -> agent.fuse.isBlown() || host.servesNothingBut("v0"));
        boolean killed = agent.fuse.isBlown();
        agent.fuse.blowAfter(0);
        TestAgent next = TestAgent.on(host);
        host.awaitNothingBut("v0");
        assertThat(host.engine.containers()).extracting(Container::id).doesNotContain(crashed);
        next.end();
        host.assertNothingIsLeft();
        agent.bury();
        return killed;
    }
}
