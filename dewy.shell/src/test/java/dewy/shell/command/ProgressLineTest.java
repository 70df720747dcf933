package dewy.shell.command;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.control.Operation;
import dewy.api.control.Operation.Progress;
import dewy.api.control.Window;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
    private static final Viewer UNICODE = new Viewer(Samples.ALICE, new Window(true, true, 80, 24, true), Samples.NOW);

    @Test
    void drawsABarOfWhatIsKnown() {
        Operation half = at(new Progress("extract", 50 << 20, OptionalLong.of(100 << 20)));
        assertThat(ProgressLine.of(half, Samples.TERMINAL, 79))
                .startsWith("[")
                .contains("###", "---", "] ", "extract 50% (50.0 of 100.0 MiB)")
                .hasSizeLessThanOrEqualTo(79);
        assertThat(ProgressLine.of(half, UNICODE, 79)).startsWith("███").contains("░ ");
        assertThat(bar(half, "█")).isEqualTo(bar(half, "░"));
    }

    @Test
    void drawsNoneWhereThereIsNoRoomOrNoEnd() {
        Operation half = at(new Progress("download", 50 << 20, OptionalLong.of(100 << 20)));
        assertThat(ProgressLine.of(half, UNICODE, 40)).doesNotContain("█").hasSize(40);
        Operation endless = at(new Progress("download", 50 << 20, OptionalLong.empty()));
        assertThat(ProgressLine.of(endless, UNICODE, 79))
                .endsWith("download 50.0 MiB")
                .doesNotContain("█");
    }

    @Test
    void isFullWhereMoreComesThanWasKnown() {
        Operation more = at(new Progress("download", 200 << 20, OptionalLong.of(100 << 20)));
        assertThat(bar(more, "█")).isBetween(8L, 30L);
        assertThat(bar(more, "░")).isZero();
    }

    private static long bar(Operation operation, String part) {
        String line = ProgressLine.of(operation, UNICODE, 79);
        return line.chars().filter(character -> character == part.charAt(0)).count();
    }

    private static Operation at(Progress progress) {
        Operation begun = Samples.fetching("7", "web");
        return new Operation(
                begun.id(),
                begun.what(),
                begun.app(),
                begun.plugin(),
                begun.version(),
                begun.actor(),
                begun.started(),
                begun.step(),
                begun.since(),
                Optional.of(progress),
                Optional.empty());
    }
}
