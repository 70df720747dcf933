package dewy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.StreamType;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LogLinesTest {
    private final List<String> told = new ArrayList<>();
    private LogLines lines = new LogLines(Optional.empty(), (time, text) -> told.add(time + " " + text));

    @Test
    void tellsWhatEachStreamWroteWithItsTime() {
        take(StreamType.STDOUT, "2026-01-02T03:04:05.000000006Z one\r\n");
        take(StreamType.STDERR, "2026-01-02T04:04:05+01:00 two words\n");
        take(StreamType.STDOUT, "2026-01-02T03:04:05Z \n");
        assertThat(told).containsExactly("2026-01-02T03:04:05.000000006Z one", "2026-01-02T03:04:05Z two words");
    }

    @Test
    void putsALineTogetherThatComesInSeveralFrames() {
        take(StreamType.STDOUT, "2026-01-02T03:04:05Z a long");
        take(StreamType.STDERR, "2026-01-02T03:04:05Z another\n");
        take(StreamType.STDOUT, "2026-01-02T03:04:06Z  line\n");
        take(StreamType.STDOUT, "2026-01-02T03:04:07Z next\n");
        assertThat(told)
                .containsExactly(
                        "2026-01-02T03:04:05Z another",
                        "2026-01-02T03:04:06Z a long line",
                        "2026-01-02T03:04:07Z next");
    }

    @Test
    void keepsTheBeginningOfALineThatIsTooLong() {
        take(StreamType.STDOUT, "2026-01-02T03:04:05Z " + "x".repeat(LogLines.LONGEST - 1));
        take(StreamType.STDOUT, "2026-01-02T03:04:05Z yz");
        take(StreamType.STDOUT, "2026-01-02T03:04:05Z z\n");
        take(StreamType.STDOUT, "2026-01-02T03:04:05Z next\n");
        assertThat(told).hasSize(2).first().asString().endsWith("xy…");
        assertThat(told.get(1)).endsWith(" next");
    }

    @Test
    void leavesOutWhatWasToldBefore() {
        lines = new LogLines(Optional.of(Instant.parse("2026-01-02T03:04:05.5Z")), (time, text) -> told.add(text));
        take(StreamType.STDOUT, "2026-01-02T03:04:05.4Z one\n");
        take(StreamType.STDOUT, "2026-01-02T03:04:05.5Z two\n");
        take(StreamType.STDOUT, "2026-01-02T03:04:05.6Z three\n");
        assertThat(told).containsExactly("three");
    }

    @Test
    void tellsAlsoWhatHasNoTime() {
        take(StreamType.RAW, "oops\n");
        take(StreamType.RAW, "oops again\n");
        assertThat(told).hasSize(1).first().asString().endsWith(" again");
    }

    private void take(StreamType stream, String text) {
        lines.take(new Frame(stream, text.getBytes(StandardCharsets.UTF_8)));
    }
}
