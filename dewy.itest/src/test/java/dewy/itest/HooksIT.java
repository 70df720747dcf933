package dewy.itest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Hooks around deployments, good and bad ones, through the jar. */
@Timeout(240)
class HooksIT {
    private static final String BEFORE = "--before-deploy-hook";
    private static final String AFTER = "--after-deploy-hook";

    @TempDir
    Path folder;

    private Registry registry;
    private Path app;

    @BeforeEach
    void prepare() throws IOException {
        app = Files.createDirectories(folder.resolve("app"));
        registry = Registry.in(folder.resolve("registry"));
        registry.publish("v1.0.0", Map.of("page.html", "one"));
    }

    @Test
    void findTheirPlaceAndEverythingAboutTheDeployment() throws Exception {
        String tell = "pwd; env | grep ^DEWY_ | sort; wc -c";
        List<Map<String, String>> told = new ArrayList<>();
        try (AgentProcess agent = assets(BEFORE, tell, AFTER, tell, "-n", "site")) {
            told.add(agent.await("Execute hook"));
            told.add(agent.await("Execute hook"));
            registry.publish("v1.1.0", Map.of("page.html", "two"));
            told.add(agent.await("Execute hook"));
            told.add(agent.await("Execute hook"));
        }
        List<String> ids = told.stream().map(HooksIT::deployId).toList();
        assertThat(ids.get(0)).isNotBlank().isEqualTo(ids.get(1)).isNotEqualTo(ids.get(2));
        assertThat(ids.get(2)).isEqualTo(ids.get(3));
        assertThat(told).extracting(record -> record.get("hook")).containsExactly("before", "after", "before", "after");
        assertThat(told.get(0)).containsEntry("stdout", told("v1.0.0", "", ids.get(0), ""));
        assertThat(told.get(1)).containsEntry("stdout", told("v1.0.0", "", ids.get(0), release(0)));
        assertThat(told.get(2)).containsEntry("stdout", told("v1.1.0", "v1.0.0", ids.get(2), ""));
        assertThat(told.get(3)).containsEntry("stdout", told("v1.1.0", "v1.0.0", ids.get(2), release(1)));
    }

    @Test
    void runTheAfterHookOnlyOnceTheNewVersionIsReady() throws Exception {
        registry.publishScript("v1.0.0", "#!/bin/sh\ndate +%s%N > started\nexec sleep 300\n");
        String since = "echo $(( ($(date +%s%N) - $(cat started)) / 1000000 ))";
        try (AgentProcess agent = server(AFTER, since, "--ready-time", "500ms")) {
            String millis = agent.await("Execute hook").getOrDefault("stdout", "");
            assertThat(Long.parseLong(millis)).isGreaterThanOrEqualTo(500);
            registry.publishScript("v1.1.0", "#!/bin/sh\nexit 3\n");
            agent.await("Release quarantined");
            assertThat(agent.count("Execute hook")).isEqualTo(1);
        }
    }

    @Test
    void abortADeploymentBeforeItTouchesAnything() throws Exception {
        String failing = "echo $DEWY_DEPLOY_ID $DEWY_ATTEMPT; test -e ../allowed";
        String[] arguments = {BEFORE, failing, "--hook-failure", "abort", "--notifier", "log:"};
        Map<String, String> first;
        int attempts;
        try (AgentProcess agent = assets(arguments)) {
            first = agent.await("Before deploy hook failure");
            assertThat(agent.await("Deploy failure").getOrDefault("error", "")).contains("failed with exit code 1");
            agent.find(
                    "the pause after it",
                    record -> "Deploy postponed".equals(record.get("msg"))
                            && record.getOrDefault("reason", "").contains("left alone for a while"));
            Map<String, String> second = agent.find("the second", record -> isAttempt(record, attempt(first, 2)));
            assertThat(app.toFile().list()).doesNotContain("current", "releases");
            Map<String, String> third = agent.find("the third", record -> isAttempt(record, attempt(first, 3)));
            assertThat(first).containsEntry("stdout", attempt(first, 1));
            assertThat(between(second, third)).isGreaterThan(Duration.ofMillis(340));
            assertThat(agent.stop()).isZero();
            attempts = (int) agent.count("Before deploy hook failure");
            assertThat(agent.output().lines().filter(line -> line.contains("\"msg\":\"Notification\"")))
                    .filteredOn(line -> line.contains("failed with exit code"))
                    .hasSize(1);
        }
        try (AgentProcess agent = assets(arguments)) {
            assertThat(agent.await("Before deploy hook failure")).containsEntry("stdout", attempt(first, attempts + 1));
            Files.createFile(folder.resolve("allowed"));
            String allowed = agent.await("Execute hook").getOrDefault("stdout", "");
            int last = (int) agent.count("Before deploy hook failure") + attempts + 1;
            assertThat(allowed).isEqualTo(attempt(first, last));
            agent.await("Deployment completed");
            agent.await("Deploy recovered");
            assertThat(app.resolve("current/page.html")).hasContent("one");
        }
    }

