package dewy.itest;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.notifier.slack.SlackStandIn;
import dewy.registry.github.FakeGitHub;
import dewy.registry.github.TestKeys;
import dewy.tck.Content;
import dewy.tck.HttpStandIn;
import dewy.tck.HttpStandIn.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Looks for secrets in everything that an agent shows, writes, sends or hands on. */
@Timeout(240)
class SecretsIT {
    private static final String SLACK_TOKEN = "xoxb-918273-theTokenOfSlack";
    private static final String GITHUB_TOKEN = "ghp_theTokenOfGitHub5647382910";
    private static final String PASSWORD = "thePasswordOfTheProxy";
    private static final String MARKER = "whatEverybodyMaySee";
    private static final List<String> COMMANDS =
            List.of("apps", "status", "explain", "history", "releases", "plugins", "notify-test", "capsule", "audit");

    private final FakeGitHub github = new FakeGitHub();
    private final SlackStandIn slack = new SlackStandIn();
    private final HttpStandIn proxy = new HttpStandIn();
    private final SecretSearch search = new SecretSearch();

    @TempDir
    Path folder;

    SecretsIT() throws IOException {}

    @AfterEach
    void close() throws IOException {
        github.close();
        slack.close();
        proxy.close();
    }

    @Test
    void tokensAreFoundNowhereWhateverSucceedsOrFails() throws Exception {
        publish("v1.0.0", "#!/bin/sh\nexec sleep 600\n");
        slack.nextAnswer(200, "{\"ok\":false,\"error\":\"" + SLACK_TOKEN + "\"}");
        try (AgentProcess agent = server(environment(Map.of("GH_TOKEN", GITHUB_TOKEN)))) {
            agent.await("Deployment completed");
            publish("v1.1.0", "#!/bin/sh\necho cannot start >&2\nexit 3\n");
            agent.await("Release quarantined");
            github.instead.put("/releases", Answer.of(401, "{\"message\":\"Bad credentials: " + GITHUB_TOKEN + "\"}"));
            slack.nextAnswer(500, SLACK_TOKEN);
            agent.await("Deploy failure");
            look(agent);
            assertThat(agent.stop()).isZero();
            look(agent.output());
        }
        mustNotHold(GITHUB_TOKEN, SLACK_TOKEN, "SIGNATURE");
    }

    @Test
    void theKeyAndTheTokensOfAGitHubAppAreFoundNowhere() throws Exception {
        String key = TestKeys.pkcs1(TestKeys.generate());
        publish("v1.0.0", "#!/bin/sh\nexec sleep 600\n");
        Map<String, String> app =
                Map.of("GITHUB_APP_ID", "123", "GITHUB_APP_INSTALLATION_ID", "4711", "GITHUB_APP_PRIVATE_KEY", key);
        try (AgentProcess agent = server(environment(app))) {
            agent.await("Deployment completed");
            github.instead.put("/app/", Answer.of(401, "{\"message\":\"no such app\"}"));
            github.instead.put("/repos/", Answer.of(401, "{\"message\":\"ghs_installation1 has expired\"}"));
            agent.await("Deploy failure");
            look(agent);
            look(agent.output());
        }
        String line = key.lines().skip(3).findFirst().orElseThrow();
        String jwt = github.api.asked.get(0).header("Authorization").orElseThrow();
        mustNotHold(SLACK_TOKEN, "ghs_installation1", line, jwt.substring(jwt.length() - 40));
    }

    @Test
    void thePasswordOfAProxyIsShownToTheProxyAlone() throws Exception {
        proxy.answer(asked ->
                Answer.of(407, "no: " + asked.header("Proxy-Authorization").orElse("")));
        Map<String, String> through = new HashMap<>(environment(Map.of("GH_TOKEN", GITHUB_TOKEN)));
        through.put("GITHUB_API_URL", "https://github.example");
        through.putAll(Map.of("NO_PROXY", "", "no_proxy", "", "HTTPS_PROXY", ""));
        through.put("https_proxy", proxy.address().replace("://", "://user:" + PASSWORD + "@"));
        try (AgentProcess agent = server(through)) {
            agent.await("Deploy failure");
            look(agent);
            look(agent.output());
        }
        HttpStandIn.Asked asked = proxy.asked.get(0);
        assertThat(asked.method() + " " + asked.target()).isEqualTo("CONNECT github.example:443");
        assertThat(asked.header("Proxy-Authorization")).isPresent();
        assertThat(asked.header("Authorization")).isEqualTo(Optional.empty());
        mustNotHold(GITHUB_TOKEN, SLACK_TOKEN, PASSWORD);
    }

