package dewy.itest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Signals, however they are sent, through the script and through Java: the agent ends well, and nothing of the app is left. */
@Execution(ExecutionMode.CONCURRENT)
@Timeout(240)
class SignalsIT {
    /** What is started. */
    enum Way {
        SCRIPT,
        JAR;

        List<String> line() {
            return this == SCRIPT
                    ? List.of(Path.of(System.getProperty("dewy.root"), "dewy")
                            .normalize()
                            .toString())
                    : List.of(
                            AgentProcess.java(),
                            "-XX:TieredStopAtLevel=1",
                            "-XX:+UseSerialGC",
                            "-Xmx96m",
                            "-jar",
                            AgentProcess.jar().toString());
        }
    }

    /** From where signals come. */
    enum From {
        SOMEBODY("INT", "TERM", "QUIT") {
            @Override
            void stop(AgentProcess agent, String signal) throws Exception {
                agent.signal(signal);
            }
        },
        THE_GROUP("INT", "TERM", "QUIT") {
            @Override
            List<String> by() {
                return List.of("setsid");
            }

            @Override
            void stop(AgentProcess agent, String signal) throws Exception {
                agent.signalGroup(signal);
            }
        },
        A_TERMINAL("INT", "QUIT") {
            @Override
            void stop(AgentProcess agent, String signal) throws Exception {
                agent.press("INT".equals(signal) ? "\u0003" : "\u001c");
            }
        },
        /** It sends what it gets, or when the time is over, to its child, and then to the group with its child in it. */
        TIMEOUT("TERM", "INT", "QUIT") {
            @Override
            List<String> by() {
                return heeding("timeout", "600");
            }

            @Override
            void stop(AgentProcess agent, String signal) throws Exception {
                agent.signal(signal);
            }
        },
        /** As entry points of containers do; a shell starts what is in the background with SIGINT and SIGQUIT ignored. */
        A_PARENT("TERM", "INT", "QUIT") {
            @Override
            List<String> by() {
                String script =
                        """
                        twice() { kill -s $1 $agent; sleep 0.2; kill -s $1 $agent 2>/dev/null; }
                        "$@" & agent=$!
                        for signal in TERM INT QUIT; do trap "twice $signal" $signal; done
                        while :; do wait $agent; code=$?; kill -0 $agent 2>/dev/null || exit $code; done
                        """;
                return heeding("sh", "-c", script, "sh");
            }

            @Override
            void stop(AgentProcess agent, String signal) throws Exception {
                agent.signal(signal);
            }
        };

        @SuppressWarnings("ImmutableEnumChecker") // List.of is immutable, which its type does not say.
        final List<String> signals;

        From(String... signals) {
            this.signals = List.of(signals);
        }

        List<String> by() {
            return List.of();
        }

        abstract void stop(AgentProcess agent, String signal) throws Exception;

        /** Java starts others with SIGQUIT blocked, and what does not know of it never gets it. */
        private static List<String> heeding(String... command) {
            Tools.require("python3");
            List<String> line = new ArrayList<>(List.of("python3", "-c"));
            line.add("import os, signal, sys; signal.pthread_sigmask(signal.SIG_SETMASK, []);"
                    + " os.execvp(sys.argv[1], sys.argv[1:])");
            line.addAll(List.of(command));
            return line;
        }
    }

    /** It takes a while to end, so that a second signal comes meanwhile. */
    private static final String SERVER = "#!/bin/sh\ntrap 'sleep 0.4; exit 0' TERM\nwhile :; do sleep 0.1; done\n";

    /** Its later generations never say that they are ready. */
    private static final String READY_ONCE =
            """
            #!/bin/sh
            trap 'exit 0' TERM
            [ "$SERVER_STARTER_GENERATION" != 1 ] || python3 -c 'import os, socket
            told = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            told.sendto(b"READY=1", os.environ["NOTIFY_SOCKET"])'
            while :; do sleep 0.1; done
            """;

    private static final String STUBBORN = "#!/bin/sh\ntrap '' TERM\nwhile :; do sleep 0.1; done\n";

    @TempDir
    Path folder;

    private Registry registry;

    @BeforeEach
    void openRegistry() throws IOException {
        registry = Registry.in(folder.resolve("registry"));
    }

