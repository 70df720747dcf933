package dewy.notifier.slack;

import static dewy.notifier.slack.SlackStandIn.ts;
import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.event.Level;
import dewy.api.notifier.Notifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SlackThreadTest {
    private static final String URL = "slack://deploys?thread=true";

    @TempDir
    Path folder;

    private SlackFixture fixture;
    private Path file;

    @BeforeEach
    void start() throws IOException {
        fixture = new SlackFixture(folder);
        file = fixture.app.directory().resolve(".slack-thread-ts");
    }

    @AfterEach
    void stop() throws IOException {
        fixture.close();
    }

    @Test
    void theFirstMessageOfADeploymentBeginsAThreadThatLaterOnesReplyTo() throws Exception {
        fixture.send(fixture.open(URL), Events.downloaded("d1"), Events.deployed("d1"), Events.deployed(""));

        assertThat(body(0)).doesNotContain("thread_ts");
        assertThat(body(1)).contains("\"thread_ts\":\"" + ts(1) + "\",\"reply_broadcast\":false");
        assertThat(body(2)).contains("\"thread_ts\":\"" + ts(1) + "\"");
        assertThat(file).hasContent(ts(1) + " deploys d1\n");
    }

    @Test
    void theNextDeploymentBeginsAThreadOfItsOwn() throws Exception {
        fixture.send(fixture.open(URL), Events.downloaded("d1"), Events.downloaded("d2"), Events.deployed("d2"));

        assertThat(body(1)).doesNotContain("thread_ts");
        assertThat(body(2)).contains("\"thread_ts\":\"" + ts(2) + "\"");
    }

    @Test
    void goesOnWithTheThreadAfterARestart() throws Exception {
        fixture.send(fixture.open(URL), Events.downloaded("d1"));
        fixture.send(fixture.open(URL), Events.deployed("d1"));

        assertThat(body(1)).contains("\"thread_ts\":\"" + ts(1) + "\"");
    }

    @Test
    void whatBelongsToNoDeploymentBeginsNoThread() throws Exception {
        fixture.send(fixture.open(URL), Events.deployed(""), Events.deployed(""));

        assertThat(body(1)).doesNotContain("thread_ts");
        assertThat(file).doesNotExist();
    }

    @Test
    void showsFailuresInTheChannelTooAndTellsTheirEndInTheSameThread() throws Exception {
        fixture.send(fixture.open(URL), Events.downloaded("d1"), Events.failed("d1"), Events.recovered("d2"));

        assertThat(body(1)).contains("\"thread_ts\":\"" + ts(1) + "\",\"reply_broadcast\":true");
        assertThat(body(2)).contains("\"thread_ts\":\"" + ts(1) + "\",\"reply_broadcast\":false");
    }

    @Test
    void allAttemptsAtADeploymentAreInOneThreadWhateverWasToldInBetween() throws Exception {
        fixture.send(fixture.open(URL), Events.downloaded("d1"), Events.failed("d1"), Events.failed("outage"));
        fixture.send(fixture.open(URL), Events.failed("d1"), Events.deployed("d1"));

        assertThat(body(2)).doesNotContain("thread_ts");
        assertThat(body(3)).contains("\"thread_ts\":\"" + ts(1) + "\",\"reply_broadcast\":true");
        assertThat(body(4)).contains("\"thread_ts\":\"" + ts(1) + "\",\"reply_broadcast\":false");
    }

    @Test
    void showsInTheChannelThatNoMoreIsTold() throws Exception {
        fixture.send(
                fixture.open(URL),
                Events.failed("d1"),
                Events.notification(Level.WARN, "cycle.silenced", "d1", "Failed 3 times in a row"));

        assertThat(body(1)).contains("\"thread_ts\":\"" + ts(1) + "\",\"reply_broadcast\":true");
    }

    @Test
    void tellsTheEndOfAFailureWhereTheLastOneWasTold() throws Exception {
        fixture.send(
                fixture.open(URL),
                Events.downloaded("d1"),
                Events.failed("d1"),
                Events.failed("d2"),
                Events.recovered("d3"));

        assertThat(body(3)).contains("\"thread_ts\":\"" + ts(3) + "\"");
    }

    @Test
    void keepsTheThreadsBegunLast() throws Exception {
        Notifier notifier = fixture.open(URL);
        for (int outage = 1; outage <= 9; outage++) {
            fixture.send(notifier, Events.failed("d" + outage));
        }
        fixture.send(notifier, Events.failed("d2"), Events.failed("d1"));

        assertThat(body(9)).contains("\"thread_ts\":\"" + ts(2) + "\"");
        assertThat(body(10)).doesNotContain("thread_ts");
        assertThat(Files.readAllLines(file)).hasSize(8).first().isEqualTo(ts(11) + " deploys d1");
    }

    @Test
    void aFailureThatBeginsAThreadIsInTheChannelAnyway() throws Exception {
        fixture.send(fixture.open(URL), Events.failed("d1"));

        assertThat(body(0)).doesNotContain("thread_ts").doesNotContain("reply_broadcast");
    }

    @Test
    void ignoresThreadsUnlessAskedFor() throws Exception {
        Files.createDirectories(fixture.app.directory().resolve("current"));
        Files.writeString(fixture.app.directory().resolve("current/.slack-thread-ts"), "1699999999.000009\n");
        fixture.send(fixture.open("slack://deploys"), Events.downloaded("d1"), Events.deployed("d1"));

        assertThat(fixture.slack.bodies()).noneMatch(body -> body.contains("thread_ts"));
        assertThat(file).doesNotExist();
    }

    @Test
    void repliesToTheMessageThatTheReleaseBroughtAlong() throws Exception {
        Path release = Files.createDirectories(fixture.app.directory().resolve("releases/1"));
        Files.writeString(release.resolve(".slack-thread-ts"), "1699999999.000009\n");
        Files.createSymbolicLink(fixture.app.directory().resolve("current"), release);
        fixture.send(fixture.open(URL), Events.downloaded("d1"), Events.failed(""));

        assertThat(fixture.slack.bodies()).allMatch(body -> body.contains("\"thread_ts\":\"1699999999.000009\""));
        assertThat(body(1)).contains("\"reply_broadcast\":true");
        assertThat(file).doesNotExist();
    }

    @Test
    void believesNoFileThatHoldsSomethingElse() throws Exception {
        Path release = Files.createDirectories(fixture.app.directory().resolve("current"));
        Path elsewhere = Files.writeString(folder.resolve("elsewhere"), "1699999999.000009\n");
        Files.createSymbolicLink(release.resolve(".slack-thread-ts"), elsewhere);
        Files.writeString(file, "root:x:0:0\n1.2 deploys\n");
        fixture.send(fixture.open(URL), Events.downloaded("d1"));

        assertThat(body(0)).doesNotContain("thread_ts");
        assertThat(file).hasContent(ts(1) + " deploys d1\n");
    }

    @Test
    void eachChannelHasItsThread() throws Exception {
        Notifier deploys = fixture.open(URL);
        Notifier alarms = fixture.open("slack://alarms?thread=true");
        fixture.send(deploys, Events.downloaded("d1"));
        fixture.send(alarms, Events.downloaded("d0"), Events.downloaded("d1"));
        fixture.send(deploys, Events.deployed("d1"));
        fixture.send(alarms, Events.deployed("d1"));

        assertThat(body(2)).doesNotContain("thread_ts");
        assertThat(body(3)).contains("\"thread_ts\":\"" + ts(1) + "\"");
        assertThat(body(4)).contains("\"thread_ts\":\"" + ts(2) + "\"");
    }

    @Test
    void postsToTheChannelWhenTheThreadIsGoneAndBeginsANewOne() throws Exception {
        Notifier notifier = fixture.open(URL);
        fixture.send(notifier, Events.downloaded("d1"));
        fixture.slack.nextAnswer(200, "{\"ok\":false,\"error\":\"thread_not_found\"}");
        fixture.send(notifier, Events.failed("d1"), Events.deployed("d1"));

        assertThat(body(1)).contains("\"thread_ts\":\"" + ts(1) + "\"");
        assertThat(body(2)).doesNotContain("thread_ts").doesNotContain("reply_broadcast");
        assertThat(body(3)).contains("\"thread_ts\":\"" + ts(2) + "\"");
    }

    @Test
    void aThreadThatCannotBeKeptIsToldAndTheMessageNotSentAgain() throws Exception {
        Files.createDirectories(file.resolve("in-the-way"));
        Notifier notifier = fixture.open(URL);
        fixture.send(notifier, Events.downloaded("d1"));

        assertThat(fixture.slack.bodies()).hasSize(1);
        assertThat(fixture.app.told()).singleElement().satisfies(told -> {
            assertThat(told.level()).isEqualTo(Level.WARN);
            assertThat(told.type()).isEqualTo("slack.thread_lost");
            assertThat(told.text()).isEqualTo("Thread file failure");
        });
    }

    private String body(int index) {
        return fixture.slack.bodies().get(index);
    }
}
