package dewy.tck.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.ApplicationException;
import dewy.api.CancellableCall;
import dewy.api.StorageException;
import dewy.tck.Await;
import dewy.tck.memory.host.Software;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How replicas are exchanged one by one, and how many of them there are. */
@Timeout(60)
class RolloutTest {
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
    void startsNewReplicasOneByOneAndThenTakesTheTrafficFromTheOld() throws Exception {
        TestAgent agent = TestAgent.on(host);
        agent.upgrade("v0");
        assertLosesNothing(() -> agent.upgrade("v1"));
        assertThat(agent.sizes()).containsExactly(1, 2, 3, 4, 5, 6, 5, 4, 3);
        host.awaitNothingBut("v1");
        agent.end();
    }

    @Test
    void hasOldReplicasGoFirstWhereThereIsNoRoomForMore() throws Exception {
        TestAgent agent = TestAgent.on(host, "max-surge=0&max-unavailable=1");
        agent.upgrade("v0");
        assertLosesNothing(() -> agent.upgrade("v1"));
        assertThat(agent.sizes()).containsExactly(1, 2, 3, 2, 3, 2, 3, 2, 3);
        assertThat(host.servesNothingBut("v1")).isTrue();
        agent.end();
    }

    @Test
    void takesBackAllNewOnesWhenOneFailsAndHasTheOldOnesBeAsManyAsBefore() throws Exception {
        TestAgent agent = TestAgent.on(host, "max-surge=0&max-unavailable=1");
        agent.upgrade("v0");
        assertLosesNothing(() -> assertThatThrownBy(() -> agent.upgrade("v1", Software.Manner.EXITING))
                .isInstanceOf(ApplicationException.class));
        host.awaitNothingBut("v0");
        assertThat(agent.status().crashes()).isZero();
        agent.end();
    }

    @Test
    void goesBackToTheOldOnesWhenItCannotBeNotedThatTheNewOnesServe() throws Exception {
        TestAgent agent = TestAgent.on(host);
        agent.upgrade("v0");
        host.isFull = true;
        assertLosesNothing(() -> assertThatThrownBy(() -> agent.upgrade("v1")).isInstanceOf(StorageException.class));
        host.isFull = false;
        assertThat(host.servesNothingBut("v0")).isTrue();
        agent.end();
    }

    @Test
    void killsWhatNeverServedAtOnceWhenTheCallIsOver() throws Exception {
        TestAgent agent = TestAgent.on(host);
        try (CancellableCall call = TestAgent.call()) {
            Thread cancelling = new Thread(() -> {
                Await.until("a container", () -> !host.engine.containers().isEmpty());
                call.cancel("the test cancelled it");
            });
            cancelling.start();
            assertThatThrownBy(() -> agent.upgrade(call, "v0", Software.Manner.NEVER_READY))
                    .hasMessageContaining("the test cancelled it");
            assertThat(host.engine.containers()).isEmpty();
            assertThat(host.engine.stops()).as("how often one was told to stop").isZero();
            cancelling.join();
        }
        agent.end();
    }

    @Test
    void hasAsManyReplicasAsTheNewUrlSays() throws Exception {
        TestAgent agent = TestAgent.on(host, "replicas=1");
        agent.upgrade("v0");
        agent.swapRuntime("replicas=3");
        host.awaitNothingBut("v0");
        agent.swapRuntime("replicas=2");
        Await.until("two replicas", () -> host.engine.containers().size() == 2);
        assertThat(agent.replicas()).hasSize(2);
        agent.end();
    }

    @Test
    void servesOnWithFewerReplicasThanAtFirstAlthoughItIsLostWhichServed() throws Exception {
        TestAgent killed = TestAgent.on(host, "replicas=3");
        killed.upgrade("v0");
        killed.swapRuntime("replicas=2");
        Await.until("two replicas", () -> host.engine.containers().size() == 2);
        List<String> served = killed.replicas();
        killed.bury();
        host.record = Optional.empty();
        TestAgent next = TestAgent.on(host, "replicas=2");
        assertThat(next.replicas()).containsExactlyInAnyOrderElementsOf(served);
        next.end();
    }

    @Test
    void tellsByALabelOfEachReplicaHowManyThereWereToBe() throws Exception {
        TestAgent agent = TestAgent.on(host, "replicas=1");
        agent.upgrade("v0");
        agent.swapRuntime("replicas=3");
        host.awaitNothingBut("v0");
        assertThat(host.engine.containers())
                .extracting(one -> one.labels().get("dewy.replicas"))
                .containsExactlyInAnyOrder("1", "3", "3");
        agent.end();
    }

    @Test
    void bringsBackAReplicaThatSomebodyRemoved() throws Exception {
        TestAgent agent = TestAgent.on(host);
        agent.upgrade("v0");
        String removed = agent.replicas().get(0);
        host.engine.crash(removed);
        try (CancellableCall call = TestAgent.call()) {
            host.engine.remove(call, removed);
        }
        host.awaitNothingBut("v0");
        assertThat(agent.replicas()).doesNotContain(removed);
        assertThat(agent.told())
                .anyMatch(one -> one.type().equals("container.exited")
                        && removed.equals(one.data().get("container")));
        agent.end();
    }

    @Test
    void hasContainersGoThatSayNothingMoreThanWhoseTheyAre() throws Exception {
        try (CancellableCall call = TestAgent.call()) {
            String image = host.release("v0", Software.Manner.SERVING);
            String unused = host.engine.create(call, image, Map.of(), Map.of("dewy.app", Host.APP));
        }
        TestAgent agent = TestAgent.on(host);
        Await.until("its end", () -> host.engine.containers().isEmpty());
        assertThat(agent.replicas()).isEmpty();
        agent.end();
    }

    /** What is done while clients ask. */
    private interface Deed {
        void happen() throws Exception;
    }

    private void assertLosesNothing(Deed deed) throws Exception {
        try (Load load = Load.on(host::port)) {
            deed.happen();
            List<String> lost = load.end();
            assertThat(lost).as("what was lost of %d requests", load.asked()).isEmpty();
        }
    }
}
