package dewy.runtime.process;

import static dewy.runtime.process.RealRuntimes.activation;
import static dewy.runtime.process.RealRuntimes.call;
import static dewy.runtime.process.RealRuntimes.crash;
import static dewy.runtime.process.RealRuntimes.isAlive;
import static dewy.runtime.process.RealRuntimes.pid;
import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.DewyException;
import dewy.api.runtime.RuntimeStatus.State;
import dewy.posix.PosixSurvivors;
import dewy.tck.Await;
import dewy.tck.TestApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of servers whose agent was killed, once there is another one. */
class AdoptionTest {
    private static final String SLEEPS = "echo $$ >> pids; echo $DEWY_VERSION begins; exec sleep 1000";

    private final Recorder events = new Recorder();
    private final RealRuntimes runtimes = new RealRuntimes();
    private final int port = PythonServer.freePort();
    private final String url = "process:?ready-time=300ms&port=127.0.0.1:" + port;
    private final Path folder;

    AdoptionTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @AfterEach
    void close() throws IOException {
        runtimes.close();
        // What a failed test left without an agent.
        started().stream().filter(RealRuntimes::isAlive).forEach(RealRuntimes::crash);
    }

    @Test
    void losesNoRequestWhenTheAgentIsKilled() throws Exception {
        TestApp app = ServerApp.of(folder, events, PythonServer.command());
        try (KilledAgent agent = KilledAgent.start(folder, url, PythonServer.command())) {
            long server = agent.activate("v1");
            Load load = Load.on(port, 4, 4);
            awaitAnswerOf(load, 1);
            agent.kill();
            long answers = load.answers();
            Await.until("answers without an agent", () -> load.answers() > answers + 100);

            ProcessRuntime runtime = adopt(url, app);

            assertThat(runtime.status().state()).isIn(State.RUNNING, State.BACKING_OFF);
            assertThat(pid(runtime)).isEqualTo(server);
            runtime.activate(call(), activation("v2"));
            awaitAnswerOf(load, (int) runtime.status().generation());
            Await.until("the end of the old one", () -> !isAlive(server));
            load.close();
            System.out.printf(
                    "agent killed and followed: %d requests, %d failures%n",
                    load.answers(), load.failures().size());
            assertThat(load.failures()).isEmpty();
            assertThat(events.types()).doesNotContain("server.killed", "server.exited");
        }
    }

    @Test
    void goesOnWithTheServerAndItsOutput() throws Exception {
        long server = leave(url, "v1");

        ProcessRuntime runtime = adopt(url, app(SLEEPS));

        assertThat(pid(runtime)).isEqualTo(server);
        assertThat(runtime.status().state()).isEqualTo(State.RUNNING);
        assertThat(runtime.status().cacheKey()).contains("v1--app.tar.gz");
        assertThat(events.all()).isEmpty();
        runtime.restart(call());
        assertThat(runtime.status().generation()).isEqualTo(2);
        Await.until("its end", () -> !isAlive(server));
    }

    @Test
    void restartsAServerThatCrashesLater() throws Exception {
        long server = leave(url, "v1");
        ProcessRuntime runtime = adopt(url, app(SLEEPS));

        crash(server);

        Await.until("the restart", () -> events.types().contains("server.recovered"));
        assertThat(events.of("server.exited").get(0).data())
                .containsEntry("pid", Long.toString(server))
                .containsEntry("status", "ended, and its exit code is not known")
                .containsEntry("restart_in", "1s");
        assertThat(runtime.status().crashes()).isEqualTo(1);
    }

    @Test
    void startsAServerAgainThatEndedWhileThereWasNoAgent() throws Exception {
        long server = leave(url, "v1");
        crash(server);
        Await.until("its end", () -> !isAlive(server));

        ProcessRuntime runtime = adopt(url + "&max-restarts=0", app(SLEEPS));

        Await.until("the restart", () -> events.types().contains("server.recovered"));
        assertThat(events.of("server.exited").get(0).data())
                .containsEntry("status", "ended while no agent watched it, and its exit code is not known")
                .containsEntry("restart_in", "0s");
        assertThat(runtime.status().state()).isEqualTo(State.RUNNING);
        assertThat(runtime.status().generation()).isEqualTo(2);
        assertThat(runtime.status().crashes()).isZero();
        assertThat(runtime.status().cacheKey()).contains("v1--app.tar.gz");
    }

