package dewy.registry.github;

import static dewy.registry.github.FakeGitHub.NOON;
import static dewy.registry.github.FakeGitHub.call;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dewy.api.artifact.ArtifactStream;
import dewy.api.registry.DeploymentReport;
import dewy.api.registry.Poll;
import dewy.api.release.Deliverable;
import dewy.tck.HttpStandIn.Answer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Looks for secrets in everything that people may come to see. */
class SecretsTest {
    private static final KeyPair KEYS = TestKeys.generate();

    private final FakeGitHub github;
    private final ListAppender<ILoggingEvent> records = new ListAppender<>();
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final Level level = root.getLevel();
    private final List<String> seen = new ArrayList<>();

    SecretsTest() throws Exception {
        github = new FakeGitHub();
        github.release("v1.0.0", github.asset("app.zip", "12345", "null", "uploaded"));
        root.setLevel(Level.DEBUG);
        records.start();
        root.addAppender(records);
    }

    @AfterEach
    void close() throws IOException {
        root.detachAppender(records);
        root.setLevel(level);
        github.close();
    }

    @Test
    void aTokenIsSeenNowhere() throws Exception {
        github.environment.put("GH_TOKEN", "ghp_verysecret");
        goThroughEverything("ghp_verysecret");

        assertThat(records.list).isNotEmpty();
        assertThat(seen).hasSizeGreaterThan(10).noneMatch(text -> text.contains("verysecret"));
        assertThat(seen).noneMatch(text -> text.contains("SIGNATURE"));
    }

    @Test
    void theKeyAndTheTokensOfAnAppAreSeenNowhere() throws Exception {
        String key = TestKeys.pkcs1(KEYS);
        github.environment.put("GITHUB_APP_ID", "123");
        github.environment.put("GITHUB_APP_INSTALLATION_ID", "4711");
        github.environment.put("GITHUB_APP_PRIVATE_KEY", key);
        goThroughEverything("ghs_installation1");

        String jwt =
                github.api.asked.get(0).header("Authorization").orElseThrow().substring("Bearer ".length());
        String partOfKey = key.lines().skip(3).findFirst().orElseThrow();
        assertThat(seen)
                .hasSizeGreaterThan(10)
                .noneMatch(text -> text.contains("ghs_"))
                .noneMatch(text -> text.contains(jwt) || text.contains(jwt.substring(jwt.lastIndexOf('.'))))
                .noneMatch(text -> text.contains(partOfKey));
    }

    @Test
    void aServerThatRepeatsTheTokenOfAnAppIsNotQuoted() throws Exception {
        github.environment.put("GITHUB_APP_ID", "123");
        github.environment.put("GITHUB_APP_INSTALLATION_ID", "4711");
        github.environment.put("GITHUB_APP_PRIVATE_KEY", TestKeys.pkcs8(KEYS));
        github.api.answer(asked ->
                Answer.of(401, "{\"message\":\"" + asked.header("Authorization").orElse("") + "\"}"));

        attempt(() -> github.registry().poll(call(), Optional.empty()));

        String jwt =
                github.api.asked.get(0).header("Authorization").orElseThrow().substring("Bearer ".length());
        assertThat(seen).isNotEmpty().noneMatch(text -> text.contains(jwt.substring(0, 20)));
    }

    private void goThroughEverything(String token) throws Exception {
        GitHubAccess access = github.access();
        GitHubRegistry registry = github.registry(access);
        GitHubArtifactSource source = github.source(access);
        Poll poll = registry.poll(call(), Optional.empty());
        see(access, registry, source, poll, poll.cursor());
        Deliverable found = github.deliverable(registry, "v1.0.0", "app.zip");
        see(registry.describe(call(), found.release(), found.artifact()));
        try (ArtifactStream stream = source.open(call(), found, 0, Optional.empty())) {
            see(stream);
        }
        DeploymentReport report = new DeploymentReport(found, "h", "server", NOON, Optional.empty());
        registry.report(call(), report);
        String echo = "{\"message\":\"Bearer " + token + " is wrong: " + token + "\"}";
        for (int status : new int[] {200, 301, 401, 403, 404, 418, 422, 429, 500}) {
            github.instead.put(FakeGitHub.REPOSITORY, Answer.of(status, echo));
            attempt(() -> github.registry(access).poll(call(), Optional.empty()));
            attempt(() ->
                    source.open(call(), found, 0, Optional.empty()).bytes().readAllBytes());
            attempt(() -> registry.report(call(), report));
        }
        github.api.close();
        attempt(() -> github.registry(access).poll(call(), Optional.empty()));
        for (ILoggingEvent event : List.copyOf(records.list)) {
            see(event.getFormattedMessage(), event.getMDCPropertyMap(), String.valueOf(event.getThrowableProxy()));
        }
    }

    private interface Work {
        void run() throws Exception;
    }

    private void attempt(Work work) {
        try {
            work.run();
        } catch (Exception e) {
            StringWriter trace = new StringWriter();
            e.printStackTrace(new PrintWriter(trace));
            see(trace);
        }
    }

    private void see(Object... shown) {
        for (Object object : shown) {
            seen.add(object.toString());
        }
    }
}
