package dewy.notifier.slack;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.event.Level;
import dewy.api.notifier.Notification;
import dewy.tck.HttpStandIn.Asked;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is posted, compared with what is in the resources. */
class SlackMessageTest {
    @TempDir
    Path folder;

    private SlackFixture fixture;

    @BeforeEach
    void start() throws IOException {
        fixture = new SlackFixture(folder);
    }

    @AfterEach
    void stop() throws IOException {
        fixture.close();
    }

    @Test
    void postsJsonWithTheTokenInTheHeader() throws Exception {
        post("slack://deploys?title=My app&url=https://example.com/app?a=1%26b=2", Events.downloaded(""));

        Asked request = fixture.slack.requests().get(0);
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.target()).isEqualTo("/api/chat.postMessage");
        assertThat(request.header("Authorization")).hasValue("Bearer " + SlackFixture.TOKEN);
        assertThat(request.header("Content-Type")).hasValue("application/json; charset=utf-8");
        assertThat(request.body()).isEqualTo(golden("routine.json"));
    }

    @Test
    void namesTheAppWhereThereIsNoTitle() throws Exception {
        post("slack://deploys", Events.failed(""));

        assertThat(fixture.slack.bodies()).containsExactly(golden("failure.json"));
    }

    @Test
    void textOfOthersNeitherLinksNorCallsAnybody() throws Exception {
        post("slack://C0123ABCD?title=a|b", notice(Level.WARN, "<!channel> a && b <https://evil.example|click>"));

        assertThat(fixture.slack.bodies()).containsExactly(golden("hostile.json"));
    }

    @Test
    void showsHowAHookEnded() throws Exception {
        Map<String, String> data = new LinkedHashMap<>();
        data.put("hook", "after");
        data.put("command", "make migrate && echo \"done\"");
        data.put("stdout", "one\ntwo\n");
        data.put("stderr", "cannot ```read``` <db>");
        data.put("exit_code", "3");
        data.put("duration", "1.5s");
        post(
                "slack://deploys",
                Events.notification(Level.ERROR, "hook.failed", "", "The after-deploy hook failed: exit 3", data));

        assertThat(fixture.slack.bodies()).containsExactly(golden("hook.json"));
    }

    @Test
    void showsWhatTheAgentTellsOfAHookToday() throws Exception {
        Map<String, String> data = new LinkedHashMap<>();
        data.put("hook", "before");
        data.put("command", "true");
        data.put("stdout", "fine");
        data.put("duration", "1s");
        post("slack://deploys", Events.notification(Level.INFO, "hook.succeeded", "", "Execute hook", data));

        assertThat(fixture.slack.bodies()).containsExactly(golden("hook-output.json"));
    }

    @ParameterizedTest
    @CsvSource({"DEBUG,#9e9e9e", "INFO,#36a64f", "WARN,#daa038", "ERROR,#dd0000"})
    void eachLevelHasItsColour(Level level, String colour) throws Exception {
        post("slack://deploys", notice(level, "text"));

        assertThat(fixture.slack.bodies().get(0)).contains("\"color\":\"" + colour + "\"");
    }

    @Test
    void saysHowMuchOfALongTextIsMissing() throws Exception {
        post("slack://deploys", notice(Level.ERROR, "x".repeat(2_999) + "😀".repeat(10)));

        assertThat(fixture.slack.bodies().get(0))
                .contains("\"text\":\"" + "x".repeat(2_999) + "\\n… (20 more characters)\"");
    }

    @Test
    void keepsTheLastLinesOfALongOutput() throws Exception {
        StringBuilder output = new StringBuilder();
        for (int line = 1; line <= 200; line++) {
            output.append("line ").append(line).append('\n');
        }
        Map<String, String> data = Map.of("hook", "after", "command", "make", "stderr", output.toString());
        post("slack://deploys", Events.notification(Level.ERROR, "hook.failed", "", "failed", data));

        assertThat(fixture.slack.bodies().get(0))
                .contains("… (1242 characters before)\\nline 151\\nline 152\\n")
                .contains("line 200\\n```");
    }

    private static Notification notice(Level level, String text) {
        return Events.notification(level, "some.event", "", text);
    }

    private void post(String url, Notification notification) throws Exception {
        fixture.send(fixture.open(url), notification);
        assertThat(fixture.slack.bodies()).hasSize(1);
    }

    /** Returns a resource without the line breaks and indents that make it readable. */
    private static String golden(String name) throws IOException {
        try (InputStream in = SlackMessageTest.class.getResourceAsStream(name)) {
            assertThat(in).as(name).isNotNull();
            List<String> lines = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            return String.join("", lines.stream().map(String::strip).toList());
        }
    }
}
