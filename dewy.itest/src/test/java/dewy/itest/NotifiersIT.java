package dewy.itest;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.notifier.slack.SlackStandIn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several notifiers of one app, some of them out of order, through the jar. */
@Timeout(240)
class NotifiersIT {
    @TempDir
    Path folder;

    private Registry registry;
    private Path app;
    private SlackStandIn slack;

    @BeforeEach
    void prepare() throws IOException {
        app = Files.createDirectories(folder.resolve("app"));
        registry = Registry.in(folder.resolve("registry"));
        registry.publish("v1.0.0", Map.of("page.html", "one"));
        slack = new SlackStandIn();
    }

    @AfterEach
    void closeSlack() throws IOException {
        slack.close();
    }

    @Test
    void doNotWaitForOneThatNeverAnswersNorDoesTheApp() throws Exception {
        slack.neverAnswers("stuck");
        slack.neverAnswers("stuck-too");
        try (AgentProcess agent = assets("slack://stuck", "slack://stuck-too", "slack://fine")) {
            agent.await("Deployment completed");
            registry.publish("v1.1.0", Map.of("page.html", "two"));
            awaitPosted(agent, "fine", "Deployed v1.1.0");
            assertThat(agent.stop()).isZero();
            assertThat(last("fine")).contains("Automatic shipping stopped by Dewy (assets)");
            assertThat(slack.posted("stuck")).hasSize(1);
            assertThat(agent.output()).contains("Notification failure");
        }
    }

    @Test
    void doNotSufferFromOneThatFails() throws Exception {
        slack.fails("broken");
        try (AgentProcess agent = assets("slack://broken", "slack://fine")) {
            awaitPosted(agent, "fine", "Deployed v1.0.0");
            assertThat(agent.await("Notification delayed").getOrDefault("error", ""))
                    .contains("answered 503");
            assertThat(agent.stop()).isZero();
            assertThat(agent.await("Notification failure").getOrDefault("error", ""))
                    .contains("answered 503");
        }
        assertThat(slack.posted("fine").stream().filter(body -> body.contains("Deployed v1.0.0")))
                .hasSize(1);
        assertThat(last("fine")).contains("Automatic shipping stopped");
    }

    @Test
    void areEachToldOfFailuresOnceOfTheSilenceAndOfTheRecovery() throws Exception {
        registry.publish("v1.1.0", Map.of("page.html", "bad", "../escaped.html", "bad"));
        try (AgentProcess agent = assets("slack://one?thread=true", "slack://two?quiet=true")) {
            awaitPosted(agent, "two", "Failed 3 times in a row");
            agent.await("Deploy still failing");
            agent.await("Deploy still failing");
            agent.await("Deploy still failing");
            registry.publish("v1.2.0", Map.of("page.html", "good"));
            awaitPosted(agent, "one", "Recovered after ");
            awaitPosted(agent, "two", "Recovered after ");
        }
        assertThat(slack.posted("two")).hasSize(3);
        assertThat(slack.posted("two").get(0)).contains("escaped.html");
        assertThat(slack.posted("two").get(2)).containsPattern("Recovered after [\\d.]+s; attempts that failed: [34]");
        assertThat(slack.posted("one").stream().filter(body -> body.contains("escaped.html")))
                .hasSize(1);
    }

    @Test
    void areToldOfAllAttemptsAtAReleaseInOneThread() throws Exception {
        Path allowed = folder.resolve("allowed");
        try (AgentProcess agent = assets(
                List.of("slack://one?thread=true"),
                "--hook-failure",
                "abort",
                "--before-deploy-hook",
                "test -e " + allowed)) {
            agent.await("Before deploy hook failure");
            agent.await("Before deploy hook failure");
            Path away = Files.move(registry.folder(), folder.resolve("away"));
            awaitPosted(agent, "one", "registry");
            Files.move(away, registry.folder());
            agent.await("Before deploy hook failure");
            assertThat(agent.stop()).isZero();
        }
        Files.createFile(allowed);
        try (AgentProcess agent = assets(
                List.of("slack://one?thread=true"),
                "--hook-failure",
                "abort",
                "--before-deploy-hook",
                "test -e " + allowed)) {
            awaitPosted(agent, "one", "Deployed v1.0.0");
        }
        List<String> deployment = slack.posted("one").stream()
                .filter(body -> body.contains("Deploy Hook") || body.contains("v1.0.0"))
                .toList();
        String head = thread(deployment.get(1));
        assertThat(deployment.get(0)).contains("Starting deployment of v1.0.0").doesNotContain("thread_ts");
        assertThat(deployment.stream().skip(1))
                .allSatisfy(body -> assertThat(thread(body)).isEqualTo(head));
        assertThat(deployment)
                .filteredOn(body -> body.contains("\"reply_broadcast\":true"))
                .isNotEmpty()
                .allMatch(body -> body.contains("Deploy Hook"));
        assertThat(deployment).anyMatch(body -> body.contains("Deployed v1.0.0"));
        assertThat(posted("registry")).doesNotContain("thread_ts");
    }

    private String posted(String text) {
        return slack.posted("one").stream()
                .filter(body -> body.contains(text))
                .findFirst()
                .orElseThrow();
    }

    private static String thread(String body) {
        return body.replaceFirst("(?s).*\"thread_ts\":\"([^\"]*)\".*", "$1");
    }

    private void awaitPosted(AgentProcess agent, String channel, String text) throws InterruptedException {
        Releases.await(
                () -> slack.posted(channel).stream().anyMatch(body -> body.contains(text)),
                () -> slack.posted(channel) + "\n" + agent.output());
    }

    private String last(String channel) {
        List<String> posted = slack.posted(channel);
        return posted.get(posted.size() - 1);
    }

    private AgentProcess assets(String... notifiers) throws IOException {
        return assets(List.of(notifiers));
    }

    private AgentProcess assets(List<String> notifiers, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("assets", "--registry", registry.url(), "-i", "200ms"));
        arguments.addAll(List.of("-f", "json", "-l", "debug", "-d", app.toString()));
        notifiers.stream().flatMap(url -> Stream.of("--notifier", url)).forEach(arguments::add);
        arguments.addAll(List.of(more));
        return AgentProcess.start(folder, List.of("-Xmx96m"), slack.environment(), arguments.toArray(String[]::new));
    }
}