    @Test
    void whatIsWrittenIntoAUrlIsNotRepeated() throws Exception {
        for (String url : List.of(
                "slack://deploys?token=" + SLACK_TOKEN,
                "slack://user:" + SLACK_TOKEN + "@deploys",
                "slack://user:" + SLACK_TOKEN + "@deploys?title=%zz",
                "nothing://user:" + SLACK_TOKEN + "@deploys?password=" + SLACK_TOKEN)) {
            try (AgentProcess agent = AgentProcess.start(
                    folder,
                    "assets",
                    "--registry",
                    Registry.in(folder.resolve("registry")).url(),
                    "--notifier",
                    url,
                    "-l",
                    "debug",
                    "-d",
                    Files.createDirectories(folder.resolve("app")).toString())) {
                if (!url.startsWith("nothing")) {
                    assertThat(agent.exitCode()).isNotZero();
                } else {
                    agent.outlives(3, TimeUnit.SECONDS);
                }
                look(agent.output());
            }
        }
        search.seeFiles(folder);
        assertThat(search.find("deploys")).isNotEmpty();
        assertThat(search.findSecret(SLACK_TOKEN)).isEmpty();
    }

    /** Takes in everything, while the agent and its server run. */
    private void look(AgentProcess agent) throws IOException, InterruptedException {
        if (!github.store.asked.isEmpty()) {
            Releases.await(() -> slack.bodies().toString().contains("Deployed v1.0.0"), agent::output);
        }
        search.seeProcesses(agent.pid());
        ControlClient control = new ControlClient(folder.resolve("app/.dewy"));
        for (String command : COMMANDS) {
            for (String[] words : new String[][] {{"dewy:" + command}, {"dewy:" + command, "--json"}}) {
                search.see(String.join(" ", words), answer(control, words));
            }
        }
        search.seeFiles(folder);
        slack.bodies().forEach(body -> search.see("a message", body));
    }

    private void look(String output) {
        search.see("the log", output);
    }

    private static String answer(ControlClient control, String... words) throws IOException {
        try {
            return control.run(words);
        } catch (AssertionError refused) {
            return String.valueOf(refused.getMessage());
        }
    }

    private void mustNotHold(String... secrets) {
        assertThat(search.find("acme/app")).contains("the log");
        for (String secret : secrets) {
            assertThat(search.findSecret(secret)).isEmpty();
        }
        if (!github.store.asked.isEmpty()) {
            assertThat(search.find(MARKER)).anyMatch(place -> place.endsWith("environ"));
            assertThat(search.find("v1.0.0")).contains("a message", "dewy:history");
        }
    }

    private Map<String, String> environment(Map<String, String> more) {
        Map<String, String> environment = new HashMap<>(more);
        environment.put("GITHUB_API_URL", github.api.address());
        environment.put("SLACK_API_URL", slack.address());
        environment.put("SLACK_TOKEN", SLACK_TOKEN);
        environment.put("MARKER", MARKER);
        return environment;
    }

    private void publish(String version, String script) throws IOException {
        Path file = folder.resolve(version + ".tar.gz");
        Registry.writeArchive(file, Map.of("app", script));
        Content archive = Content.of(file);
        github.release(
                version, github.asset("app.tar.gz", archive, "\"" + FakeGitHub.digest(archive) + "\"", "uploaded"));
    }

    private AgentProcess server(Map<String, String> environment) throws IOException {
        Path app = Files.createDirectories(folder.resolve("app"));
        List<String> arguments = new ArrayList<>(List.of("server", "--registry", "github://acme/app", "-i", "200ms"));
        arguments.addAll(List.of("--notifier", "slack://deploys?thread=true", "-f", "json", "-l", "debug"));
        arguments.addAll(List.of("--before-deploy-hook", "echo before", "--after-deploy-hook", "echo after; exit 3"));
        arguments.addAll(List.of("-d", app.toString(), "--", "current/app"));
        return AgentProcess.start(folder, List.of("-Xmx96m"), environment, arguments.toArray(String[]::new));
    }
}