    @Test
    void areToldAndChangeNothingWhenTheyFail() throws Exception {
        HookMatrix matrix = HookMatrix.in(folder, registry, "continue");
        try (AgentProcess agent = matrix.start()) {
            for (HookMatrix.Case bad : HookMatrix.CASES) {
                matrix.failed(agent, bad, "Before deploy hook failure");
                matrix.failed(agent, bad, "After deploy hook failure");
                matrix.record(agent, bad, "Deployment completed");
                assertThat(matrix.app(bad).resolve("current/page.html")).hasContent("one");
            }
            assertThat(agent.count("Deploy failure")).isZero();
            assertThat(agent.stop()).isZero();
        }
        assertThat(Processes.leftBy(folder)).isEmpty();
    }

    @Test
    void endTheDeploymentWhenTheyFailBeforeItAndAreToAbort() throws Exception {
        HookMatrix matrix = HookMatrix.in(folder, registry, "abort");
        try (AgentProcess agent = matrix.start()) {
            for (HookMatrix.Case bad : HookMatrix.CASES) {
                matrix.failed(agent, bad, "Before deploy hook failure");
                assertThat(matrix.record(agent, bad, "Deploy failure").getOrDefault("error", ""))
                        .contains("Cannot run the before-deploy hook", bad.error());
                assertThat(matrix.app(bad).resolve("current")).doesNotExist();
            }
            assertThat(agent.count("After deploy hook failure")).isZero();
            assertThat(agent.count("Deployment completed")).isZero();
            assertThat(agent.stop()).isZero();
        }
        assertThat(Processes.leftBy(folder)).isEmpty();
    }

    @Test
    void cannotUndoADeploymentAfterItEvenWhereTheyAreToAbort() throws Exception {
        try (AgentProcess agent = assets(AFTER, "exit 3", "--hook-failure", "abort")) {
            agent.await("After deploy hook failure");
            agent.await("Deployment completed");
            agent.await("Deploy skipped");
            assertThat(agent.count("Deploy failure")).isZero();
            assertThat(app.resolve("current/page.html")).hasContent("one");
        }
    }

    @Test
    void endWithTheirShellAndTakeAlongWhatItLeftInTheBackground() throws Exception {
        try (AgentProcess agent = assets(BEFORE, "sleep 1000 & (trap '' TERM; sleep 1001; :) & echo $!")) {
            Map<String, String> record = agent.await("Execute hook");
            agent.await("Deployment completed");
            assertThat(record.getOrDefault("stdout", "")).matches("\\d+");
            Releases.await(
                    () -> Processes.leftBy(folder).stream().allMatch(process -> process.pid() == agent.pid()),
                    agent::output);
        }
    }

    @Test
    void leaveADaemonAloneThatHasASessionOfItsOwn() throws Exception {
        Tools.require("setsid");
        try (AgentProcess agent = assets(AFTER, "setsid sh -c 'echo $$ > daemon; exec sleep 1000' &")) {
            agent.await("Deployment completed");
        }
        Path daemon = app.resolve("daemon");
        Releases.await(() -> Files.exists(daemon), () -> "no daemon");
        ProcessHandle process = ProcessHandle.of(
                        Long.parseLong(Files.readString(daemon).strip()))
                .orElseThrow();
        assertThat(process.isAlive()).isTrue();
        process.destroyForcibly();
        process.onExit().join();
    }

    @Test
    void mayWriteWhatIsNoText() throws Exception {
        String odd = "printf 'a\\377b\\000c\\033[1m\\n'; printf '\\360\\237' >&2";
        try (AgentProcess agent = assets(BEFORE, odd)) {
            assertThat(agent.await("Execute hook"))
                    .containsEntry("stdout", "a\uFFFDb\0c\u001b[1m")
                    .containsEntry("stderr", "\uFFFD");
        }
    }

    @Test
    void mayWriteAHundredMegabytesWithoutFillingMemoryOrDisk() throws Exception {
        String flood = "head -c 100000000 /dev/zero | tr '\\000' 'x'; echo; echo the end";
        Path log = app.resolve(".dewy/log/hook-before.log");
        long largest = 0;
        try (AgentProcess agent = AgentProcess.start(
                folder,
                List.of("-Xmx64m"),
                AgentProcess.arguments(
                        "assets", registry.url(), app, BEFORE, flood + "; (" + flood + ") >&2; sleep 1"))) {
            agent.await("Deployment started");
            while (agent.count("Execute hook") == 0) {
                largest = Math.max(largest, size(log));
                agent.outlives(2, java.util.concurrent.TimeUnit.MILLISECONDS);
            }
            Map<String, String> record = agent.await("Execute hook");
            agent.await("Deployment completed");
            assertThat(record.getOrDefault("stdout", "")).startsWith("… x").endsWith("x\nthe end");
            assertThat(record.getOrDefault("stderr", "")).startsWith("… x").endsWith("x\nthe end");
        }
        assertThat(largest).isLessThan(80L << 20);
        assertThat(size(log)).isBetween(60L << 10, 5L << 20);
        assertThat(Files.readString(log)).endsWith("x\nthe end\n");
    }

