package dewy.itest;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.launcher.demo.Load;
import dewy.notifier.slack.SlackStandIn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Versions that are no good, in every way there is, at a server under load. */
@Tag("long")
@Timeout(120)
class BadVersionsIT {
    private static final int CYCLES = Boolean.getBoolean("dewy.long") ? 50 : 4;
    /** The interval, less what chance may take from it. */
    private static final Duration SHORTEST_WAIT = Duration.ofMillis(90);

    private static final String STARTED = "Deployment started";
    private static final String QUARANTINED = "Release quarantined";

    @TempDir
    Path folder;

    private Path app;
    private Registry registry;
    private SlackStandIn slack;
    private int port;

    @BeforeAll
    static void needsPython() {
        Tools.require("python3");
    }

    @BeforeEach
    void prepare() throws IOException {
        app = Files.createDirectories(folder.resolve("app"));
        registry = Registry.in(folder.resolve("registry"));
        slack = new SlackStandIn();
        port = Ports.free();
    }

    @AfterEach
    void closeSlack() throws IOException {
        slack.close();
    }

    @ParameterizedTest
    @EnumSource
    void areReplacedByTheOneBeforeToldOnceAndLeftAlone(BadVersion bad) throws Exception {
        registry.publishServer("v1.0.0");
        try (AgentProcess agent = agent(bad.options(port))) {
            agent.await("Deployment completed");
            try (Load load = load()) {
                load.awaitVersion("v1.0.0");
                bad.publish(registry, "v2.0.0");
                assertThat(agent.await(QUARANTINED))
                        .containsEntry("version", "v2.0.0")
                        .containsEntry("current", "v1.0.0")
                        .hasEntrySatisfying("error", error -> assertThat(error).contains(bad.reason()));
                serves("v1.0.0");
                isLeftAlone(agent);
                registry.publishServer("v3.0.0");
                load.awaitVersion("v3.0.0");
                agent.await("Deployment completed");
                load.close();
                assertThat(load.failures()).isEmpty();
            }
            assertThat(agent.stop()).isZero();
        }
        isToldOnce(bad);
        assertThat(Processes.leftBy(folder)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"EXITS_AT_ONCE", "IS_FOR_ANOTHER_MACHINE", "HAS_ANOTHER_DIGEST", "IS_CORRUPT"})
    void areTriedAgainLaterAndLaterWhereThereIsNothingToGoBackTo(BadVersion first) throws Exception {
        first.publish(registry, "v1.0.0");
        try (AgentProcess agent = agent(List.of())) {
            List<OffsetDateTime> attempts = new ArrayList<>();
            long used = 0;
            for (int attempt = 1; attempt <= 5; attempt++) {
                attempts.add(OffsetDateTime.parse(agent.await(STARTED).getOrDefault("time", "")));
                assertThat(agent.await("the failure", BadVersionsIT::isFailure).getOrDefault("error", ""))
                        .contains(first.reason());
                used = attempt == 2 ? AppFolder.in(app).size() : used;
            }
            for (int retry = 1; retry < attempts.size(); retry++) {
                assertThat(Duration.between(attempts.get(retry - 1), attempts.get(retry)))
                        .isGreaterThanOrEqualTo(SHORTEST_WAIT.multipliedBy(1L << (retry - 1)));
            }
            assertThat(AppFolder.in(app).size()).isLessThan(used + 8_192);
            assertThat(Releases.in(app).names()).hasSizeLessThanOrEqualTo(1);
            registry.publishServer("v1.1.0");
            agent.await("Deployment completed");
            serves("v1.1.0");
            assertThat(agent.count(QUARANTINED)).isZero();
            assertThat(agent.stop()).isZero();
        }
    }

    @Test
    void areNotThoseThatCrashNoMoreOftenThanIsAllowed() throws Exception {
        registry.publishServer("v1.0.0");
        try (AgentProcess agent = agent(List.of("--max-crashes", "2"))) {
            agent.await("Deployment completed");
            registry.publishServer("v2.0.0");
            String pid = agent.await("Server started").getOrDefault("pid", "");
            agent.await("Deployment completed");
            for (int crash = 1; crash <= 2; crash++) {
                crash(pid);
                pid = agent.await("Server recovered").getOrDefault("pid", "");
                assertThat(agent.await("Deploy skipped")).containsEntry("reason", "v2.0.0 is deployed");
            }
            crash(pid);
            assertThat(agent.await(QUARANTINED).getOrDefault("error", "")).contains("it crashed 3 times");
            serves("v1.0.0");
            assertThat(agent.stop()).isZero();
        }
    }

    private void serves(String version) throws InterruptedException, IOException {
        try (Load load = Load.on(port, 1, 0, Duration.ofMillis(10))) {
            load.awaitVersion(version);
        }
        assertThat(Files.readString(app.resolve("current/VERSION")).strip()).isEqualTo(version);
    }

    private void isLeftAlone(AgentProcess agent) throws Exception {
        long used = 0;
        for (int cycle = 0; cycle < CYCLES; cycle++) {
            assertThat(agent.await("Deploy skipped").getOrDefault("reason", ""))
                    .startsWith("v1.0.0 is deployed; ")
                    .contains("v2.0.0 is left out, quarantined");
            used = cycle == 0 ? AppFolder.in(app).size() : used;
        }
        assertThat(agent.count(STARTED)).isEqualTo(2);
        assertThat(agent.count(QUARANTINED)).isEqualTo(1);
        assertThat(AppFolder.in(app).size()).isLessThanOrEqualTo(used + 1_024);
        assertThat(Releases.in(app).names()).hasSizeLessThanOrEqualTo(2);
    }

    private void isToldOnce(BadVersion bad) {
        List<String> told = slack.posted("deploys");
        assertThat(told.stream().filter(body -> body.contains("no good")))
                .singleElement()
                .asString()
                .contains("v2.0.0", bad.reason());
        assertThat(told).noneMatch(body -> body.contains("Recovered after") || body.contains("times in a row"));
    }

    private static boolean isFailure(java.util.Map<String, String> record) {
        return record.getOrDefault("msg", "").matches("Deploy (still failing|failure)");
    }

    private static void crash(String pid) {
        assertThat(ProcessHandle.of(Long.parseLong(pid)).orElseThrow().destroyForcibly())
                .isTrue();
    }

    private Load load() {
        return Load.on(port, 2, 1, Duration.ofMillis(10));
    }

    private AgentProcess agent(List<String> more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("server", "--registry", registry.url(), "-i", "100ms"));
        arguments.addAll(List.of("--notify", "slack://deploys", "-f", "json", "-l", "debug", "-d", app.toString()));
        arguments.addAll(List.of("--ready-time", "500ms", "--max-restarts", "9"));
        arguments.addAll(more);
        arguments.addAll(List.of("-p", "127.0.0.1:" + port, "--", "current/app"));
        return AgentProcess.start(
                folder, AgentCommand.ofBuild(), slack.environment(), arguments.toArray(String[]::new));
    }
}
