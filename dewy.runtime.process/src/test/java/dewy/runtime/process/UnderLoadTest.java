package dewy.runtime.process;

import static dewy.runtime.process.RealRuntimes.activation;
import static dewy.runtime.process.RealRuntimes.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dewy.api.CancellableCall;
import dewy.api.CancelledException;
import dewy.api.plugin.HandoverState;
import dewy.tck.Await;
import dewy.tck.TestApp;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnderLoadTest {
    private static final int GENERATIONS = 20;

    private final RealRuntimes runtimes = new RealRuntimes();
    private final Recorder events = new Recorder();
    private final int port = PythonServer.freePort();
    private final String url = "process:?port=127.0.0.1:" + port + "&ready-time=300ms";
    private final TestApp app;

    UnderLoadTest(@TempDir Path folder) {
        app = ServerApp.of(folder, events, PythonServer.command());
    }

    @AfterEach
    void close() {
        runtimes.close();
    }

    @Test
    void losesNoRequestWhenGenerationsFollowEachOther() throws Exception {
        ProcessRuntime runtime = runtimes.open(url, app);
        runtime.activate(call(), activation("v0"));
        Load load = Load.on(port, 4, 4);
        for (int i = 1; i <= GENERATIONS; i++) {
            awaitAnswerOf(load, i);
            runtime.activate(call(), activation("v" + i));
        }
        awaitAnswerOf(load, GENERATIONS + 1);
        load.close();

        System.out.printf(
                "%d activations, %d requests, %d failures%n",
                GENERATIONS, load.answers(), load.failures().size());
        assertThat(load.failures()).isEmpty();
        assertThat(load.generations()).hasSize(GENERATIONS + 1);
        assertThat(events.types()).doesNotContain("server.killed", "server.exited");
    }

    @Test
    void losesNoRequestWhenTheRuntimeIsHandedOver() throws Exception {
        ProcessRuntime runtime = runtimes.open(url, app);
        runtime.activate(call(), activation("v0"));
        Load load = Load.on(port, 4, 4);
        for (int i = 1; i <= 5; i++) {
            awaitAnswerOf(load, i);
            HandoverState state = runtime.prepare(call());
            if (i % 2 == 0) {
                runtime.abort();
            } else {
                ProcessRuntime successor = runtimes.adopt(url, app, state);
                runtime.commit();
                runtime.close();
                runtime = successor;
            }
            runtime.activate(call(), activation("v" + i));
        }
        awaitAnswerOf(load, 6);
        load.close();

        System.out.printf(
                "5 handovers, %d requests, %d failures%n",
                load.answers(), load.failures().size());
        assertThat(load.failures()).isEmpty();
        assertThat(load.generations()).hasSize(6);
    }

    @Test
    void losesNoRequestWhenGenerationsAreWithdrawnThatAnsweredAlready() throws Exception {
        ProcessRuntime runtime = runtimes.open(url.replace("300ms", "3s"), app);
        runtime.activate(call(), activation("v0"));
        Load load = Load.on(port, 4, 4);
        for (int i = 2; i <= 6; i++) {
            CancellableCall call = call();
            CompletableFuture<Throwable> ended =
                    CompletableFuture.supplyAsync(() -> catchThrowable(() -> runtime.activate(call, activation("v1"))));
            awaitAnswerOf(load, i);
            call.cancel("the test cancelled it");
            assertThat(ended.join()).isInstanceOf(CancelledException.class);
        }
        load.close();
        assertThat(load.failures()).isEmpty();
        assertThat(runtime.status().generation()).isEqualTo(1);
        assertThat(events.types()).doesNotContain("server.killed", "server.exited");
    }

    private static void awaitAnswerOf(Load load, int generation) {
        Await.until("generation " + generation, () -> load.generations().contains(Integer.toString(generation)));
    }
}