    @Test
    void areEndedWithTheAgent() throws Exception {
        String deaf = "trap '' TERM; touch entered; while :; do sleep 1; done";
        for (String place : List.of(BEFORE, AFTER)) {
            Files.deleteIfExists(app.resolve("entered"));
            try (AgentProcess agent = assets(place, deaf)) {
                Releases.await(() -> Files.exists(app.resolve("entered")), agent::output);
                assertThat(agent.stop()).as(agent.output()).isZero();
                assertThat(agent.count("Deploy failure")).isZero();
            }
            assertThat(Processes.leftBy(folder)).isEmpty();
        }
    }

    @Test
    void runAgainWhereTheAgentWasEndedBeforeTheyWereDone() throws Exception {
        String once =
                "echo $DEWY_DEPLOY_ID $DEWY_ATTEMPT $DEWY_PREVIOUS_VERSION >> runs; test -e ../allowed || sleep 300";
        Path runs = app.resolve("runs");
        try (AgentProcess agent = assets(AFTER, once)) {
            Releases.await(() -> Files.exists(runs), agent::output);
            assertThat(agent.stop()).isZero();
            assertThat(agent.count("Deployment completed")).isZero();
        }
        Files.createFile(folder.resolve("allowed"));
        try (AgentProcess agent = assets(AFTER, once)) {
            agent.await("Execute hook");
            agent.await("Deployment completed");
            agent.await("Deploy skipped");
        }
        List<String> lines = Files.readAllLines(runs);
        assertThat(lines).hasSize(2);
        assertThat(lines.get(1)).isEqualTo(lines.get(0).replaceFirst(" 1$", " 2"));
        assertThat(Releases.in(app).names()).hasSize(1);
    }

    @Test
    void areEndedBeforeTheyRunAgainWhereTheAgentWasKilled() throws Exception {
        String once = "echo $$ >> runs; test -e ../allowed || sleep 300";
        Path runs = app.resolve("runs");
        try (AgentProcess agent = assets(BEFORE, once)) {
            Releases.await(() -> Files.exists(runs), agent::output);
            agent.kill();
        }
        ProcessHandle left =
                ProcessHandle.of(Long.parseLong(Files.readString(runs).strip())).orElseThrow();
        assertThat(left.isAlive()).isTrue();
        Files.createFile(folder.resolve("allowed"));
        try (AgentProcess agent = assets(BEFORE, once)) {
            assertThat(agent.await("End hook of an earlier agent"))
                    .containsEntry("hook", "before")
                    .containsEntry("pid", Long.toString(left.pid()));
            agent.await("Execute hook");
            assertThat(Processes.leftBy(folder)).extracting(ProcessHandle::pid).doesNotContain(left.pid());
            agent.await("Deployment completed");
            assertThat(app.resolve(".dewy/running-hook")).doesNotExist();
        }
        assertThat(Files.readAllLines(runs)).hasSize(2);
    }

    private String told(String version, String previous, String id, String release) {
        Stream<String> lines = Stream.of(
                "DEWY_APP=site",
                "DEWY_ARTIFACT=app.tar.gz",
                "DEWY_ATTEMPT=1",
                "DEWY_DEPLOY_ID=" + id,
                "DEWY_DIRECTORY=" + app,
                "DEWY_PREVIOUS_VERSION=" + previous,
                "DEWY_RELEASE=" + release,
                "DEWY_VERSION=" + version);
        Stream<String> given = lines.filter(line -> !line.endsWith("="));
        return app + "\n" + String.join("\n", given.toList()) + "\n0";
    }

    private String release(int index) throws IOException {
        String name = Releases.in(app).names().stream().sorted().toList().get(index);
        return app.resolve("releases").resolve(name).toString();
    }

    private static String deployId(Map<String, String> record) {
        return record.getOrDefault("stdout", "")
                .lines()
                .filter(line -> line.startsWith("DEWY_DEPLOY_ID="))
                .findFirst()
                .orElse("")
                .replace("DEWY_DEPLOY_ID=", "");
    }

    private static boolean isAttempt(Map<String, String> record, String attempt) {
        return "Before deploy hook failure".equals(record.get("msg")) && attempt.equals(record.get("stdout"));
    }

    /** What the hook of the first record writes at another attempt. */
    private static String attempt(Map<String, String> first, int number) {
        return first.getOrDefault("stdout", "").split(" ", -1)[0] + " " + number;
    }

    private static Duration between(Map<String, String> first, Map<String, String> second) {
        return Duration.between(time(first), time(second));
    }

    private static java.time.Instant time(Map<String, String> record) {
        return java.time.Instant.parse(record.getOrDefault("time", ""));
    }

    private static long size(Path file) throws IOException {
        return Files.exists(file) ? Files.size(file) : 0;
    }

    private AgentProcess assets(String... more) throws IOException {
        return AgentProcess.start(folder, AgentProcess.arguments("assets", registry.url(), app, more));
    }

    private AgentProcess server(String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(more));
        arguments.addAll(List.of("--", "current/app"));
        return AgentProcess.start(
                folder, AgentProcess.arguments("server", registry.url(), app, arguments.toArray(String[]::new)));
    }
}
