package dewy.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputFileTest {
    private Path file;
    private OutputFile output;

    @BeforeEach
    void create(@TempDir Path folder) {
        file = folder.resolve("web.log");
        output = new OutputFile(file);
    }

    @Test
    void isEmptyWhereThereIsNoFileYet() throws Exception {
        assertThat(output.last(5)).isEmpty();
        assertThat(output.more()).isEmpty();
        write("first\n");
        assertThat(output.more()).containsExactly("first");
    }

    @Test
    void beginsWithTheLastLinesAndGoesOnBehindThem() throws Exception {
        write("a\nb\nc\n");
        assertThat(output.last(2)).containsExactly("b", "c");
        assertThat(output.more()).isEmpty();
        write("d\ne\n");
        assertThat(output.more()).containsExactly("d", "e");
    }

    @Test
    void showsALineOnceItsEndIsWritten() throws Exception {
        write("whole\nhalf ");
        assertThat(output.last(9)).containsExactly("whole");
        assertThat(output.unfinished()).containsExactly("half ");
        write("done: größe\n");
        assertThat(output.more()).containsExactly("half done: größe");
        assertThat(output.unfinished()).isEmpty();
    }

    @Test
    void beginsAnewWhenTheFileWasCut() throws Exception {
        write("a\nb\nbegun");
        assertThat(output.last(1)).containsExactly("b");
        Files.writeString(file, "new\n");
        assertThat(output.more()).containsExactly("new");
    }

    @Test
    void readsALongFileInPieces() throws Exception {
        write("0123456789\n".repeat(100_000));
        assertThat(output.last(3)).isEqualTo(List.of("0123456789", "0123456789", "0123456789"));
        write("0123456789\n".repeat(100_000));
        int lines = 0;
        for (List<String> more = output.more(); !more.isEmpty(); more = output.more()) {
            assertThat(more).hasSizeLessThan(7_000).containsOnly("0123456789");
            lines += more.size();
        }
        assertThat(lines).isEqualTo(100_000);
    }

    @Test
    void cutsALineThatNeverEnds() throws Exception {
        write("x".repeat(200_000));
        assertThat(output.more()).hasSize(1).first().asString().hasSize(65_536);
    }

    private void write(String text) throws IOException {
        Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