    @Test
    void endsAServerThatWasNotReadyYet() throws Exception {
        int admin = PythonServer.freePort();
        Files.writeString(folder.resolve("status"), "200");
        String[] command = {
            "sh",
            "-c",
            "echo $$ >> pids; [ $SERVER_STARTER_GENERATION = 1 ] && exec python3 \"$0\" " + admin + "; exec sleep 1000",
            PythonServer.file("admin.py")
        };
        long unready;
        try (KilledAgent agent =
                KilledAgent.start(folder, url + "&ready=tcp://127.0.0.1:" + admin + "&ready-timeout=1h", command)) {
            agent.activate("v1");
            agent.begin("v2");
            Await.until("the start", () -> started().size() == 2);
            unready = started().get(1);
            agent.kill();
        }
        assertThat(started()).allMatch(RealRuntimes::isAlive);

        ProcessRuntime runtime = adopt(url, app(SLEEPS));

        Await.until("its end", () -> events.types().contains("server.stopped"));
        assertThat(isAlive(unready)).isFalse();
        assertThat(events.types()).containsExactly("server.stopping", "server.stopped");
        assertThat(runtime.status().state()).isEqualTo(State.RUNNING);
        assertThat(pid(runtime)).isEqualTo(started().get(0));
        assertThat(runtime.status().cacheKey()).contains("v1--app.tar.gz");
        runtime.restart(call());
        assertThat(runtime.status().generation()).isEqualTo(3);
    }

    @Test
    void endsAServerThatIgnoresThatItWasReplaced() throws Exception {
        String stubborn = "echo $$ >> pids; [ $SERVER_STARTER_GENERATION = 1 ] && trap '' TERM;"
                + " echo $DEWY_VERSION begins; while :; do sleep 0.1; done";
        String impatient = url + "&stop-timeout=2s";
        long first;
        try (KilledAgent agent = KilledAgent.start(folder, url + "&stop-timeout=1h", "sh", "-c", stubborn)) {
            first = agent.activate("v1");
            agent.activate("v2");
            Await.until("that it is kept", () -> kept().contains("draining.1"));
            agent.kill();
        }
        assertThat(isAlive(first)).isTrue();

        ProcessRuntime runtime = adopt(impatient, app(stubborn));

        Await.until("its end", () -> !isAlive(first));
        Await.until("that it is told", () -> events.types().contains("server.stopped"));
        assertThat(events.types()).containsExactly("server.killed", "server.stopped");
        assertThat(runtime.status().state()).isEqualTo(State.RUNNING);
        assertThat(runtime.status().generation()).isEqualTo(2);
    }

    @Test
    void runsAServerWithOtherPortsFromTheNextGenerationOn() throws Exception {
        leave(url, "v1");
        int added = PythonServer.freePort();
        ProcessRuntime runtime =
                adopt(url + ",127.0.0.1:" + added, app("echo $$ >> pids; env > environment; exec sleep 1000"));

        runtime.restart(call());

        assertThat(Files.readString(folder.resolve("environment")))
                .contains("SERVER_STARTER_PORT=127.0.0.1:" + port + "=3;127.0.0.1:" + added + "=4\n");
    }

    /** Has an agent activate a release, kills it, and returns the process id of the server. */
    private long leave(String whichUrl, String tag) throws IOException {
        try (KilledAgent agent = KilledAgent.start(folder, whichUrl, "sh", "-c", SLEEPS)) {
            long server = agent.activate(tag);
            agent.kill();
            return server;
        }
    }

    private ProcessRuntime adopt(String whichUrl, TestApp app) throws DewyException, IOException {
        return runtimes.adopt(whichUrl, app, Keeper.read(ServerApp.kept(folder), new PosixSurvivors()));
    }

    private TestApp app(String script) {
        return ServerApp.of(folder, events, "sh", "-c", script);
    }

    private String kept() {
        try {
            return Files.readString(ServerApp.kept(folder));
        } catch (IOException e) {
            return "";
        }
    }

    private List<Long> started() {
        Path file = folder.resolve("pids");
        try {
            return (Files.exists(file) ? Files.readAllLines(file) : List.<String>of())
                    .stream().map(Long::parseLong).toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void awaitAnswerOf(Load load, int generation) {
        Await.until("generation " + generation, () -> load.generations().contains(Integer.toString(generation)));
    }
}
