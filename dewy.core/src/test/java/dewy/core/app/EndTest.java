package dewy.core.app;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.CancelledException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The end of an app that is asked to do more meanwhile: nothing of it is left. */
@Timeout(30)
class EndTest {
    private static final int MANY = 50;

    @TempDir
    Path folder;

    private final ExecutorService people = Executors.newCachedThreadPool();
    private ScriptedHost host;

    @BeforeEach
    void deploy() throws Exception {
        host = new ScriptedHost(folder);
        host.publish("v1.0.0");
        host.app().control().deploy("test");
    }

    @AfterEach
    void end() {
        people.shutdownNow();
        host.end();
    }

    @Test
    void givesTheRuntimeAsLongToStopAsItMayTake() throws Exception {
        host.stopLimit = Duration.ofHours(2);
        assertThat(host.app().stopLimit()).isEqualTo(Duration.ofHours(2));
        host.restart();
        assertThat(host.allowedToStop).isEqualTo(Duration.ofHours(2));
    }

    @Test
    void endsARestartThatIsUnderWayAndBeginsNoneThatWaits() throws Exception {
        host.startsAtOnce = false;
        List<Future<?>> restarts = restartManyTimes();
        host.restart();
        assertNotDone(restarts);
        assertThat(host.serving).isEmpty();
        assertThat(host.restarts.get()).isOne();
        assertThat(host.told("app.stopped")).hasSize(1);
    }

    @Test
    void saysThatItInterruptsADeployment() throws Exception {
        host.publish("v2.0.0");
        host.hanging.add("v2.0.0");
        host.app().pluginsChanged();
        host.activating.await();
        host.restart();
        assertThat(host.told("deployment.postponed")).isEmpty();
        assertThat(host.told("deployment.interrupted")).singleElement().satisfies(told -> assertThat(told.data())
                .containsEntry("version", "v2.0.0")
                .containsEntry("step", "activate")
                .containsEntry("reason", "the test goes on"));
    }

    @Test
    void startsNothingAfterItWasCutShort() throws Exception {
        host.startsAtOnce = false;
        host.stopsAtOnce = false;
        List<Future<?>> restarts = restartManyTimes();
        App app = host.app();
        Future<?> end = people.submit(() -> app.endWithAgent("the test"));
        host.stopping.await();
        app.cutEndShort();
        end.get();
        assertNotDone(restarts);
        assertThat(host.serving).isEmpty();
        assertThat(host.restarts.get()).isOne();
    }

    @Test
    void waitsForNothingWhereItWasCutShortBeforeItsTurnCame() throws Exception {
        host.stopsAtOnce = false;
        App app = host.app();
        app.cutEndShort();
        app.endWithAgent("the test");
        assertThat(host.serving).isEmpty();
    }

    /** Returns once the first of them is under way, and the others wait. */
    private List<Future<?>> restartManyTimes() throws Exception {
        App app = host.app();
        Callable<?> restart = () -> {
            app.restart("test");
            return true;
        };
        List<Future<?>> restarts = new ArrayList<>();
        restarts.add(people.submit(restart));
        host.restarting.await();
        for (int i = 1; i < MANY; i++) {
            restarts.add(people.submit(restart));
        }
        return restarts;
    }

    private static void assertNotDone(List<Future<?>> restarts) {
        for (Future<?> restart : restarts) {
            assertThat(restart)
                    .failsWithin(20, TimeUnit.SECONDS)
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(CancelledException.class);
        }
    }
}
