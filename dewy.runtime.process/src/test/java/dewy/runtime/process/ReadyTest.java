package dewy.runtime.process;

import static dewy.runtime.process.RealRuntimes.activation;
import static dewy.runtime.process.RealRuntimes.call;
import static dewy.runtime.process.RealRuntimes.isAlive;
import static dewy.runtime.process.RealRuntimes.pid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.ApplicationException;
import dewy.api.CancelledException;
import dewy.api.DewyException;
import dewy.api.runtime.RuntimeStatus.State;
import dewy.tck.Await;
import dewy.tck.TestApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** By what a new generation is known to be ready, with real servers. */
class ReadyTest {
    private static final String ACCEPTS = "import os, socket, time; s = socket.socket();"
            + " s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(('127.0.0.1', %d)); s.listen();";

    private static final String NOTIFY = "process:?ready=notify";
    private static final String SAYS =
            """
            import os, socket, time
            def say(text):
                with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as s:
                    s.sendto(text.encode(), os.environ["NOTIFY_SOCKET"])
            def wait(name):
                while not os.path.exists(name):
                    time.sleep(0.01)
            """;

    private static final Duration READY_TIMEOUT = Duration.ofSeconds(8);

    private final Recorder events = new Recorder();
    private final RealRuntimes runtimes = new RealRuntimes();
    private final ManualTimer timer = ManualTimer.ofThreads();
    /** In which time is over only when the test says so. */
    private final RealRuntimes inTime = new RealRuntimes(timer);

    private final int admin = PythonServer.freePort();
    private final String http = "process:?ready=http://127.0.0.1:" + admin + "/health";
    private final String tcp = "process:?ready=tcp://127.0.0.1:" + admin;
    private final Path folder;

    ReadyTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @AfterEach
    void close() {
        runtimes.close();
        inTime.close();
    }

    @Test
    void waitsUntilTheServerAnswersWell() throws Exception {
        answer("503");
        TestApp app = admin();
        ProcessRuntime runtime = runtimes.open(http, app);
        CompletableFuture<Throwable> activated = outcome(() -> runtime.activate(call(), activation("v1")));
        Await.until("a few probes", () -> ServerApp.output(app).split("asked for /health", -1).length > 3);
        assertThat(activated).isNotDone();
        assertThat(runtime.status().state()).isEqualTo(State.STARTING);

        answer("200");

        assertThat(activated.join()).isNull();
        assertThat(runtime.status().state()).isEqualTo(State.RUNNING);
    }

    @Test
    void takesARedirectForAnAnswerAndDoesNotFollowIt() throws Exception {
        answer("302");
        TestApp app = admin();

        runtimes.open(http, app).activate(call(), activation("v1"));

        assertThat(ServerApp.output(app)).contains("asked for /health").doesNotContain("/elsewhere");
    }

    @Test
    void saysWhatTheServerAnsweredAndKeepsTheOldOne() throws Exception {
        answer("200");
        TestApp app = admin();
        ProcessRuntime runtime = inTime.open(http + "&ready-timeout=8s", app);
        runtime.activate(call(), activation("v1"));
        long first = pid(runtime);
        answer("503");

        assertThat(failsInTime(runtime, "v2", app, "asked for /health"))
                .isInstanceOf(ApplicationException.class)
                .hasMessageContaining("not ready within 8s: http://127.0.0.1:" + admin + "/health answered 503; ")
                .hasMessageContaining("its last lines were: ")
                .hasMessageContaining("asked for /health")
                .hasMessageContaining("--ready-timeout");
        assertThat(isAlive(first)).isTrue();
        assertThat(runtime.status().generation()).isEqualTo(1);
        assertThat(runtime.status().state()).isEqualTo(State.RUNNING);
        assertThat(events.types()).doesNotContain("server.stopping", "server.exited");
    }

    @Test
    void isNotFooledByTheAnswerOfTheGenerationBefore() throws Exception {
        answer("200");
        TestApp app = shell("[ -e silent ] && exec sleep 1000; exec python3 \"$0\" " + admin);
        ProcessRuntime runtime = inTime.open(http + "&ready-timeout=8s", app);
        runtime.activate(call(), activation("v1"));
        Files.createFile(folder.resolve("silent"));

        assertThat(failsInTime(runtime, "v2", app, "was connected to"))
                .isInstanceOf(ApplicationException.class)
                .hasMessageContaining("/health was answered by another process than the new server's");
        assertThat(runtime.status().generation()).isEqualTo(1);
    }

    @Test
    void mayBeAskedForOnThePortThatTheGenerationsShare() throws Exception {
        int port = PythonServer.freePort();
        TestApp app = ServerApp.of(folder, events, PythonServer.command());
        ProcessRuntime runtime = runtimes.open(
                "process:?port=127.0.0.1:" + port + "&ready=http://localhost:" + port + "/&ready-timeout=55s", app);

        runtime.activate(call(), activation("v1"));
        runtime.activate(call(), activation("v2"));

        assertThat(runtime.status().generation()).isEqualTo(2);
    }

