package dewy.runtime.process;

import static dewy.runtime.process.RealRuntimes.activation;
import static dewy.runtime.process.RealRuntimes.call;
import static dewy.runtime.process.RealRuntimes.crash;
import static dewy.runtime.process.RealRuntimes.pid;
import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.event.Level;
import dewy.api.runtime.RuntimeStatus.State;
import dewy.tck.Await;
import dewy.tck.TestApp;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CrashTest {
    private static final Duration MOMENT = Duration.ofMillis(1);

    private final Recorder events = new Recorder();
    private final ManualTimer timer = new ManualTimer();
    private final RealRuntimes runtimes = new RealRuntimes(timer);
    private final Path folder;
    private final TestApp app;

    CrashTest(@TempDir Path folder) {
        this.folder = folder;
        this.app = ServerApp.of(folder, events, "sleep", "1000");
    }

    @AfterEach
    void close() {
        runtimes.close();
    }

    @Test
    void isFollowedByARestartAfterASecond() throws Exception {
        ProcessRuntime runtime = sleeper("?ready-time=0");
        runtime.activate(call(), activation("v1"));
        long first = pid(runtime);
        crashAndAwait(runtime, 1);

        assertThat(runtime.status().state()).isEqualTo(State.BACKING_OFF);
        assertThat(runtime.status().detail()).isEqualTo("ended by signal 9");
        assertThat(runtime.status().crashes()).isEqualTo(1);
        assertThat(app.changes()).isEqualTo(1);
        assertThat(events.of("server.exited"))
                .containsExactly(new Recorder.Told(
                        Level.WARN,
                        "server.exited",
                        "Server exited",
                        Map.of("pid", Long.toString(first), "status", "ended by signal 9", "restart_in", "1s")));
        timer.advance(Duration.ofMillis(999));
        assertThat(runtime.status().state()).isEqualTo(State.BACKING_OFF);
        timer.advance(MOMENT);

        assertThat(runtime.status().state()).isEqualTo(State.RUNNING);
        assertThat(runtime.status().generation()).isEqualTo(2);
        assertThat(runtime.status().detail()).isEqualTo("ended by signal 9");
        assertThat(runtime.status().cacheKey()).contains("v1--app.tar.gz");
        assertThat(events.types()).endsWith("server.starting", "server.recovered");
        assertThat(app.changes()).as("the crash, and the recovery").isEqualTo(2);
    }

    @Test
    void isFollowedByLongerAndLongerPausesUntilTheRuntimeGivesUp() throws Exception {
        ProcessRuntime runtime = sleeper("?ready-time=0&max-restarts=3");
        runtime.activate(call(), activation("v1"));
        for (int seconds : List.of(1, 2, 4)) {
            crashAndAwait(runtime, events.of("server.exited").size() + 1);
            timer.advance(Duration.ofSeconds(seconds).minus(MOMENT));
            assertThat(runtime.status().state()).isEqualTo(State.BACKING_OFF);
            timer.advance(MOMENT);
            assertThat(runtime.status().state()).isEqualTo(State.RUNNING);
        }

        crashAndAwait(runtime, 4);

        assertThat(runtime.status().state()).isEqualTo(State.FAILED);
        assertThat(runtime.status().crashes()).isEqualTo(4);
        assertThat(app.changes()).as("4 crashes, 3 recoveries, and the end").isEqualTo(8);
        assertThat(events.of("server.exited").get(3).data()).containsEntry("restart_in", "never");
        assertThat(events.of("server.gave_up").get(0).level()).isEqualTo(Level.ERROR);
        timer.advance(Duration.ofHours(1));
        assertThat(runtime.status().state()).isEqualTo(State.FAILED);
    }

    @Test
    void isForgottenByTheNextActivation() throws Exception {
        ProcessRuntime runtime = sleeper("?ready-time=0&max-restarts=1");
        runtime.activate(call(), activation("v1"));
        crashAndAwait(runtime, 1);
        timer.advance(Duration.ofSeconds(1));
        crashAndAwait(runtime, 2);
        assertThat(runtime.status().state()).isEqualTo(State.FAILED);

        runtime.activate(call(), activation("v2"));
        assertThat(runtime.status().crashes()).isZero();
        crashAndAwait(runtime, 3);

        assertThat(events.of("server.exited").get(2).data()).containsEntry("restart_in", "1s");
    }

    @Test
    void isForgottenAfterAMinuteOfQuiet() throws Exception {
        ProcessRuntime runtime = sleeper("?ready-time=0");
        runtime.activate(call(), activation("v1"));
        crashAndAwait(runtime, 1);
        timer.advance(Duration.ofSeconds(1));
        timer.advance(Duration.ofSeconds(60));

        crashAndAwait(runtime, 2);

        assertThat(events.of("server.exited").get(1).data()).containsEntry("restart_in", "1s");
    }

    @Test
    void ofARestartedServerBeforeItIsReadyCountsToo() throws Exception {
        ProcessRuntime runtime = runtimes.open(
                "process:?ready-time=5s", ServerApp.of(folder, events, "sh", "-c", "[ ! -e bad ] && exec sleep 1000"));
        CompletableFuture<Void> activated = inBackground(() -> runtime.activate(call(), activation("v1")));
        becomeReady(1);
        activated.join();
        Files.createFile(folder.resolve("bad"));
        crashAndAwait(runtime, 1);

        timer.advance(Duration.ofSeconds(1));

        Await.until("the next crash", () -> events.of("server.exited").size() == 2);
        assertThat(events.of("server.exited").get(1).data())
                .containsEntry("status", "exited with code 1")
                .containsEntry("restart_in", "2s");
        assertThat(runtime.status().state()).isEqualTo(State.BACKING_OFF);
        Files.delete(folder.resolve("bad"));
        Await.until("the recovery", () -> {
            timer.advance(Duration.ofSeconds(1));
            return events.types().contains("server.recovered");
        });
        assertThat(runtime.status().state()).isEqualTo(State.RUNNING);
    }

    @Test
    void ofTheOldServerStartsNoRestartBesideAnActivation() throws Exception {
        ProcessRuntime runtime = sleeper("?ready-time=10s");
        CompletableFuture<Void> first = inBackground(() -> runtime.activate(call(), activation("v1")));
        becomeReady(1);
        first.join();
        CompletableFuture<Void> second = inBackground(() -> runtime.activate(call(), activation("v2")));
        awaitStart(2);

        crashAndAwait(runtime, 1);
        timer.advance(Duration.ofSeconds(5));
        assertThat(events.of("server.starting")).hasSize(2);
        timer.advance(Duration.ofSeconds(5));
        second.join();
        timer.advance(Duration.ofMinutes(5));

        assertThat(runtime.status().state()).isEqualTo(State.RUNNING);
        assertThat(runtime.status().generation()).isEqualTo(2);
        assertThat(events.of("server.starting")).hasSize(2);
    }

    @Test
    void ofTheOldServerIsMadeUpForWhenTheActivationFails() throws Exception {
        ProcessRuntime runtime = sleeper("?ready-time=10s");
        CompletableFuture<Void> first = inBackground(() -> runtime.activate(call(), activation("v1")));
        becomeReady(1);
        first.join();
        CancellableCall call = call();
        CompletableFuture<Void> second = inBackground(() -> runtime.activate(call, activation("v2")));
        awaitStart(2);
        crashAndAwait(runtime, 1);

        call.cancel("changed my mind");
        assertThat(second).failsWithin(Duration.ofSeconds(10));
        timer.advance(Duration.ofSeconds(1));
        becomeReady(3);

        assertThat(runtime.status().state()).isEqualTo(State.RUNNING);
        assertThat(runtime.status().generation()).isEqualTo(3);
        assertThat(runtime.status().cacheKey()).contains("v1--app.tar.gz");
    }

    @Test
    void isNotFollowedByARestartOnceTheAppIsStopped() throws Exception {
        ProcessRuntime runtime = sleeper("?ready-time=0");
        runtime.activate(call(), activation("v1"));
        crashAndAwait(runtime, 1);

        runtime.stop(call());
        timer.advance(Duration.ofHours(1));

        assertThat(runtime.status().state()).isEqualTo(State.STOPPED);
        assertThat(events.of("server.starting")).hasSize(1);
    }

    @Test
    void saysWhyTheServerCannotBeStartedAgain() throws Exception {
        Path program = folder.resolve("app");
        Files.writeString(program, "#!/bin/sh\necho up\nexec sleep 1000\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        TestApp deleted = ServerApp.of(folder, events, "./app");
        ProcessRuntime runtime = runtimes.open("process:?ready-time=0", deleted);
        runtime.activate(call(), activation("v1"));
        Await.until("the start", () -> ServerApp.output(deleted).equals("up\n"));
        Files.delete(program);
        timer.advance(Duration.ofMinutes(2));
        crashAndAwait(runtime, 1);

        timer.advance(Duration.ofSeconds(1));

        assertThat(events.of("server.exited").get(1).data())
                .containsEntry("restart_in", "2s")
                .hasEntrySatisfying("status", status -> assertThat(status).contains("./app"))
                .doesNotContainKey("pid");
        assertThat(runtime.status().state()).isEqualTo(State.BACKING_OFF);
    }

    private ProcessRuntime sleeper(String parameters) throws DewyException {
        return runtimes.open("process:" + parameters, app);
    }

    private void crashAndAwait(ProcessRuntime runtime, int crashes) {
        crash(pid(runtime));
        Await.until("crash " + crashes, () -> events.of("server.exited").size() == crashes);
    }

    /** Lets the time pass that the newest of so many generations needs to be ready. */
    private void becomeReady(int generations) {
        awaitStart(generations);
        timer.advance(timer.pending().get(timer.pending().size() - 1));
    }

    private void awaitStart(int generations) {
        Await.until(
                "generation " + generations, () -> events.of("server.starting").size() == generations);
        Await.until("its timer", () -> !timer.pending().isEmpty());
    }

    private interface Step {
        void run() throws DewyException;
    }

    private static CompletableFuture<Void> inBackground(Step step) {
        return CompletableFuture.runAsync(() -> {
            try {
                step.run();
            } catch (DewyException e) {
                throw new IllegalStateException(e);
            }
        });
    }
}
