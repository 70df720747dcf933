package dewy.notifier.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dewy.api.CancellableCall;
import dewy.api.InvalidException;
import dewy.api.event.Event;
import dewy.api.event.Level;
import dewy.api.notifier.Notification;
import dewy.api.notifier.Notifier;
import dewy.api.notifier.Severity;
import dewy.api.plugin.PluginUrl;
import dewy.tck.TestApp;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class LogNotifierTest {
    private final Logger logger = (Logger) LoggerFactory.getLogger("dewy.notifier.log");
    private final ListAppender<ILoggingEvent> records = new ListAppender<>();

    LogNotifierTest() {
        logger.setLevel(ch.qos.logback.classic.Level.TRACE);
        records.start();
        logger.addAppender(records);
    }

    @AfterEach
    void detach() {
        logger.detachAppender(records);
    }

    @Test
    void writesOneRecordWithTheTextAsItsMessage() throws Exception {
        send("web", Level.INFO, "Downloaded artifact for v1.2.3");

        assertThat(records.list).hasSize(1);
        assertThat(records.list.get(0).getFormattedMessage()).isEqualTo("Notification");
        assertThat(keys())
                .containsExactly("message=Downloaded artifact for v1.2.3", "app=web", "event=artifact.downloaded");
    }

    @Test
    void namesNoAppWhereTheAgentItselfIsMeant() throws Exception {
        send("", Level.INFO, "Automatic shipping started by Dewy");

        assertThat(keys()).containsExactly("message=Automatic shipping started by Dewy", "event=artifact.downloaded");
    }

    @ParameterizedTest
    @EnumSource(Level.class)
    void saysOnlyToWhoDebugsWhatTheLogOfTheAgentHasAlready(Level level) throws Exception {
        send("web", level, "text");

        assertThat(records.list.get(0).getLevel().toString()).isEqualTo("DEBUG");
    }

    @ParameterizedTest
    @EnumSource(Level.class)
    void usesTheLevelOfWhatIsNoEventOfTheAgent(Level level) throws Exception {
        send(0, "web", level, "A test of the notifications of web");

        assertThat(records.list.get(0).getLevel().toString()).isEqualTo(level.name());
    }

    @Test
    void braceSignsInATextAreNoPlaceholders() throws Exception {
        send("web", Level.INFO, "hook failed: {}");

        assertThat(keys()).first().isEqualTo("message=hook failed: {}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"log://file", "log:///var/log/dewy", "log:dewy"})
    void takesNothingBehindTheScheme(String url) {
        assertThatThrownBy(() -> open(url))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("write log: with nothing behind it");
    }

    private void send(String app, Level level, String text) throws Exception {
        send(1, app, level, text);
    }

    private void send(long sequence, String app, Level level, String text) throws Exception {
        try (Notifier notifier = open("log:");
                CancellableCall call = CancellableCall.of("test", Duration.ofSeconds(30))) {
            notifier.send(call, notification(sequence, app, level, text));
        }
    }

    private List<String> keys() {
        return records.list.get(0).getKeyValuePairs().stream()
                .map(pair -> pair.key + "=" + pair.value)
                .toList();
    }

    private static Notifier open(String url) throws InvalidException {
        return new LogNotifierProvider().open(PluginUrl.parse(url), TestApp.in(Path.of("/nowhere")));
    }

    private static Notification notification(long sequence, String app, Level level, String text) {
        Event event = new Event(
                "id", sequence, Instant.EPOCH, app, "", "poll", "dewy", "artifact.downloaded", level, text, Map.of());
        return Notification.of(text, Severity.ROUTINE, event);
    }
}
