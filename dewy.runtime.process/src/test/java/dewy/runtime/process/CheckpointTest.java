package dewy.runtime.process;

import static dewy.runtime.process.RealRuntimes.activation;
import static dewy.runtime.process.RealRuntimes.call;
import static dewy.runtime.process.RealRuntimes.isAlive;
import static dewy.runtime.process.RealRuntimes.pid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.StorageException;
import dewy.api.plugin.HandoverState;
import dewy.api.runtime.RuntimeStatus.State;
import dewy.tck.Await;
import dewy.tck.TestApp;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is kept for the successor of an agent that may be killed at any moment. */
class CheckpointTest {
    private static final String URL = "process:?ready-time=0&port=127.0.0.1:0";

    private final Recorder events = new Recorder();
    private final RealRuntimes runtimes = new RealRuntimes();
    private final Path folder;
    private final TestApp app;
    private final Keeper keeper;

    CheckpointTest(@TempDir Path folder) {
        this.folder = folder;
        this.keeper = new Keeper(ServerApp.kept(folder));
        this.app = ServerApp.of(folder, events, "sh", "-c", "touch began; exec sleep 1000")
                .keeping(keeper);
    }

    @AfterEach
    void close() {
        keeper.fill(false);
        runtimes.close();
    }

    @Test
    void namesAGenerationBeforeItsProgramBegins() throws Exception {
        ProcessRuntime runtime = open();
        List<Boolean> began = new ArrayList<>();
        keeper.beforeEach(state -> {
            if (state.resources().containsKey("starting.1")) {
                began.add(Files.exists(folder.resolve("began")));
            }
        });

        runtime.activate(call(), activation("v1"));

        assertThat(began).containsExactly(false);
        Await.until("the program", () -> Files.exists(folder.resolve("began")));
    }

    @Test
    void namesBothGenerationsBeforeTheOldOneIsToldToStop() throws Exception {
        ProcessRuntime runtime = open();
        runtime.activate(call(), activation("v1"));
        List<List<String>> told = new ArrayList<>();
        keeper.beforeEach(state -> {
            if (state.resources().containsKey("generation.2")
                    && state.resources().containsKey("replaced.1")) {
                told.add(events.types());
            }
        });

        runtime.activate(call(), activation("v2"));

        assertThat(told).isNotEmpty();
        assertThat(told.get(0)).doesNotContain("server.stopping");
        assertThat(events.types()).contains("server.stopping");
        Await.until("that it was told", () -> !keeper.last().resources().containsKey("replaced.1"));
    }

    @Test
    void thatCannotBeMadeFailsTheActivationAndTheOldOneServesOn() throws Exception {
        ProcessRuntime runtime = open();
        runtime.activate(call(), activation("v1"));
        long first = pid(runtime);
        Await.until("the program", () -> Files.exists(folder.resolve("began")));
        Files.delete(folder.resolve("began"));
        keeper.fill(true);

        assertThatThrownBy(() -> runtime.activate(call(), activation("v2")))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("no space left on device");

        assertThat(folder.resolve("began")).doesNotExist();
        assertThat(isAlive(first)).isTrue();
        assertThat(runtime.status().state()).isEqualTo(State.RUNNING);
        assertThat(runtime.status().generation()).isEqualTo(1);
        keeper.fill(false);
        runtime.activate(call(), activation("v3"));
        assertThat(runtime.status().generation()).isEqualTo(3);
    }

    @Test
    void thatCannotBeMadeAfterwardsIsMadeLater() throws Exception {
        ManualTimer timer = ManualTimer.ofThreads();
        RealRuntimes inTime = new RealRuntimes(timer);
        ProcessRuntime runtime = inTime.open(URL, app);
        keeper.beforeEach(state -> keeper.fill(state.resources().containsKey("generation.1")));

        runtime.activate(call(), activation("v1"));

        Await.until("that it is told", () -> events.types().contains("server.not_kept"));
        assertThat(events.of("server.not_kept").get(0).data().get("error")).contains("no space left on device");
        assertThat(runtime.status().state()).isEqualTo(State.RUNNING);
        keeper.beforeEach(state -> {});
        keeper.fill(false);
        Await.until("another attempt", () -> {
            timer.advance(Duration.ofSeconds(1));
            return keeper.last().resources().containsKey("generation.1");
        });
        assertThat(events.of("server.not_kept")).hasSize(1);
        inTime.close();
    }

    @Test
    void namesNothingOnceTheAppIsStopped() throws Exception {
        ProcessRuntime runtime = open();
        runtime.activate(call(), activation("v1"));

        runtime.stop(call());

        assertThat(keeper.last().resources()).isEmpty();
        runtime.restart(call());
        runtime.close();
        assertThat(keeper.last().resources()).isEmpty();
    }

    @Test
    void namesNoServerThatCrashed() throws Exception {
        ProcessRuntime runtime = open();
        runtime.activate(call(), activation("v1"));

        RealRuntimes.crash(pid(runtime));

        Await.until("the crash", () -> "1".equals(keeper.last().data().get("crashes")));
        assertThat(keeper.last().resources()).doesNotContainKey("generation.1").containsKey("socket.0");
        assertThat(keeper.last().data()).containsEntry("state", "BACKING_OFF");
    }

    @Test
    void isLeftToTheSuccessorOnceItIsHandedOver() throws Exception {
        ProcessRuntime runtime = open();
        runtime.activate(call(), activation("v1"));
        long server = pid(runtime);
        HandoverState handover = runtime.prepare(call());
        int kept = keeper.states().size();
        TestApp next = ServerApp.of(folder, new Recorder(), "sleep", "1000");

        ProcessRuntime successor = runtimes.adopt(URL, next, handover);
        runtime.commit();
        RealRuntimes.crash(server);
        runtime.close();

        Await.until("the crash", () -> successor.status().state() == State.BACKING_OFF);
        Await.until("that it is kept", () -> next.kept().stream()
                .anyMatch(state -> "BACKING_OFF".equals(state.data().get("state"))));
        assertThat(keeper.states()).hasSize(kept);
    }

    private ProcessRuntime open() throws Exception {
        return runtimes.open(URL, app);
    }
}