    @Test
    void needsAConnectionThatAProcessAccepts() throws Exception {
        int port = PythonServer.freePort();
        ProcessRuntime runtime = runtimes.open(
                "process:?port=127.0.0.1:" + port + "&ready-timeout=4s&ready=tcp://127.0.0.1:" + port,
                shell("exec sleep 1000"));

        assertThatThrownBy(() -> runtime.activate(call(), activation("v1")))
                .isInstanceOf(ApplicationException.class)
                .hasMessageContaining("not ready within 4s: tcp://127.0.0.1:" + port + " did not accept a connection");
    }

    @Test
    void isNotGivenByAConnectionThatIsClosedAtOnce() throws Exception {
        ProcessRuntime runtime = runtimes.open(
                tcp,
                python(ACCEPTS.formatted(admin)
                        + "\nwhile not os.path.exists('good'): s.accept()[0].close(); print('closed', flush=True)"
                        + "\nheld = []\nwhile True: held.append(s.accept())"));
        CompletableFuture<Throwable> activated = outcome(() -> runtime.activate(call(), activation("v1")));
        TestApp app = shell("");
        Await.until("a few probes", () -> ServerApp.output(app).split("closed", -1).length > 2);
        assertThat(activated).isNotDone();

        Files.createFile(folder.resolve("good"));

        assertThat(activated.join()).isNull();
    }

    @Test
    void isFoundOfAServerThatIsHandedAConnectionOnlyWithData() throws Exception {
        TestApp app = deferred("");

        runtimes.open(http, app).activate(call(), activation("v1"));

        assertThat(ServerApp.output(app)).contains("asked for /health").doesNotContain("nothing");
    }

    @Test
    void isFoundOfSuchAServerWithoutDataWhereItWaitsForThem() throws Exception {
        runtimes.open(tcp, deferred("patient")).activate(call(), activation("v1"));

        assertThat(events.types())
                .filteredOn(type -> !"server.not_ready".equals(type)) // As often as it is asked too early.
                .containsExactly("server.starting", "server.started");
    }

    @Test
    void isNotFoundWithoutDataOfAServerThatClosesASilentConnection() throws Exception {
        TestApp app = deferred("");
        ProcessRuntime runtime = inTime.open(tcp + "&ready-timeout=8s", app);

        assertThat(failsInTime(runtime, "v1", app, "asked for nothing"))
                .isInstanceOf(ApplicationException.class)
                .hasMessageContaining("tcp://127.0.0.1:" + admin + " accepts a connection only once data has arrived,"
                        + " of which tcp:// sends none: ask it with http://");
    }

    @Test
    void isFoundOfStarletUnderTheServerStarterProtocol() throws Exception {
        Programs.require("plackup");
        Programs.requirePerl("Starlet", "Server::Starter");
        int port = PythonServer.freePort();
        Files.writeString(folder.resolve("app.psgi"), "sub { [200, [], ['well']] }");
        TestApp app = ServerApp.of(
                folder, events, "plackup", "-s", "Starlet", "--max-workers", "2", "-E", "deployment", "app.psgi");
        ProcessRuntime runtime = runtimes.open(
                "process:?port=127.0.0.1:" + port + "&ready=http://127.0.0.1:" + port + "/&ready-timeout=55s", app);

        runtime.activate(call(), activation("v1"));
        runtime.activate(call(), activation("v2"));

        assertThat(runtime.status().generation()).isEqualTo(2);
        assertThat(runtime.status().state()).isEqualTo(State.RUNNING);
    }

    @Test
    void countsTheChildrenOfAServerThatForks() throws Exception {
        answer("200");

        runtimes.open(http, admin("fork")).activate(call(), activation("v1"));

        assertThat(events.types())
                .filteredOn(type -> !"server.not_ready".equals(type)) // As often as it is asked too early.
                .containsExactly("server.starting", "server.started");
    }

