package dewy.tck.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.ApplicationException;
import dewy.tck.Await;
import dewy.tck.memory.host.Container;
import dewy.tck.memory.host.Software;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How replicas are exchanged all at once, and those before are kept to be switched back to. */
@Timeout(60)
class BlueGreenTest {
    private static final String BLUE_GREEN = "strategy=blue-green";

    @TempDir
    Path folder;

    private Host host = new Host(Path.of(""));

    @BeforeEach
    void begin() {
        host = new Host(folder);
    }

    @AfterEach
    void leaveNothing() {
        host.assertNothingIsLeft();
    }

    @Test
    void switchesAllTrafficInOneStepAndKeepsTheOldReplicas() throws Exception {
        TestAgent agent = TestAgent.on(host, BLUE_GREEN);
        agent.upgrade("v0");
        List<String> old = agent.replicas();
        try (Load load = Load.on(host::port)) {
            agent.upgrade("v1");
            load.awaitAnswerOf("v1");
            assertThat(load.end()).isEmpty();
        }
        assertThat(agent.sizes()).as("to how many it was led").containsExactly(Host.REPLICAS);
        assertThat(host.serves("v1")).isTrue();
        assertThat(ids()).hasSize(2 * Host.REPLICAS).containsAll(old).containsAll(agent.replicas());
        assertThat(agent.told())
                .extracting(one -> one.type() + " " + one.data().getOrDefault("version", ""))
                .contains("container.switched v1", "container.kept v0");
        agent.end();
    }

    @Test
    void goesBackAndForthBetweenTwoReleasesWithoutStartingAContainer() throws Exception {
        TestAgent agent = TestAgent.on(host, BLUE_GREEN);
        agent.upgrade("v0");
        List<String> old = agent.replicas();
        agent.upgrade("v1");
        List<String> all = ids();
        try (Load load = Load.on(host::port)) {
            for (int round = 0; round < 5; round++) {
                agent.upgrade("v0");
                assertThat(agent.replicas()).isEqualTo(old);
                assertThat(host.serves("v0")).isTrue();
                agent.upgrade("v1");
                assertThat(agent.replicas()).doesNotContainAnyElementsOf(old);
                assertThat(host.serves("v1")).isTrue();
            }
            assertThat(load.end()).isEmpty();
        }
        assertThat(ids()).isEqualTo(all);
        agent.end();
    }

    @Test
    void endsWhatWasKeptAfterItsTime() throws Exception {
        TestAgent agent = TestAgent.on(host, BLUE_GREEN + "&keep-blue=50ms");
        agent.upgrade("v0");
        agent.upgrade("v1");
        host.awaitNothingBut("v1");
        agent.end();
    }

    @Test
    void mendsWhatServesWhileSomethingIsKept() throws Exception {
        TestAgent agent = TestAgent.on(host, BLUE_GREEN);
        agent.upgrade("v0");
        agent.upgrade("v1");
        String crashed = agent.replicas().get(0);
        host.engine.crash(crashed);
        host.await(
                "another replica", () -> host.serves("v1") && !agent.replicas().contains(crashed));
        agent.end();
    }

    @Test
    void keepsNothingWhereNothingIsToBeKept() throws Exception {
        TestAgent agent = TestAgent.on(host, BLUE_GREEN + "&keep-blue=0s");
        agent.upgrade("v0");
        agent.upgrade("v1");
        host.awaitNothingBut("v1");
        agent.end();
    }

    @Test
    void keepsOneReleaseAtMost() throws Exception {
        TestAgent agent = TestAgent.on(host, BLUE_GREEN);
        for (String version : List.of("v0", "v1", "v2")) {
            agent.upgrade(version);
        }
        Await.until("the end of the oldest", () -> versions().equals(List.of("v1", "v2")));
        assertThat(host.serves("v2")).isTrue();
        agent.end();
    }

