package dewy.notifier.slack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dewy.api.notifier.Notifier;
import dewy.api.plugin.Secret;
import dewy.tck.HttpStandIn.Answer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The token is looked for in everything that is thrown, told or logged. */
class TokenSecrecyTest {
    private static final String TOKEN = SlackFixture.TOKEN;

    @TempDir
    Path folder;

    private final StringWriter seen = new StringWriter();
    private final Handler handler = new Recorder();
    private final Logger root = Logger.getLogger("");
    private final Level before = root.getLevel();
    private SlackFixture fixture;

    @BeforeEach
    void start() throws IOException {
        fixture = new SlackFixture(folder);
        root.setLevel(Level.ALL);
        root.addHandler(handler);
    }

    @AfterEach
    void stop() throws IOException {
        root.removeHandler(handler);
        root.setLevel(before);
        fixture.close();
    }

    @Test
    void isNotShownWhateverSlackAnswers() throws Exception {
        Notifier notifier = fixture.open("slack://deploys?thread=true");
        fixture.slack.nextAnswer(200, "{\"ok\":false,\"error\":\"" + TOKEN + "\"}");
        fixture.slack.nextAnswer(
                200, "{\"ok\":false,\"error\":\"missing_scope\",\"needed\":\"" + TOKEN + " " + TOKEN + "\"}");
        fixture.slack.nextAnswer(200, "Bearer " + TOKEN);
        fixture.slack.nextAnswer(401, TOKEN);
        fixture.slack.nextAnswer(500, TOKEN);
        fixture.slack.nextAnswer(Answer.of(302, TOKEN).with("Location", "/" + TOKEN));
        fixture.slack.nextAnswer(Answer.of(200, "{").with("Content-Length", "9"));
        fixture.slack.nextAnswer(200, "{\"ok\":true,\"ts\":\"" + TOKEN + "\"}");
        for (int i = 0; i < 8; i++) {
            record(catchThrowable(() -> fixture.send(notifier, Events.downloaded("d1"))));
        }

        assertThat(fixture.slack.requests()).hasSize(8);
        assertThat(fixture.slack.bodies()).noneMatch(body -> body.contains(TOKEN));
        assertThat(seen.toString()).contains("Slack answered unnamed_error").doesNotContain("this-must-not-be-seen");
        assertThat(fixture.app.told().toString()).doesNotContain(TOKEN);
    }

    @Test
    void isNotShownWhenItIsNoHeader() throws Exception {
        fixture.setToken(TOKEN + " \u0001 x");
        record(catchThrowable(() -> fixture.send(fixture.open("slack://deploys"), Events.downloaded("d1"))));

        assertThat(seen.toString())
                .contains("it is empty or holds characters that no token has")
                .doesNotContain("this-must-not-be-seen");
        assertThat(fixture.slack.requests()).isEmpty();
    }

    @Test
    void isNotShownByWhatKnowsIt() throws Exception {
        assertThat(Secret.of(TOKEN).toString()).isEqualTo("***");
        assertThat(Surroundings.real().toString()).contains("token=env:SLACK_TOKEN");
        assertThat(fixture.open("slack://deploys").toString()).doesNotContain(TOKEN);
    }

    private void record(Throwable thrown) {
        if (thrown != null) {
            thrown.printStackTrace(new PrintWriter(seen, true));
        }
    }

    private final class Recorder extends Handler {
        @Override
        public synchronized void publish(LogRecord entry) {
            seen.append(String.valueOf(entry.getMessage())).append('\n');
            if (entry.getParameters() != null) {
                for (Object parameter : entry.getParameters()) {
                    seen.append(String.valueOf(parameter)).append('\n');
                }
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
