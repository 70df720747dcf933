package dewy.core.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.CancelledException;
import dewy.api.DewyException;
import dewy.api.FailureKind;
import dewy.api.InvalidException;
import dewy.api.control.CycleOutcome;
import dewy.api.control.CycleOutcome.Kind;
import dewy.api.control.Operation;
import dewy.api.control.Operation.What;
import dewy.api.control.Order;
import dewy.core.operation.Ongoing;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Deployments as people see them while they go on, and how they are cancelled. */
@Timeout(60)
class OperationTest {
    @TempDir
    Path folder;

    private ScriptedHost host;
    private CompletableFuture<Void> cancelling = new CompletableFuture<>();

    @BeforeEach
    void deployOne() throws Exception {
        host = new ScriptedHost(folder);
        host.publish("v1.0.0");
        host.app().control().deploy("alice");
    }

    @AfterEach
    void end() {
        host.end();
    }

    @Test
    void showsWhatWasAskedForAndHowItEnded() throws Exception {
        Operation done = host.operations.all().get(0);
        assertThat(done.what()).isEqualTo(What.DEPLOY);
        assertThat(done.app()).contains("app");
        assertThat(done.actor()).isEqualTo("alice");
        assertThat(done.outcome().map(CycleOutcome::outcome)).contains(Kind.DEPLOYED);
    }

    @Test
    void showsADeploymentOfItsOwnAndNoMereLook() throws Exception {
        host.cycle();
        assertThat(host.operations.all()).hasSize(1);
        host.publish("v2.0.0");
        host.cycle();
        Operation own = host.operations.all().get(0);
        assertThat(own.actor()).isEqualTo("dewy");
        assertThat(own.outcome().orElseThrow().version()).contains("v2.0.0");
    }

    @Test
    void showsWhatIsGoingOnInTheStatusOfItsApp() throws Exception {
        Ongoing<?> deployment = beginHanging();
        Operation now = host.app().status().operation().orElseThrow();
        assertThat(now.id()).isEqualTo(deployment.id());
        assertThat(now.step()).isEqualTo("activate");
        assertThat(now.version()).contains("v2.0.0");
        assertThat(now.since()).isEqualTo(host.now);
        deployment.cancel("bob");
        awaitEnd(deployment);
        assertThat(host.app().status().operation()).isEmpty();
    }

    @Test
    void leavesEverythingAsItWasWhenItIsCancelled() throws Exception {
        Ongoing<CycleOutcome> deployment = beginHanging();
        deployment.cancel("bob");
        CycleOutcome outcome = deployment.await();
        assertThat(outcome.outcome()).isEqualTo(Kind.CANCELLED);
        assertThat(outcome.failure()).contains(FailureKind.CANCELLED);
        assertThat(outcome.reason()).startsWith("it was cancelled by bob");
        assertThat(host.current()).isEqualTo("v1.0.0");
        assertThat(host.serving).containsExactly("v1.0.0");
        assertThat(host.app().status().failures()).isZero();
        assertThat(host.told("deployment.cancelled")).hasSize(1);
        assertThat(host.told("operation.cancelled").get(0).data()).containsEntry("actor", "bob");
    }

    @Test
    void leavesACancelledReleaseAloneUntilSomebodyAsksForIt() throws Exception {
        Ongoing<?> deployment = beginHanging();
        deployment.cancel("bob");
        awaitEnd(deployment);
        host.hanging.clear();
        host.pass(Duration.ofDays(1));
        assertThat(host.cycle().reason()).contains("v2.0.0 was cancelled");
        assertThat(host.app().control().check("alice").outcome()).isEqualTo(Kind.NOTHING_TO_DO);
        assertThat(host.foresee().reason()).startsWith("v2.0.0 was cancelled, and is left alone");
        host.restart();
        assertThat(host.cycle().reason()).startsWith("v2.0.0 was cancelled, and is left alone");
        assertThat(host.app().control().unpin("bob").reason()).startsWith("v2.0.0 was cancelled, and is left alone");
        assertThat(host.current()).isEqualTo("v1.0.0");
        assertThat(host.app().control().deploy("alice").outcome()).isEqualTo(Kind.DEPLOYED);
        assertThat(host.current()).isEqualTo("v2.0.0");
    }

