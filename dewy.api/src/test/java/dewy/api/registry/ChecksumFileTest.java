package dewy.api.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.InvalidException;
import dewy.api.release.Digest;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ChecksumFileTest {
    private static final String ONE = "1".repeat(64);
    private static final String OTHER = "2".repeat(64);

    @Test
    void takesTheLineOfTheArtifactWhereAFileOfItsOwnHasMore() throws Exception {
        assertThat(digest("app.zip.sha256", "\uFEFF" + OTHER + "  b.zip\n" + ONE + "  app.zip\n"))
                .hasValue(new Digest("sha256", ONE));
    }

    @Test
    void saysWhichLineOfAFileOfItsOwnIsAboutAnother() {
        assertThatThrownBy(() -> digest("app.zip.sha256", "# by hand\n" + OTHER + "  b.zip\n"))
                .isInstanceOf(InvalidException.class)
                .hasMessage("Cannot read the checksum of app.zip in there, line 2: it is about b.zip."
                        + " Write the line as sha256sum app.zip prints it");
    }

    @Test
    void refusesAFileThatContradictsItself() {
        assertThatThrownBy(() -> digest("checksums.txt", ONE + "  app.zip\n" + OTHER + "  app.zip\n"))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining(ONE)
                .hasMessageContaining(OTHER);
    }

    @Test
    void prefersSha256WhereverItStands() throws Exception {
        String both = "3".repeat(128) + "  app.zip\n" + ONE + "  app.zip\n";
        assertThat(digest("checksums.txt", both)).hasValue(new Digest("sha256", ONE));
        assertThat(digest("checksums.txt", ONE + "  b.zip\n")).isEmpty();
    }

    private static Optional<Digest> digest(String name, String text) throws InvalidException {
        return ChecksumFile.digest(List.of(new ChecksumFile("app.zip", name, "there", text)));
    }
}
