package dewy.runtime.process.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LinesTest {
    private final List<String> told = new ArrayList<>();
    private final Lines lines = new Lines(told::add);

    @Test
    void joinsALineThatComesInPieces() {
        feed("ser");
        feed("ving\nnext");

        assertThat(told).containsExactly("serving");
        assertThat(lines.pending()).isEqualTo(4);
    }

    @Test
    void leavesOutEmptyLinesAndCarriageReturns() {
        feed("one\r\n\n\r\ntwo\n");

        assertThat(told).containsExactly("one", "two");
    }

    @Test
    void keepsALineOf8KibWhole() {
        feed("x".repeat(8192) + "\n");

        assertThat(told).containsExactly("x".repeat(8192));
    }

    @Test
    void keepsTheBeginningOfALongerLine() {
        feed("x".repeat(8192) + "y\nz\n");

        assertThat(told).containsExactly("x".repeat(8192) + "… (1 bytes more)", "z");
    }

    @Test
    void cutsBeforeACharacterThatWouldBeHalved() {
        feed("x".repeat(8191) + "ü\n");

        assertThat(told).containsExactly("x".repeat(8191) + "… (2 bytes more)");
    }

    @Test
    void keepsACharacterThatEndsWhereItIsCut() {
        feed("x".repeat(8190) + "üa\n");

        assertThat(told).containsExactly("x".repeat(8190) + "ü… (1 bytes more)");
    }

    @Test
    void neverJoinsTheHalvesOfTwoLines() {
        feed("one tw");
        lines.breakOff();
        feed("three\n");
        lines.breakOff();

        assertThat(told).containsExactly("one tw…", "three");
        assertThat(lines.pending()).isZero();
    }

    @Test
    void replacesWhatIsNoUtf8() {
        lines.feed(ByteBuffer.wrap(new byte[] {'a', (byte) 0xff, 'b', '\n'}));

        assertThat(told).containsExactly("a\ufffdb");
    }

    private void feed(String text) {
        lines.feed(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }
}