    @Test
    void givesACancelledReleaseAnotherTryWhenEverythingIs() throws Exception {
        Ongoing<?> deployment = beginHanging();
        deployment.cancel("bob");
        awaitEnd(deployment);
        host.hanging.clear();
        assertThat(host.app().control().retry("alice").outcome()).isEqualTo(Kind.DEPLOYED);
        assertThat(host.current()).isEqualTo("v2.0.0");
    }

    @Test
    void keepsInItsHistoryWhatWasCancelledWhateverItWasDoing() throws Exception {
        Ongoing<?> deployment = beginHanging();
        deployment.cancel("bob");
        awaitEnd(deployment);
        host.publish("v3.0.0");
        host.whenFetched = () -> cancelFromElsewhere();
        host.app().control().deploy("alice");
        host.restart();
        assertThat(host.app().history())
                .extracting(past -> past.version() + " " + past.error().orElse("") + " " + past.cancelled())
                .containsExactly(
                        "v3.0.0 it was cancelled by bob true", "v2.0.0 it was cancelled by bob true", "v1.0.0  false");
    }

    /** Whoever cancels waits for whether it was in time. */
    private void cancelFromElsewhere() {
        Ongoing<?> own;
        try {
            own = host.operations.find(
                    host.app().status().operation().orElseThrow().id());
        } catch (DewyException e) {
            throw new AssertionError(e);
        }
        cancelling = CompletableFuture.runAsync(() -> {
            try {
                own.cancel("bob");
            } catch (DewyException e) {
                throw new CompletionException(e);
            }
        });
        while (own.cancelledBy().isEmpty()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void refusesToCancelWhatTookEffectInTheSameMoment() throws Exception {
        host.whenActivated = call -> {
            cancelFromElsewhere();
            call.onCancel(() -> {}); // It is over, and the release serves all the same.
        };
        host.publish("v2.0.0");
        CycleOutcome outcome = host.app().control().deploy("alice");
        assertThat(outcome.outcome()).isEqualTo(Kind.DEPLOYED);
        assertThat(host.reported).as("with a call that is not over").endsWith("v2.0.0");
        assertThatThrownBy(cancelling::join)
                .hasCauseInstanceOf(InvalidException.class)
                .hasMessageContaining("rollback app");
        assertThat(host.told("operation.cancelled")).isEmpty();
        assertThat(host.told("report.failed")).isEmpty();
    }

    @Test
    void pausesAtOnceAndSaysWhatGoesOnStill() throws Exception {
        Ongoing<?> deployment = beginHanging();
        Operation still = host.app().pause("bob").orElseThrow();
        assertThat(still.id()).isEqualTo(deployment.id());
        assertThat(still.version()).contains("v2.0.0");
        deployment.cancel("bob");
        awaitEnd(deployment);
        host.publish("v3.0.0");
        assertThat(host.cycle().reason()).isEqualTo("it is paused");
        assertThat(host.app().pause("bob")).isEmpty();
        assertThat(host.told("app.paused")).hasSize(1);
    }

    @Test
    void deploysNothingThatItFoundWhileItWasPaused() throws Exception {
        host.publish("v2.0.0");
        host.whenAsked = () -> {
            try {
                host.app().pause("bob");
            } catch (DewyException e) {
                throw new AssertionError(e);
            }
        };
        assertThat(host.cycle().reason()).isEqualTo("it is paused, and v2.0.0 waits until resume");
        assertThat(host.current()).isEqualTo("v1.0.0");
        assertThat(host.app().control().check("bob").outcome()).isEqualTo(Kind.NOTHING_TO_DO);
    }

    @Test
    void takesANewerReleaseThanTheOneThatWasCancelled() throws Exception {
        Ongoing<?> deployment = beginHanging();
        deployment.cancel("bob");
        awaitEnd(deployment);
        host.publish("v3.0.0");
        assertThat(host.cycle().version()).contains("v3.0.0");
        assertThat(host.current()).isEqualTo("v3.0.0");
    }

    @Test
    void cancelsADeploymentOfItsOwn() throws Exception {
        host.publish("v2.0.0");
        host.hanging.add("v2.0.0");
        host.app().pluginsChanged();
        host.activating.await();
        Operation own = host.app().status().operation().orElseThrow();
        host.operations.find(own.id()).cancel("bob");
        host.app().control().check("test"); // It is done when what was to be done before is.
        assertThat(host.operations
                        .find(own.id())
                        .shown()
                        .outcome()
                        .orElseThrow()
                        .outcome())
                .isEqualTo(Kind.CANCELLED);
        assertThat(host.serving).containsExactly("v1.0.0");
    }

    @Test
    void endsAtOnceWhatStillWaitsForItsTurn() throws Exception {
        Ongoing<?> first = beginHanging();
        Ongoing<CycleOutcome> second = host.app().control().begin(Order.retry("app"), "alice");
        assertThat(second.shown().step()).isEqualTo(Ongoing.WAIT);
        second.cancel("bob");
        assertThatThrownBy(second::await)
                .isInstanceOf(CancelledException.class)
                .hasMessageContaining("cancelled by bob");
        assertThat(first.isOver()).isFalse();
        first.cancel("bob");
    }

    @Test
    void isTooLateOnceItServes() throws Exception {
        String id = host.operations.all().get(0).id();
        assertThatThrownBy(() -> host.operations.find(id).cancel("bob"))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("it has ended")
                .hasMessageContaining("rollback app");
    }

    @Test
    void endsWithItsApp() throws Exception {
        Ongoing<CycleOutcome> running = beginHanging();
        Ongoing<CycleOutcome> waiting = host.app().control().begin(Order.retry("app"), "alice");
        host.close();
        assertThat(running.isOver()).isTrue();
        assertThatThrownBy(waiting::await).isInstanceOf(CancelledException.class);
    }

    @Test
    void cancelsARestart() throws Exception {
        host.startsAtOnce = false;
        Ongoing<CycleOutcome> restart = host.app().begin(Order.restart("app"), "alice");
        host.restarting.await();
        restart.cancel("bob");
        assertThatThrownBy(restart::await).isInstanceOf(CancelledException.class);
        assertThat(restart.shown().outcome().orElseThrow().failure()).contains(FailureKind.CANCELLED);
        assertThat(host.serving).containsExactly("v1.0.0");
    }

    @Test
    void tellsHowFarItIsAndTheLogNowAndThen() throws Exception {
        Ongoing<CycleOutcome> some = host.operations.begin(Order.deploy("app"), "alice");
        some.enter("fetch");
        some.progress("download", 1, -1);
        assertThat(some.shown().progress()).contains(new Operation.Progress("download", 1, OptionalLong.empty()));
        host.pass(Duration.ofSeconds(10));
        some.progress("download", 2, 3);
        some.progress("download", 3, 3);
        host.pass(Duration.ofSeconds(10));
        some.progress("verify", 1, 3);
        assertThat(host.told("operation.progress")).hasSize(1);
        assertThat(host.told("operation.progress").get(0).data())
                .containsEntry("step", "fetch")
                .containsEntry("done", "2")
                .containsEntry("total", "3");
        some.enter("prepare");
        assertThat(some.shown().progress()).isEmpty();
    }

    @Test
    void keepsTheLastHundredThatEnded() throws Exception {
        Ongoing<CycleOutcome> first = host.operations.begin(Order.deploy("app"), "alice");
        for (int i = 0; i < 120; i++) {
            Ongoing<CycleOutcome> next = host.operations.begin(Order.deploy("app"), "alice");
            next.end(next.done("well"), next.done("well"));
        }
        List<Operation> all = host.operations.all();
        assertThat(all).hasSize(101);
        assertThat(all.get(0).id()).isEqualTo(first.id());
        assertThat(all.get(1).id()).isEqualTo(Integer.toString(Integer.parseInt(first.id()) + 120));
        assertThatThrownBy(() -> host.operations.find("1")).hasMessageContaining("\"1\"");
    }

    @Test
    void isPartOfNoDeploymentWhereThereIsNone() throws Exception {
        host.app().restart("alice");
        assertThat(host.deploymentOfRestart).isEmpty();
    }

    private Ongoing<CycleOutcome> beginHanging() throws Exception {
        host.publish("v2.0.0");
        host.hanging.add("v2.0.0");
        Ongoing<CycleOutcome> deployment = host.app().control().begin(Order.deploy("app"), "alice");
        host.activating.await();
        return deployment;
    }

    private static void awaitEnd(Ongoing<?> deployment) throws Exception {
        deployment.await(Duration.ofMinutes(1));
        assertThat(deployment.isOver()).isTrue();
    }
}
