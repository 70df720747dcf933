package dewy.runtime.process;

import static dewy.runtime.process.RealRuntimes.activation;
import static dewy.runtime.process.RealRuntimes.call;
import static dewy.runtime.process.RealRuntimes.isAlive;
import static dewy.runtime.process.RealRuntimes.pid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dewy.api.ApplicationException;
import dewy.api.CancellableCall;
import dewy.api.CancelledException;
import dewy.api.DewyException;
import dewy.api.ExpiredException;
import dewy.api.InvalidException;
import dewy.api.event.Level;
import dewy.api.runtime.Activation;
import dewy.api.runtime.RuntimeStatus.State;
import dewy.tck.Await;
import dewy.tck.TestApp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class ProcessRuntimeTest {
    private static final String IGNORES_TERM = "trap '' TERM; echo up; while :; do sleep 0.1; done";

    private final Recorder events = new Recorder();
    private final RealRuntimes runtimes = new RealRuntimes();
    private final Path folder;

    ProcessRuntimeTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @AfterEach
    void close() {
        runtimes.close();
    }

    @Test
    void needsLongerToStopThanItsServerMayTake() throws Exception {
        assertThat(shell("?stop-timeout=2m", "exec sleep 1000").stopLimit()).isGreaterThan(Duration.ofMinutes(2));
    }

    @Test
    void knowsBeforehandThatAPortIsInUseOrAUserUnknown() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = "127.0.0.1:" + taken.getLocalPort();
            assertThatThrownBy(() -> shell("?port=" + port, "exec sleep 1000").prepare(call(), activation("v1")))
                    .isInstanceOf(InvalidException.class)
                    .hasMessageContaining("is in use");
        }
        assertThatThrownBy(() -> shell("?user=no-such-user", "exec sleep 1000").prepare(call(), activation("v1")))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("there is no such user");
        assertThat(events.types()).isEmpty();
    }

    @Test
    void knowsBeforehandThatTheProgramOfTheNextReleaseCannotBeStarted() throws Exception {
        Path release = Files.createDirectories(folder.resolve("releases/1"));
        Path program = Files.writeString(release.resolve("app"), "#!/bin/sh\nexec sleep 1000\n");
        TestApp app = ServerApp.of(folder, events, "current/app");
        ProcessRuntime runtime = runtimes.open("process:?ready-time=10ms", app);
        Activation next = in(release);

        assertThatThrownBy(() -> runtime.prepare(call(), next))
                .isInstanceOf(ApplicationException.class)
                .hasMessageContaining("current/app")
                .hasMessageContaining("it is not executable");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        runtime.prepare(call(), next);
        assertThat(folder.resolve("current")).doesNotExist();
        Files.createSymbolicLink(folder.resolve("current"), release);
        runtime.activate(call(), next);
        assertThat(runtime.status().state()).isEqualTo(State.RUNNING);
    }

    private static Activation in(Path release) {
        Activation nowhere = activation("v1");
        return Activation.of(nowhere.deliverable(), release).with(nowhere.environment());
    }

    @Test
    void tellsTheServerWhichSocketsItInherits() throws Exception {
        Path socket = folder.resolve("app.sock");
        ProcessRuntime runtime = shell(
                "?port=127.0.0.1:0," + socket + "&ready-time=300ms",
                "env > environment; ls -l /proc/$$/fd > descriptors; exec sleep 1000");

        runtime.activate(call(), activation("v1.0.0"));

        Properties environment = new Properties();
        try (var reader = Files.newBufferedReader(folder.resolve("environment"))) {
            environment.load(reader);
        }
        assertThat(environment)
                .containsEntry("SERVER_STARTER_GENERATION", "1")
                .containsEntry("LISTEN_FDS", "2")
                .containsEntry("LISTEN_PID", Long.toString(pid(runtime)))
                .containsEntry("DEWY_VERSION", "v1.0.0");
        String ports = environment.getProperty("SERVER_STARTER_PORT");
        assertThat(ports).matches("127\\.0\\.0\\.1:\\d+=3;" + socket + "=4");
        assertThat(environment.getProperty("LISTEN_FDNAMES")).isEqualTo(port(ports) + ":" + socket);
        assertThat(Files.readString(folder.resolve("descriptors")))
                .contains(" 0 -> /dev/null", " 3 -> socket:", " 4 -> socket:")
                .doesNotContain(" 5 -> ");
    }

    @Test
    void numbersTheGenerationsAndReplacesTheOldOnceTheNewIsReady() throws Exception {
        ProcessRuntime runtime = shell("?ready-time=50ms", "exec sleep 1000");
        runtime.activate(call(), activation("v1.0.0"));
        long first = pid(runtime);
        events.forget();

        runtime.activate(call(), activation("v1.1.0"));

        Await.until("the end of the old one", () -> events.types().contains("server.stopped"));
        assertThat(isAlive(first)).isFalse();
        assertThat(events.types())
                .containsExactly("server.starting", "server.started", "server.stopping", "server.stopped");
        assertThat(events.of("server.stopping").get(0))
                .isEqualTo(new Recorder.Told(
                        Level.INFO,
                        "server.stopping",
                        "Send SIGTERM to old server",
                        Map.of("pid", Long.toString(first), "generation", "1")));
        assertThat(runtime.status().state()).isEqualTo(State.RUNNING);
        assertThat(runtime.status().generation()).isEqualTo(2);
        assertThat(runtime.status().cacheKey()).contains("v1.1.0--app.tar.gz");
    }

    @Test
    void resolvesTheCommandAfreshForEachGeneration() throws Exception {
        for (String version : List.of("1", "2")) {
            Path program = Files.createDirectories(folder.resolve("releases/" + version))
                    .resolve("app");
            Files.writeString(program, "#!/bin/sh\necho this is version " + version + "\nexec sleep 1000\n");
            assertThat(program.toFile().setExecutable(true)).isTrue();
        }
        TestApp app = ServerApp.of(folder, events, "current/app");
        ProcessRuntime runtime = runtimes.open("process:?ready-time=300ms", app);

        Files.createSymbolicLink(folder.resolve("current"), Path.of("releases/1"));
        runtime.activate(call(), activation("v1"));
        Files.delete(folder.resolve("current"));
        Files.createSymbolicLink(folder.resolve("current"), Path.of("releases/2"));
        runtime.restart(call());

        assertThat(ServerApp.output(app)).isEqualTo("this is version 1\nthis is version 2\n");
    }

    @Test
    void keepsServingWhenTheNewGenerationExits() throws Exception {
        ProcessRuntime runtime = shell(
                "?ready-time=500ms",
                "[ -e bad ] || exec sleep 1000; for i in 1 2 3 4 5 6; do echo line $i; done;"
                        + " (trap '' TERM; exec sleep 1000) & echo $! > left; exit 3");
        runtime.activate(call(), activation("v1"));
        long first = pid(runtime);
        Files.createFile(folder.resolve("bad"));

        assertThatThrownBy(() -> runtime.activate(call(), activation("v2")))
                .isInstanceOf(ApplicationException.class)
                .hasMessageContaining("exited with code 3 before it was ready")
                .hasMessageContaining("line 2 | line 3 | line 4 | line 5 | line 6")
                .hasMessageNotContaining("line 1");

        assertThat(isAlive(
                        Long.parseLong(Files.readString(folder.resolve("left")).strip())))
                .isFalse();
        assertThat(isAlive(first)).isTrue();
        assertThat(runtime.status().state()).isEqualTo(State.RUNNING);
        assertThat(runtime.status().generation()).isEqualTo(1);
        assertThat(runtime.status().cacheKey()).contains("v1--app.tar.gz");
        assertThat(events.types()).doesNotContain("server.stopping", "server.exited");
    }

    @Test
    void saysThatAServerMustStayInTheForeground() throws Exception {
        ProcessRuntime runtime = shell("?ready-time=500ms", "sleep 1000 & exit 0");

        assertThatThrownBy(() -> runtime.activate(call(), activation("v1")))
                .isInstanceOf(ApplicationException.class)
                .hasMessageContaining("puts itself in the background is not supported");
        assertThat(runtime.status().state()).isEqualTo(State.STOPPED);
    }

    @Test
    void saysWhichProgramIsMissing() throws Exception {
        ProcessRuntime runtime =
                runtimes.open("process:?port=127.0.0.1:0", ServerApp.of(folder, events, "current/app"));

        assertThatThrownBy(() -> runtime.activate(call(), activation("v1")))
                .isInstanceOf(ApplicationException.class)
                .hasMessageContaining("current/app");
        assertThat(runtime.status().state()).isEqualTo(State.STOPPED);
    }

    @Test
    void opensAllPortsOrNone() throws Exception {
        int free;
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = probe.getLocalPort();
        }
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ProcessRuntime runtime =
                    shell("?port=127.0.0.1:" + free + "&port=127.0.0.1:" + taken.getLocalPort(), "exec sleep 1000");

            assertThatThrownBy(() -> runtime.activate(call(), activation("v1"))).isInstanceOf(InvalidException.class);
            assertThatThrownBy(() -> connect(free)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void runsAWorkerWithoutAPort() throws Exception {
        ProcessRuntime runtime = shell("?ready-time=300ms", "env > environment; exec sleep 1000");

        runtime.activate(call(), activation("v1"));

        assertThat(Files.readAllLines(folder.resolve("environment")))
                .contains("SERVER_STARTER_GENERATION=1", "SERVER_STARTER_PORT=")
                .noneMatch(line -> line.startsWith("LISTEN_"));
    }

    @Test
    void runsAsAnotherUser() throws Exception {
        assumeThat(System.getProperty("user.name")).isEqualTo("root");
        TestApp app = ServerApp.of(folder, events, "sh", "-c", "id -un; id -gn; exec sleep 1000");
        ProcessRuntime runtime = runtimes.open("process:?ready-time=300ms&user=daemon&group=adm", app);

        runtime.activate(call(), activation("v1"));

        assertThat(ServerApp.output(app)).isEqualTo("daemon\nadm\n");
    }

    @Test
    void killsAnOldServerThatDoesNotStop() throws Exception {
        ProcessRuntime runtime = shell("?ready-time=200ms&stop-timeout=300ms", IGNORES_TERM);
        runtime.activate(call(), activation("v1"));
        long first = pid(runtime);

        runtime.activate(call(), activation("v2"));

        assertThat(isAlive(first)).isTrue();
        Await.until("its end", () -> events.types().contains("server.stopped"));
        assertThat(isAlive(first)).isFalse();
        assertThat(events.of("server.killed").get(0).data())
                .containsExactly(Map.entry("pid", Long.toString(first)), Map.entry("generation", "1"));
        assertThat(runtime.status().state()).isEqualTo(State.RUNNING);
    }

    @Test
    void letsSeveralOldServersEndInTheirOwnTime() throws Exception {
        ProcessRuntime runtime = shell("?ready-time=100ms&stop-timeout=1h", IGNORES_TERM);
        for (int i = 1; i <= 4; i++) {
            runtime.activate(call(), activation("v" + i));
        }
        List<Long> old = events.of("server.stopping").stream()
                .map(told -> Long.parseLong(String.valueOf(told.data().get("pid"))))
                .toList();

        assertThat(old).hasSize(3).allMatch(RealRuntimes::isAlive);
        runtime.stop(CancellableCall.of("trace", Duration.ofMillis(200)));
        assertThat(old).noneMatch(RealRuntimes::isAlive);
    }

    @Test
    void endsWhatACrashedLeaderLeavesBehind() throws Exception {
        ProcessRuntime runtime = shell(
                "?ready-time=200ms&stop-timeout=2s&max-restarts=0",
                "sleep 1000 & echo $! > meek; (trap '' TERM; exec sleep 1000) & echo $! > stubborn; wait");
        runtime.activate(call(), activation("v1"));
        long meek = written("meek");
        long stubborn = written("stubborn");

        RealRuntimes.crash(pid(runtime));

        Await.until("the end of the meek one", () -> !isAlive(meek));
        assertThat(isAlive(stubborn)).isTrue();
        Await.until("the end of the stubborn one", () -> !isAlive(stubborn));
    }

    @Test
    void endsAfterAServerWhatHasLeftItsProcessGroup() throws Exception {
        ProcessRuntime runtime = shell(
                "?ready-time=200ms&stop-timeout=2s",
                "setsid sleep 1000 & echo $! > meek; setsid sh -c 'trap \"\" TERM; sleep 1000; sleep 1000' &"
                        + " echo $! > stubborn; wait");
        runtime.activate(call(), activation("v1"));
        long meek = written("meek");
        long stubborn = written("stubborn");

        runtime.stop(call());

        // They have ended; whoever they have fallen to may not have reaped them yet.
        Await.until("the end of the meek one", () -> !isAlive(meek));
        Await.until("the end of the stubborn one", () -> !isAlive(stubborn));
        assertThat(events.types()).endsWith("server.stopping", "server.killed", "server.stopped");
    }

    @Test
    void stopsAndCanBeActivatedAgainOnTheSamePort() throws Exception {
        ProcessRuntime runtime = shell("?port=127.0.0.1:0&ready-time=50ms", "env > environment; exec sleep 1000");
        runtime.activate(call(), activation("v1"));
        long first = pid(runtime);
        String ports = portsInEnvironment();
        assertThat(runtime.status().detail())
                .as("which port was free")
                .matches("it listens on 127\\.0\\.0\\.1:[1-9]\\d+");

        runtime.stop(call());

        assertThat(isAlive(first)).isFalse();
        assertThat(runtime.status().state()).isEqualTo(State.STOPPED);
        assertThat(runtime.status().instances()).isEmpty();
        assertThat(events.types()).endsWith("server.stopping", "server.stopped");
        runtime.restart(call());
        assertThat(portsInEnvironment()).isEqualTo(ports);
        assertThat(runtime.status().generation()).isEqualTo(2);
    }

    @Test
    void killsAtOnceWhenNobodyWaitsForTheStopAnyMore() throws Exception {
        ProcessRuntime runtime = shell("?ready-time=100ms&stop-timeout=1h", IGNORES_TERM);
        runtime.activate(call(), activation("v1"));
        CancellableCall call = call();
        CompletableFuture<Void> stopped = CompletableFuture.runAsync(() -> quietly(() -> runtime.stop(call)));
        Await.until("the stop", () -> events.types().contains("server.stopping"));

        call.cancel("enough");

        stopped.join();
        assertThat(events.types()).endsWith("server.stopping", "server.killed", "server.stopped");
    }

    @Test
    @Timeout(120)
    void closesWithoutWaitingForAServerThatDoesNotGo() throws Exception {
        String options = "?port=127.0.0.1:0&ready-time=100ms&stop-timeout=1h";
        ProcessRuntime runtime = shell(options, "env > environment; " + IGNORES_TERM);
        runtime.activate(call(), activation("v1"));
        long server = pid(runtime);
        int port = port(portsInEnvironment());
        connect(port);

        runtime.close();

        assertThat(isAlive(server)).isFalse();
        assertThatThrownBy(() -> connect(port)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> runtime.activate(call(), activation("v2"))).isInstanceOf(CancelledException.class);
    }

    @Test
    void leavesNothingOfACancelledActivation() throws Exception {
        ProcessRuntime runtime = shell("?ready-time=1h", "echo $$ > pid; exec sleep 1000");
        CancellableCall call = call();
        CompletableFuture<Throwable> thrown = failure(() -> runtime.activate(call, activation("v1")));
        long pid = startedPid();

        call.cancel("the app was removed");

        assertThat(thrown.join()).isInstanceOf(CancelledException.class).hasMessageContaining("the app was removed");
        assertThat(isAlive(pid)).isFalse();
        assertThat(runtime.status().state()).isEqualTo(State.STOPPED);
    }

    @Test
    void givesUpAnActivationWhenItsTimeIsOver() throws Exception {
        ProcessRuntime runtime = shell("?ready-time=1h", "echo $$ > pid; exec sleep 1000");

        assertThatThrownBy(
                        () -> runtime.activate(CancellableCall.of("trace", Duration.ofMillis(500)), activation("v1")))
                .isInstanceOf(ExpiredException.class);
        assertThat(isAlive(startedPid())).isFalse();
    }

    @Test
    void stopsAnActivationThatIsUnderWay() throws Exception {
        ProcessRuntime runtime = shell("?ready-time=1h", "echo $$ > pid; exec sleep 1000");
        CompletableFuture<Throwable> thrown = failure(() -> runtime.activate(call(), activation("v1")));
        long pid = startedPid();
        assertThat(runtime.status().state()).isEqualTo(State.STARTING);

        runtime.stop(call());

        assertThat(isAlive(pid)).isFalse();
        assertThat(thrown.join()).isInstanceOf(CancelledException.class);
        assertThat(runtime.status().state()).isEqualTo(State.STOPPED);
    }

    @Test
    void hasNothingToRestartBeforeTheFirstActivation() throws Exception {
        ProcessRuntime runtime = shell("", "exec sleep 1000");

        assertThatThrownBy(() -> runtime.restart(call()))
                .isInstanceOf(ApplicationException.class)
                .hasMessageContaining("nothing was activated yet");
    }

    @Test
    void leaksNeitherDescriptorsNorThreads() throws Exception {
        ProcessRuntime runtime =
                shell("?port=127.0.0.1:0,127.0.0.1:0&ready-time=0&stdin-socket=false", "exec sleep 1000");
        activateOften(runtime, 5);
        long descriptors = descriptors();
        long threads = Thread.getAllStackTraces().size();

        activateOften(runtime, 50);

        Await.until("the descriptors of the last one to be closed", () -> descriptors() <= descriptors);
        assertThat(Thread.getAllStackTraces().size()).isLessThanOrEqualTo((int) threads + 1);
        runtime.close();
        assertThat(descriptors()).isLessThan(descriptors);
    }

    private void activateOften(ProcessRuntime runtime, int times) throws DewyException {
        events.forget();
        for (int i = 0; i < times; i++) {
            runtime.activate(call(), activation("v" + i));
        }
        Await.until(
                "the end of the old ones",
                () -> events.of("server.stopped").size()
                        == events.of("server.stopping").size());
    }

    private ProcessRuntime shell(String parameters, String script) throws DewyException {
        return runtimes.open("process:" + parameters, ServerApp.of(folder, events, "sh", "-c", script));
    }

    private long startedPid() {
        Path file = folder.resolve("pid");
        Await.until("the start", () -> file.toFile().length() > 0);
        try {
            return Long.parseLong(Files.readString(file).strip());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private String portsInEnvironment() throws IOException {
        Path file = folder.resolve("environment");
        // A server that has not ended counts as ready, whether it has come so far or not.
        Await.until("the environment", () -> file.toFile().length() > 0);
        return Files.readAllLines(file).stream()
                .filter(line -> line.startsWith("SERVER_STARTER_PORT="))
                .findFirst()
                .orElseThrow();
    }

    private static int port(String serverStarterPort) {
        return Integer.parseInt(serverStarterPort.replaceAll(".*?:(\\d+)=.*", "$1"));
    }

    private static void connect(int port) throws IOException {
        new Socket(InetAddress.getLoopbackAddress(), port).close();
    }

    private static long descriptors() throws IOException {
        try (var entries = Files.list(Path.of("/proc/self/fd"))) {
            return entries.count();
        }
    }

    private interface Step {
        void run() throws DewyException;
    }

    private static void quietly(Step step) {
        try {
            step.run();
        } catch (DewyException e) {
            throw new AssertionError(e);
        }
    }

    private static CompletableFuture<Throwable> failure(Step step) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                step.run();
                return new AssertionError("nothing was thrown");
            } catch (DewyException e) {
                return e;
            }
        });
    }

    /** Waits for the process id that a server writes, which may be taken for ready before it has. */
    private long written(String name) throws Exception {
        Path file = folder.resolve(name);
        Await.until(name, () -> Files.exists(file) && Files.readString(file).endsWith("\n"));
        return Long.parseLong(Files.readString(file).strip());
    }
}