    @Test
    void isNotAwaitedAnyMoreWhenTheAppIsStopped() throws Exception {
        ProcessRuntime runtime = runtimes.open(
                http,
                python(ACCEPTS.formatted(admin) + "c = s.accept(); print('accepted', flush=True); time.sleep(1000)"));
        CompletableFuture<Throwable> activated = outcome(() -> runtime.activate(call(), activation("v1")));
        TestApp app = shell("");
        Await.until("a probe", () -> ServerApp.output(app).contains("accepted"));

        runtime.stop(call());

        assertThat(activated.join()).isInstanceOf(CancelledException.class);
        Await.until("the end of the probing", () -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("dewy-ready-")));
    }

    @Test
    void isSaidByTheServerItself() throws Exception {
        ProcessRuntime runtime = runtimes.open(
                NOTIFY,
                python(SAYS + "say('STATUS=warming up'); wait('warm');"
                        + " say('READY=1\\nSTATUS=warm'); wait('hot'); say('STATUS=hot'); time.sleep(1000)"));
        CompletableFuture<Throwable> activated = outcome(() -> runtime.activate(call(), activation("v1")));
        Await.until("its status", () -> events.types().contains("server.status"));
        assertThat(activated).isNotDone();
        assertThat(events.of("server.status").get(0).data()).containsEntry("status", "warming up");

        Files.createFile(folder.resolve("warm"));
        assertThat(activated.join()).isNull();
        Await.until("its status", () -> runtime.status().detail().equals("warm"));
        Files.createFile(folder.resolve("hot"));
        Await.until("its status", () -> runtime.status().detail().equals("hot"));
        assertThat(runtime.status().state()).isEqualTo(State.RUNNING);

        RealRuntimes.crash(pid(runtime));
        Await.until("the recovery", () -> events.types().contains("server.recovered"));
    }

    @Test
    void isSaidByAProgramThatTheServerCalls() throws Exception {
        Programs.require("systemd-notify");
        ProcessRuntime runtime =
                runtimes.open(NOTIFY, shell("systemd-notify --ready --status='Up and running'; exec sleep 1000"));

        runtime.activate(call(), activation("v1"));

        Await.until("its status", () -> runtime.status().detail().equals("Up and running"));
    }

    @Test
    void thatIsNotSaidInTimeEndsTheNewServer() throws Exception {
        ProcessRuntime runtime = inTime.open(
                NOTIFY + "&ready-timeout=8s",
                python(SAYS + "print('begins', flush=True); say('STATUS=warming up'); time.sleep(1000)"));
        CompletableFuture<Throwable> activated = outcome(() -> runtime.activate(call(), activation("v1")));
        Await.until("its status", () -> events.types().contains("server.status"));

        timer.advance(READY_TIMEOUT);

        assertThat(activated.join())
                .isInstanceOf(ApplicationException.class)
                .hasMessageContaining("not ready within 8s: it has not said READY=1, its status was \"warming up\"; "
                        + "its last lines were: begins");
        assertThat(runtime.status().state()).isEqualTo(State.STOPPED);
    }

    @Test
    void isNotReachedByAServerThatEnds() throws Exception {
        ProcessRuntime runtime = runtimes.open(http, shell("echo no luck; exit 3"));

        assertThatThrownBy(() -> runtime.activate(call(), activation("v1")))
                .isInstanceOf(ApplicationException.class)
                .hasMessageContaining("exited with code 3 before it was ready; its last lines were: no luck");
    }

    @Test
    void isAwaitedAfterACrashAsWell() throws Exception {
        answer("200");
        TestApp app = admin();
        ProcessRuntime runtime = inTime.open(http + "&ready-timeout=8s", app);
        runtime.activate(call(), activation("v1"));
        answer("503");

        RealRuntimes.crash(pid(runtime));
        Await.until("the crash", () -> events.of("server.exited").size() == 1);
        int before = count(app, "asked for /health");
        timer.advance(Duration.ofSeconds(1));
        Await.until("a question that was answered", () -> count(app, "asked for /health") >= before + 2);
        timer.advance(READY_TIMEOUT);

        Await.until(
                "that the restarted one is given up",
                () -> events.of("server.exited").size() == 2);
        assertThat(events.of("server.exited").get(1).data().get("status"))
                .startsWith("not ready within 8s: http://127.0.0.1:" + admin + "/health ");
        assertThat(runtime.status().crashes()).isEqualTo(2);
        answer("200");
        timer.advance(Duration.ofSeconds(2));
        Await.until("the recovery", () -> events.types().contains("server.recovered"));
        assertThat(runtime.status().crashes()).isEqualTo(2);
        runtime.restart(call());
        assertThat(runtime.status().crashes()).isZero();
    }

    /**
     * Returns why a version is given up whose time is over. That is when a word came up in its output twice: what is asked then
     * is asked again, so the first answer is known.
     */
    private Throwable failsInTime(ProcessRuntime runtime, String version, TestApp app, String word) {
        int before = count(app, word);
        CompletableFuture<Throwable> activated = outcome(() -> runtime.activate(call(), activation(version)));
        Await.until(word, () -> count(app, word) >= before + 2);
        timer.advance(READY_TIMEOUT);
        return activated.join();
    }

    private static int count(TestApp app, String word) {
        return ServerApp.output(app).split(word, -1).length - 1;
    }

    private TestApp admin(String... more) {
        return shell("exec python3 \"$0\" " + admin + " " + String.join(" ", more));
    }

    /** Returns an app that runs a script; {@code $0} is the server with the health check. */
    private TestApp shell(String script) {
        return ServerApp.of(folder, events, "sh", "-c", script, PythonServer.file("admin.py"));
    }

    private TestApp deferred(String how) {
        return shell("exec python3 \"${0%admin.py}deferred.py\" " + admin + " " + how);
    }

    private TestApp python(String script) {
        return ServerApp.of(folder, events, "python3", "-c", script);
    }

    private void answer(String status) throws IOException {
        Path next = Files.writeString(folder.resolve("status.next"), status);
        Files.move(next, folder.resolve("status"), java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    }

    private interface Step {
        void run() throws DewyException;
    }

    private static CompletableFuture<Throwable> outcome(Step step) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                step.run();
                return null;
            } catch (DewyException e) {
                return e;
            }
        });
    }
}
