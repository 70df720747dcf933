package dewy.launcher.man;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.launcher.cli.CommandLineException;
import dewy.launcher.cli.CommandLines;
import dewy.launcher.cli.CommandOption;
import dewy.launcher.cli.Invocation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ManualPageTest {
    @Test
    void namesEveryCommandAndEveryOption() throws IOException {
        String page = plain(page());
        assertThat(page.lines())
                .contains(CommandLines.model().subcommands().keySet().toArray(String[]::new));
        for (CommandOption option : CommandOption.ALL) {
            assertThat(page.lines()).contains((String.join(", ", option.names()) + " " + option.label()).strip());
            assertThat(page.replaceAll("\\s+", " ")).contains(option.help() + ". Commands: ");
        }
    }

    @Test
    void tellsWhatTheDocumentsTell() throws IOException {
        String page = plain(page()).replaceAll("\\s+", " ");
        assertThat(page)
                .contains("DEWY_CACHEDIR folder of the file caches")
                .contains(".TP TERM, INT, QUIT stops its servers gracefully,")
                .contains(".SS App directory .RS 4 .nf releases/20240115T103045Z/ one folder a release")
                .contains("4 application: an artifact that must not be used")
                .contains(".SH PLUGINS A plugin is a bundle")
                .contains("--digest DIGEST what the jar must have")
                .doesNotContain("](")
                .doesNotContain("`")
                .doesNotContain("**");
    }

    @Test
    void isWrittenInAsciiAndTakesNoTextForARequest() throws IOException {
        assertThat(StandardCharsets.US_ASCII.newEncoder().canEncode(page())).isTrue();
        assertThat(new Roff()
                        .words(".dewy is a folder")
                        .verbatim("'a' \\b \u00fc")
                        .toString())
                .contains("\n\\&.dewy is a folder\n".strip())
                .contains("\\(aqa\\(aq \\eb \\[u00FC]");
    }

    @Test
    void showsExamplesThatAreUnderstood() throws CommandLineException {
        for (ManualPage.Example example : ManualPage.EXAMPLES) {
            String[] words = example.line().split(" ", -1);
            assertThat(words[0]).isEqualTo("dewy");
            Invocation meaning = CommandLines.parse(Arrays.copyOfRange(words, 1, words.length));
            assertThat(meaning).isInstanceOfAny(Invocation.Run.class, Invocation.Shell.class);
        }
    }

    @Test
    void refusesADocumentWithoutASectionItNeeds() throws IOException {
        Document document = Document.read(Path.of("../docs/files.md"));
        assertThatThrownBy(() -> document.write("Nowhere", new Roff())).hasMessageContaining("\"Nowhere\"");
    }

    private static String page() throws IOException {
        return ManualPage.text(Path.of("../docs"), "1.0", "2026-01-01");
    }

    /** Returns the text of a page without what is there for its looks. */
    private static String plain(String page) {
        return page.replaceAll("\\\\f[BR]", "")
                .replace("\\-", "-")
                .replace("\\(aq", "'")
                .replace("\\(ha", "^")
                .replace("\\(ti", "~");
    }
}