    @Test
    void startsWhatHasCrashedAmongTheKeptOnlyWhenItIsToServe() throws Exception {
        TestAgent agent = TestAgent.on(host, BLUE_GREEN);
        agent.upgrade("v0");
        List<String> old = agent.replicas();
        agent.upgrade("v1");
        host.engine.crash(old.get(0));
        agent.upgrade("v0");
        assertThat(host.serves("v0")).isTrue();
        assertThat(agent.replicas()).containsAll(old.subList(1, old.size())).doesNotContain(old.get(0));
        assertThat(agent.status().crashes()).isZero();
        Await.until("the end of the crashed one", () -> !ids().contains(old.get(0)));
        agent.end();
    }

    @Test
    void goesBackToAsManyAsThereShouldBeByThen() throws Exception {
        TestAgent agent = TestAgent.on(host, BLUE_GREEN);
        agent.upgrade("v0");
        List<String> old = agent.replicas();
        agent.upgrade("v1");
        agent.swapRuntime(BLUE_GREEN + "&replicas=2");
        agent.upgrade("v0");
        assertThat(agent.replicas()).hasSize(2);
        assertThat(old).containsAll(agent.replicas());
        agent.swapRuntime(BLUE_GREEN + "&replicas=3");
        host.await("three replicas", () -> host.serves("v0"));
        agent.end();
    }

    @Test
    void aRestartLeavesWhatWasKeptBefore() throws Exception {
        TestAgent agent = TestAgent.on(host, BLUE_GREEN);
        agent.upgrade("v0");
        List<String> old = agent.replicas();
        agent.upgrade("v1");
        List<String> before = agent.replicas();
        agent.restart();
        assertThat(agent.replicas()).doesNotContainAnyElementsOf(before);
        Await.until("the end of those before", () -> ids().size() == 2 * Host.REPLICAS);
        agent.upgrade("v0");
        assertThat(agent.replicas()).isEqualTo(old);
        agent.end();
    }

    @Test
    void theOldOnesServeAndAreKeptAsBeforeWhenANewOneFails() throws Exception {
        TestAgent agent = TestAgent.on(host, BLUE_GREEN);
        agent.upgrade("v0");
        List<String> old = agent.replicas();
        agent.upgrade("v1");
        List<String> all = ids();
        assertThatThrownBy(() -> agent.upgrade("v2", Software.Manner.EXITING)).isInstanceOf(ApplicationException.class);
        assertThat(host.serves("v1")).isTrue();
        assertThat(ids()).isEqualTo(all);
        agent.upgrade("v0");
        assertThat(agent.replicas()).isEqualTo(old);
        agent.end();
    }

    @Test
    void aSuccessorGoesBackAsWell() throws Exception {
        TestAgent agent = TestAgent.on(host, BLUE_GREEN);
        agent.upgrade("v0");
        List<String> old = agent.replicas();
        agent.upgrade("v1");
        agent.swapRuntime(BLUE_GREEN);
        agent.upgrade("v0");
        assertThat(agent.replicas()).isEqualTo(old);
        agent.end();
    }

    @Test
    void anotherAgentGoesBackAsWell() throws Exception {
        TestAgent killed = TestAgent.on(host, BLUE_GREEN);
        killed.upgrade("v0");
        List<String> old = killed.replicas();
        killed.upgrade("v1");
        killed.fuse.blowAfter(0);
        TestAgent agent = TestAgent.on(host, BLUE_GREEN);
        agent.upgrade("v0");
        assertThat(agent.replicas()).isEqualTo(old);
        assertThat(ids()).hasSize(2 * Host.REPLICAS);
        agent.end();
        killed.bury();
    }

    @Test
    void whatIsKeptGoesWhenReplicasAreExchangedOneByOneFromThenOn() throws Exception {
        TestAgent agent = TestAgent.on(host, BLUE_GREEN);
        agent.upgrade("v0");
        agent.upgrade("v1");
        agent.swapRuntime("strategy=rolling");
        host.awaitNothingBut("v1");
        agent.end();
    }

    private List<String> ids() {
        return host.engine.containers().stream().map(Container::id).toList();
    }

    private List<String> versions() {
        List<String> versions = new ArrayList<>();
        host.engine.containers().forEach(one -> versions.add(one.labels().getOrDefault("dewy.version", "")));
        return versions.stream().distinct().sorted().toList();
    }
}