    static Stream<Arguments> stops() {
        List<Arguments> all = new ArrayList<>();
        for (From from : From.values()) {
            for (String signal : from.signals) {
                // Each is tried through both, but not each with each.
                Way way = Way.values()[all.size() % 2];
                all.add(Arguments.of(way, from, signal));
            }
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("stops")
    void stop(Way way, From from, String signal) throws Exception {
        registry.publishScript("v1.0.0", SERVER);
        try (AgentProcess agent = server(way, from)) {
            agent.await("Deployment completed");
            from.stop(agent, signal);
            assertThat(agent.exitCode()).as(agent.output()).isIn(from == From.TIMEOUT ? List.of(0, 124) : List.of(0));
            assertThat(agent.count("App stopped")).as(agent.output()).isEqualTo(1);
        }
        assertThat(Processes.leftBy(folder)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"SCRIPT, INT, 130", "JAR, TERM, 143", "JAR, QUIT, 131"})
    void cutShortWhatTakesLongerThanTwoSeconds(Way way, String signal, int code) throws Exception {
        registry.publishScript("v1.0.0", STUBBORN);
        try (AgentProcess agent = server(way, From.SOMEBODY, "--stop-timeout", "10m")) {
            agent.await("Deployment completed");
            agent.signalUntilItEnds(signal, Duration.ofMillis(300));
            assertThat(agent.exitCode()).as(agent.output()).isEqualTo(code);
            assertThat(agent.count("Stopping is cut short")).isEqualTo(1);
        }
        assertThat(Processes.leftBy(folder)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void stopAnAgentThatIsJustStarting(Way way) throws Exception {
        registry.publishScript("v1.0.0", SERVER);
        try (AgentProcess agent = server(way, From.SOMEBODY)) {
            agent.await("Dewy started");
            agent.signal("INT");
            assertThat(agent.exitCode()).as(agent.output()).isZero();
        }
        assertThat(Processes.leftBy(folder)).isEmpty();
    }

    /** It takes over before it ends, so that nobody has to look for what is left. */
    @Test
    void stopWhatAKilledAgentLeftAlsoWhereTheNextOneIsJustStarting() throws Exception {
        registry.publishScript("v1.0.0", SERVER);
        try (AgentProcess killed = server(Way.JAR, From.SOMEBODY)) {
            killed.await("Deployment completed");
            killed.kill();
        }
        assertThat(Processes.leftBy(folder)).isNotEmpty();
        try (AgentProcess agent = server(Way.JAR, From.SOMEBODY)) {
            awaitIgnored(agent.pid(), "USR1"); // It takes signals to stop before this one.
            agent.signal("TERM");
            assertThat(agent.exitCode()).as(agent.output()).isZero();
            assertThat(agent.count("App stopped")).as(agent.output()).isOne();
        }
        assertThat(Processes.leftBy(folder)).isEmpty();
    }

    @Test
    void stopADeployment() throws Exception {
        registry.publishScript("v1.0.0", SERVER);
        try (AgentProcess agent = server(Way.JAR, From.SOMEBODY, "--before-deploy-hook", "touch entered; sleep 300")) {
            Releases.await(() -> Files.exists(app().resolve("entered")), agent::output);
            agent.signal("QUIT");
            assertThat(agent.exitCode()).as(agent.output()).isZero();
        }
        assertThat(Processes.leftBy(folder)).isEmpty();
    }

    /** Where no process was started, QUIT is the agent's only some time after the first cycle; until then it harms nobody. */
    @ParameterizedTest
    @EnumSource
    void stopAnAgentWithoutServers(Way way) throws Exception {
        registry.publish("v1.0.0", Map.of("page.html", "x"));
        try (AgentProcess agent = agent(way, From.SOMEBODY, "assets", List.of())) {
            agent.await("Deployment completed");
            agent.signalUntilItEnds("QUIT", Duration.ofMillis(200));
            assertThat(agent.exitCode()).as(agent.output()).isZero();
            assertThat(agent.count("App stopped")).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void leaveTheJvmToItsTools(Way way) throws Exception {
        Tools.require("jcmd");
        registry.publishScript("v1.0.0", SERVER);
        try (AgentProcess agent = server(way, From.SOMEBODY)) {
            agent.await("Deployment completed");
            for (int i = 0; i < 2; i++) {
                assertThat(output("jcmd", Long.toString(agent.pid()), "Thread.print"))
                        .contains("Full thread dump");
            }
            assertThat(agent.count("Shutting down")).isZero();
            agent.signal("QUIT");
            assertThat(agent.exitCode()).as(agent.output()).isZero();
        }
        assertThat(Processes.leftBy(folder)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"SCRIPT, HUP", "JAR, USR1"})
    void replaceTheServer(Way way, String signal) throws Exception {
        registry.publishScript("v1.0.0", SERVER);
        try (AgentProcess agent = server(way, From.SOMEBODY)) {
            agent.await("Deployment completed");
            agent.signal(signal);
            assertThat(agent.await("Restart server")).containsEntry("signal", "SIG" + signal);
            agent.await("Server started");
            agent.await("Restart notification");
            assertThat(agent.stop()).isZero();
        }
    }

    /** However many come while a server is replaced, they ask for one more, and for none once the agent stops. */
    @ParameterizedTest
    @CsvSource({"SCRIPT, USR1", "JAR, HUP"})
    void doNotDelayAStopWhereTheyReplaceServers(Way way, String signal) throws Exception {
        Tools.require("python3");
        registry.publishScript("v1.0.0", READY_ONCE);
        try (AgentProcess agent = server(way, From.SOMEBODY, "--ready", "notify", "--ready-timeout", "10m")) {
            agent.await("Deployment completed");
            for (int i = 0; i < 20; i++) {
                agent.signal(signal);
            }
            agent.await("Restart server");
            agent.signal("TERM");
            agent.signalUntilItEnds(signal, Duration.ofMillis(50));
            assertThat(agent.exitCode()).as(agent.output()).isZero();
            assertThat(agent.count("Restart server")).as(agent.output()).isOne();
            assertThat(agent.count("Restart failure")).as(agent.output()).isZero();
            assertThat(agent.count("App stopped")).as(agent.output()).isOne();
        }
        assertThat(Processes.leftBy(folder)).isEmpty();
    }

    @Test
    void doNotEndAnAgentThatIsJustStartingWhereTheyReplaceServers() throws Exception {
        registry.publishScript("v1.0.0", SERVER);
        try (AgentProcess agent = server(Way.SCRIPT, From.SOMEBODY)) {
            awaitIgnored(agent.pid(), "USR1");
            while (agent.count("App added") == 0 && agent.isAlive()) {
                agent.signal("USR1");
                agent.outlives(20, TimeUnit.MILLISECONDS);
            }
            agent.await("Deployment completed");
            assertThat(agent.stop()).as(agent.output()).isZero();
        }
    }

    /** The script has its first lines behind it, or the agent is at work. */
    private static void awaitIgnored(long pid, String signal) throws InterruptedException {
        long bit = 1L << ("USR1".equals(signal) ? 9 : 0);
        Path status = Path.of("/proc", Long.toString(pid), "status");
        Releases.await(
                () -> {
                    try (Stream<String> lines = Files.lines(status)) {
                        return lines.filter(line -> line.startsWith("SigIgn") || line.startsWith("SigCgt"))
                                .anyMatch(line -> (Long.parseUnsignedLong(line.split("\\s+", -1)[1], 16) & bit) != 0);
                    } catch (IOException e) {
                        return false;
                    }
                },
                status::toString);
    }

    private AgentProcess server(Way way, From from, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("--ready-time", "100ms"));
        arguments.addAll(List.of(more));
        arguments.addAll(List.of("--", "current/app"));
        return agent(way, from, "server", arguments);
    }

    private AgentProcess agent(Way way, From from, String command, List<String> more) throws IOException {
        List<String> line = new ArrayList<>(from.by());
        line.addAll(way.line());
        line.addAll(List.of(command, "--registry", registry.url(), "-f", "json", "-d"));
        line.add(Files.createDirectories(app()).toString());
        line.addAll(more);
        // No archive of classes is written, which takes longer than all the rest.
        Map<String, String> environment = Map.of("XDG_CACHE_HOME", "/dev/null");
        return AgentProcess.launch(folder, from == From.A_TERMINAL ? onATerminal(line) : line, environment);
    }

    private static List<String> onATerminal(List<String> line) {
        Tools.require("script");
        return List.of("script", "-qefc", "stty -echoctl; exec " + String.join(" ", line), "/dev/null");
    }

    private static String output(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }

    private Path app() {
        return folder.resolve("app");
    }
}
