package dewy.core.app;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.control.Capsule;
import dewy.api.control.CycleOutcome;
import dewy.api.control.Operation;
import dewy.api.control.Order;
import dewy.api.event.Event;
import dewy.api.runtime.RuntimeStatus.State;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is kept of deployments that fail, and who tells of it. */
@Timeout(30)
class CapsuleTest {
    @TempDir
    Path folder;

    private ScriptedHost host;

    @BeforeEach
    void create() {
        host = new ScriptedHost(folder);
        host.publish("v1.0.0");
    }

    @AfterEach
    void end() {
        host.end();
    }

    @Test
    void isNamedByAllThatTellOfTheFailure() throws Exception {
        host.failing.add("v1.0.0");
        CycleOutcome outcome = host.cycle();
        Capsule capsule = capsules().get(0);
        assertThat(capsule.step()).isEqualTo("activate");
        assertThat(capsule.version()).isEqualTo("v1.0.0");
        assertThat(outcome.capsule()).contains(capsule.id());
        assertThat(host.app().history().get(0).capsule()).contains(capsule.id());
        assertThat(data("cycle.failed", "capsule")).containsExactly(capsule.id());
    }

    @Test
    void isOneForARetryThatFailsTheSameWay() throws Exception {
        host.failing.add("v1.0.0");
        deploy();
        String id = capsules().get(0).id();
        deploy();
        deploy();
        assertThat(capsules()).singleElement().satisfies(capsule -> {
            assertThat(capsule.id()).isEqualTo(id);
            assertThat(capsule.times()).isEqualTo(3);
        });
        assertThat(host.app().history()).singleElement().satisfies(past -> assertThat(past.capsule())
                .contains(id));
    }

    @Test
    void isThereWhenAReleaseIsLeftOut() throws Exception {
        deploy();
        host.publish("v2.0.0");
        host.failing.add("v2.0.0");
        CycleOutcome outcome = deploy();
        Capsule capsule = capsules().get(0);
        assertThat(outcome.capsule()).contains(capsule.id());
        assertThat(data("release.quarantined", "capsule")).containsExactly(capsule.id());
    }

    @Test
    void isThereWhenAReleaseIsNoGoodWhileItIsWatched() throws Exception {
        deploy();
        host.publish("v2.0.0");
        deploy();
        host.crash(5, State.FAILED);
        Files.writeString(folder.resolve("app/.dewy/log/app.log"), "out of luck\n");
        host.cycle();
        Capsule capsule = capsules().get(0);
        assertThat(capsule.step()).isEqualTo("bake");
        assertThat(host.app().capsules().open(capsule.id()).outputs().get(0).lines())
                .containsExactly("out of luck");
        assertThat(host.app().history().get(0).capsule()).contains(capsule.id());
        assertThat(data("release.quarantined", "capsule")).containsExactly(capsule.id());
    }

    @Test
    void isThereWhenAPersonsRollbackFails() throws Exception {
        deploy();
        host.publish("v2.0.0");
        deploy();
        host.failing.add("v1.0.0");
        CycleOutcome outcome = host.app().control().rollback(Optional.of("v1.0.0"), "alice");
        assertThat(capsules()).singleElement().satisfies(capsule -> {
            assertThat(capsule.actor()).isEqualTo("alice");
            assertThat(outcome.capsule()).contains(capsule.id());
        });
    }

    @Test
    void isNotThereWhenTheRegistryDoesNotAnswer() throws Exception {
        host.unreachable = true;
        assertThat(host.cycle().capsule()).isEmpty();
        assertThat(capsules()).isEmpty();
        assertThat(data("cycle.failed", "capsule")).isEmpty();
    }

    @Test
    void doesNotDisturbWhereItCannotBeKept() throws Exception {
        deploy();
        Files.writeString(folder.resolve("app/.dewy/capsules"), "a file in the place of the folder");
        host.publish("v2.0.0");
        host.failing.add("v2.0.0");
        deploy();
        assertThat(host.current()).isEqualTo("v1.0.0");
        assertThat(host.told("capsule.failed")).hasSize(1);
        assertThat(host.app().status().quarantined()).containsKey("v2.0.0");
    }

    @Test
    void anOrderToPauseHasEndedWhenItIsGiven() throws Exception {
        Operation paused = host.app().begin(Order.pause("app"), "alice").shown();
        assertThat(paused.outcome().map(CycleOutcome::outcome)).contains(CycleOutcome.Kind.DONE);
        assertThat(host.app().status().paused()).isTrue();
        Operation resumed = host.app().begin(Order.resume("app"), "alice").shown();
        assertThat(resumed.outcome().map(CycleOutcome::outcome)).contains(CycleOutcome.Kind.DONE);
        assertThat(host.app().status().paused()).isFalse();
        assertThat(host.told("app.paused")).extracting(Event::actor).containsExactly("alice");
    }

    private CycleOutcome deploy() throws Exception {
        return host.app().control().deploy("test");
    }

    private List<Capsule> capsules() throws Exception {
        return host.app().capsules().list();
    }

    private List<String> data(String type, String key) {
        return host.told(type).stream()
                .flatMap(event -> Optional.ofNullable(event.data().get(key)).stream())
                .toList();
    }
}
