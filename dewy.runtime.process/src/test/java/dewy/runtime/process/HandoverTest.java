package dewy.runtime.process;

import static dewy.runtime.process.RealRuntimes.activation;
import static dewy.runtime.process.RealRuntimes.call;
import static dewy.runtime.process.RealRuntimes.crash;
import static dewy.runtime.process.RealRuntimes.isAlive;
import static dewy.runtime.process.RealRuntimes.pid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.CancelledException;
import dewy.api.DewyException;
import dewy.api.plugin.HandoverState;
import dewy.api.process.DescriptorLease;
import dewy.api.process.Inheritable;
import dewy.api.process.ListeningAddress;
import dewy.api.process.ListeningSocket;
import dewy.api.runtime.RuntimeStatus;
import dewy.api.runtime.RuntimeStatus.State;
import dewy.tck.Await;
import dewy.tck.TestApp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HandoverTest {
    private static final String IGNORES_TERM = "trap '' TERM; while :; do sleep 0.1; done";

    private final Recorder before = new Recorder();
    private final Recorder after = new Recorder();
    private final ManualTimer timer = new ManualTimer();
    private final RealRuntimes predecessors = new RealRuntimes(timer);
    private final RealRuntimes successors = new RealRuntimes(timer);
    private final int port = PythonServer.freePort();
    private final String url = "process:?ready-time=0&stop-timeout=10s&port=127.0.0.1:" + port;
    private final Path folder;

    HandoverTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @AfterEach
    void close() {
        successors.close();
        predecessors.close();
    }

    @Test
    void leavesServerAndSocketToTheSuccessor() throws Exception {
        ProcessRuntime old = open(url, "exec sleep 1000");
        old.activate(call(), activation("v1"));
        long server = pid(old);

        ProcessRuntime successor = handOver(old);
        old.close();

        assertThat(isAlive(server)).isTrue();
        connect(port);
        assertThat(successor.status())
                .isEqualTo(new RuntimeStatus(
                        State.RUNNING,
                        1,
                        timer.now(),
                        List.of(Long.toString(server)),
                        0,
                        "",
                        Optional.of("v1--app.tar.gz")));
        successor.restart(call());
        awaitStop();
        assertThat(isAlive(server)).isFalse();
        assertThat(successor.status().generation()).isEqualTo(2);
        assertThat(successor.status().cacheKey()).contains("v1--app.tar.gz");
        assertThat(before.types()).containsExactly("server.starting", "server.started");
    }

    @Test
    void leavesTheSocketsOpenUntilTheSuccessorCloses() throws Exception {
        ProcessRuntime old = open(url, "exec sleep 1000");
        old.activate(call(), activation("v1"));
        ProcessRuntime successor = handOver(old);
        old.close();

        successor.close();

        assertThatThrownBy(() -> connect(port)).isInstanceOf(IOException.class);
    }

    @Test
    void leavesWhatIsOnItsWayOutToTheSuccessor() throws Exception {
        ProcessRuntime old = open(url, IGNORES_TERM);
        old.activate(call(), activation("v1"));
        long first = pid(old);
        Await.until("that it ignores SIGTERM", () -> ignoresTerm(first));
        old.activate(call(), activation("v2"));
        ProcessRuntime successor = handOver(old);
        old.close();

        timer.advance(Duration.ofMillis(9_999));
        assertThat(isAlive(first)).isTrue();
        timer.advance(Duration.ofMillis(1));
        awaitStop();

        assertThat(after.types()).containsExactly("server.killed", "server.stopped");
        assertThat(before.types()).endsWith("server.stopping");
        assertThat(successor.status().state()).isEqualTo(State.RUNNING);
    }

    @Test
    void leavesACrashToTheSuccessorAlone() throws Exception {
        ProcessRuntime old = open(url, "exec sleep 1000");
        old.activate(call(), activation("v1"));
        long server = pid(old);
        HandoverState state = old.prepare(call());
        crash(server);
        Await.until("the crash", () -> !isAlive(server));

        ProcessRuntime successor = successors.adopt(url, app(after, "exec sleep 1000"), state);
        old.commit();

        Await.until("that it is noticed", () -> successor.status().state() == State.BACKING_OFF);
        timer.advance(Duration.ofSeconds(1));
        assertThat(successor.status().state()).isEqualTo(State.RUNNING);
        assertThat(before.types()).doesNotContain("server.exited");
    }

    @Test
    void goesOnAsBeforeWhenItIsAborted() throws Exception {
        ProcessRuntime old = open(url, "exec sleep 1000");
        old.activate(call(), activation("v1"));
        long server = pid(old);
        old.prepare(call());
        timer.advance(Duration.ofMinutes(1));
        crash(server);
        Await.until("the crash", () -> !isAlive(server));
        timer.advance(Duration.ofMinutes(1));
        assertThat(before.types()).doesNotContain("server.exited");

        old.abort();

        Await.until("that it is noticed", () -> before.types().contains("server.exited"));
        Await.until("the restart", () -> {
            timer.advance(Duration.ofSeconds(1));
            return old.status().state() == State.RUNNING;
        });
        old.activate(call(), activation("v2"));
        assertThat(old.status().generation()).isEqualTo(3);
    }

    @Test
    void takesUpARestartThatWasDue() throws Exception {
        ProcessRuntime old = open(url, "exec sleep 1000");
        old.activate(call(), activation("v1"));
        crash(pid(old));
        Await.until("the crash", () -> old.status().state() == State.BACKING_OFF);

        HandoverState state = old.prepare(call());
        timer.advance(Duration.ofMinutes(1));
        assertThat(before.of("server.starting")).hasSize(1);
        ProcessRuntime successor = successors.adopt(url, app(after, "exec sleep 1000"), state);
        old.commit();

        assertThat(successor.status().state()).isEqualTo(State.RUNNING);
        // That the last of what crashed is gone may be told meanwhile.
        assertThat(after.types()).containsSubsequence("server.starting", "server.recovered");
    }

    @Test
    void holdsAnActivationBackUntilItIsDecided() throws Exception {
        ProcessRuntime old = open(url, "exec sleep 1000");
        old.activate(call(), activation("v1"));
        HandoverState state = old.prepare(call());
        CompletableFuture<Throwable> activation = CompletableFuture.supplyAsync(() -> {
            try {
                old.activate(call(), activation("v2"));
                return new AssertionError("nothing was thrown");
            } catch (DewyException e) {
                return e;
            }
        });

        ProcessRuntime successor = successors.adopt(url, app(after, "exec sleep 1000"), state);
        old.commit();

        assertThat(activation.join()).isInstanceOf(CancelledException.class);
        assertThatThrownBy(() -> old.stop(call())).isInstanceOf(CancelledException.class);
        assertThat(before.of("server.starting")).hasSize(1);
        assertThat(successor.status().cacheKey()).contains("v1--app.tar.gz");
    }

    @Test
    void changesThePortsToThoseOfTheNewUrl() throws Exception {
        int dropped = PythonServer.freePort();
        ProcessRuntime old = open(url + ",127.0.0.1:" + dropped, "exec sleep 1000");
        old.activate(call(), activation("v1"));
        int added = PythonServer.freePort();
        HandoverState state = old.prepare(call());
        ProcessRuntime successor =
                successors.adopt(url + ",127.0.0.1:" + added, app(after, "env > environment; exec sleep 1000"), state);
        old.commit();
        old.close();

        assertThatThrownBy(() -> connect(added)).isInstanceOf(IOException.class);
        connect(port);
        successor.activate(call(), activation("v2"));
        connect(added);
        awaitStop();
        assertThatThrownBy(() -> connect(dropped)).isInstanceOf(IOException.class);
        Await.until(
                "the environment", () -> folder.resolve("environment").toFile().length() > 0);
        assertThat(Files.readString(folder.resolve("environment")))
                .contains("SERVER_STARTER_PORT=127.0.0.1:" + port + "=3;127.0.0.1:" + added + "=4\n");
    }

    @Test
    void worksForAnAppThatNeverRan() throws Exception {
        ProcessRuntime old = open(url, "exec sleep 1000");

        ProcessRuntime successor = handOver(old);
        old.close();

        assertThat(successor.status().state()).isEqualTo(State.STOPPED);
        successor.activate(call(), activation("v1"));
        assertThat(successor.status().generation()).isEqualTo(1);
    }

    @Test
    void ofASubstituteSocketReplacesTheServerThatLacksIt() throws Exception {
        ProcessRuntime old = open(url, "exec sleep 1000");
        old.activate(call(), activation("v1"));
        long server = pid(old);
        HandoverState state = withSubstitutes(old.prepare(call()));

        ProcessRuntime successor = successors.adopt(url, app(after, "exec sleep 1000"), state);
        old.commit();

        awaitStop();
        assertThat(isAlive(server)).isFalse();
        assertThat(after.types())
                .containsExactly("server.starting", "server.recovered", "server.stopping", "server.stopped");
        assertThat(successor.status().state()).isEqualTo(State.RUNNING);
        assertThat(successor.status().crashes()).isZero();
        assertThat(successor.status().cacheKey()).contains("v1--app.tar.gz");
    }

    @Test
    void ofASubstituteSocketKeepsTheServerThatLacksItUntilAnotherIsReady() throws Exception {
        ProcessRuntime old = open(url, "exec sleep 1000");
        old.activate(call(), activation("v1"));
        long server = pid(old);
        HandoverState state = withSubstitutes(old.prepare(call()));

        String neverReady = url.replace("ready-time=0", "ready-time=1h");
        ProcessRuntime successor = successors.adopt(neverReady, app(after, "exit 1"), state);
        old.commit();

        Await.until("the crash", () -> after.types().contains("server.exited"));
        assertThat(isAlive(server)).isTrue();
        assertThat(successor.status().state()).isEqualTo(State.BACKING_OFF);
        assertThat(after.types()).doesNotContain("server.stopping");
    }

    private ProcessRuntime open(String whichUrl, String script) throws DewyException {
        return predecessors.open(whichUrl, app(before, script));
    }

    private ProcessRuntime handOver(ProcessRuntime old) throws DewyException {
        HandoverState state = old.prepare(call());
        ProcessRuntime successor = successors.adopt(url, app(after, "exec sleep 1000"), state);
        old.commit();
        return successor;
    }

    private TestApp app(Recorder events, String script) {
        return ServerApp.of(folder, events, "sh", "-c", script);
    }

    private void awaitStop() {
        Await.until("the end of the inherited server", () -> {
            timer.advance(Duration.ofMillis(50));
            return after.types().contains("server.stopped");
        });
    }

    private static HandoverState withSubstitutes(HandoverState state) {
        Map<String, Inheritable> resources = new HashMap<>(state.resources());
        resources.replaceAll(
                (name, resource) -> resource instanceof ListeningSocket socket ? new Substitute(socket) : resource);
        return new HandoverState(state.format(), state.data(), resources);
    }

    private record Substitute(ListeningSocket socket) implements ListeningSocket {
        @Override
        public boolean isSubstitute() {
            return true;
        }

        @Override
        public String reference() {
            return socket.reference();
        }

        @Override
        public ListeningAddress address() {
            return socket.address();
        }

        @Override
        public ListeningSocket duplicate() throws DewyException {
            return socket.duplicate();
        }

        @Override
        public void passTo(Path path, String name) throws DewyException {
            socket.passTo(path, name);
        }

        @Override
        public DescriptorLease lease() {
            return socket.lease();
        }

        @Override
        public void close() {
            socket.close();
        }
    }

    private static boolean ignoresTerm(long pid) {
        try {
            return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                    .filter(line -> line.startsWith("SigIgn:"))
                    .anyMatch(line -> (Long.parseLong(line.substring(7).strip(), 16) & 1 << 14) != 0);
        } catch (IOException e) {
            return false;
        }
    }

    private static void connect(int port) throws IOException {
        new Socket(InetAddress.getLoopbackAddress(), port).close();
    }
}
