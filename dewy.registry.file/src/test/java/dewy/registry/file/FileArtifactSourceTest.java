package dewy.registry.file;

import static dewy.registry.file.TestFolder.NOON;
import static dewy.registry.file.TestFolder.call;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.InvalidException;
import dewy.api.NotFoundException;
import dewy.api.NotYetThereException;
import dewy.api.artifact.ArtifactStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileArtifactSourceTest {
    /** 100,000 characters, of which no part is like another. */
    private static final String CONTENT =
            IntStream.range(0, 20_000).mapToObj("%05d"::formatted).collect(Collectors.joining());

    private final Path root;
    private final TestFolder folder;
    private final FileArtifactSource source;
    private final Path file;

    FileArtifactSourceTest(@TempDir Path root) throws IOException {
        this.root = root;
        folder = new TestFolder(root);
        file = folder.put("v1.0.0/app.tar.gz", CONTENT);
        source = folder.source();
    }

    @Test
    void readsFromTheStart() throws Exception {
        try (ArtifactStream stream = open(0, Optional.empty())) {
            assertThat(stream.offset()).isZero();
            assertThat(stream.total()).hasValue(CONTENT.length());
            assertThat(read(stream)).isEqualTo(CONTENT);
            assertThat(stream.bytes().read()).isEqualTo(-1);
        }
    }

    @Test
    void resumesWhereAReaderStopped() throws Exception {
        String validator = validator();
        try (ArtifactStream stream = open(70_000, Optional.of(validator))) {
            assertThat(stream.offset()).isEqualTo(70_000);
            assertThat(stream.total()).hasValue(CONTENT.length());
            assertThat(read(stream)).isEqualTo(CONTENT.substring(70_000));
        }
        try (ArtifactStream stream = open(CONTENT.length(), Optional.of(validator))) {
            assertThat(stream.bytes().read()).isEqualTo(-1);
        }
    }

    @Test
    void startsOverWhenTheContentMayBeAnother() throws Exception {
        String validator = validator();
        Path other = folder.put("other", CONTENT);
        Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);

        for (Optional<String> unproven : List.of(Optional.of(validator), Optional.<String>empty())) {
            try (ArtifactStream stream = open(70_000, unproven)) {
                assertThat(stream.offset()).isZero();
                assertThat(read(stream)).isEqualTo(CONTENT);
            }
        }
    }

    @Test
    void noticesThatTheFileShrankWhileItWasRead() throws Exception {
        try (ArtifactStream stream = open(0, Optional.empty())) {
            assertThat(stream.bytes().readNBytes(50_000)).hasSize(50_000);
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(60_000);
            }

            assertThatThrownBy(() -> stream.bytes().readAllBytes())
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("changed while it was read: it had 100000 bytes, now 60000");
        }
    }

    @Test
    void noticesThatTheFileGrewWhileItWasRead() throws Exception {
        try (ArtifactStream stream = open(0, Optional.empty())) {
            Files.writeString(file, "more", StandardOpenOption.APPEND);

            assertThatThrownBy(() -> read(stream))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("changed");
        }
    }

    @Test
    void noticesThatTheFileWasRewrittenWhileItWasRead() throws Exception {
        try (ArtifactStream stream = open(0, Optional.empty())) {
            stream.bytes().readNBytes(50_000);
            Files.writeString(file, CONTENT.replace('1', 'x'));

            assertThatThrownBy(() -> stream.bytes().readNBytes(50_000))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("changed");
        }
    }

    @Test
    void noticesThatTheFileWasReplacedWhileItWasRead() throws Exception {
        try (ArtifactStream stream = open(0, Optional.empty())) {
            stream.bytes().readNBytes(50_000);
            Files.move(folder.put("other", CONTENT), file, StandardCopyOption.REPLACE_EXISTING);

            assertThatThrownBy(() -> stream.bytes().readAllBytes())
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("changed");
        }
    }

    @Test
    void skippingReadsAsWell() throws Exception {
        try (ArtifactStream stream = open(0, Optional.empty())) {
            stream.bytes().skipNBytes(99_999);
            assertThat(stream.bytes().read()).isEqualTo('9');
            assertThat(stream.bytes().skip(1)).isZero();
            assertThat(stream.bytes().read()).isEqualTo(-1);
            assertThat(stream.bytes().markSupported()).isFalse();
        }
    }

    @Test
    void saysThatAFileIsStillBeingUploaded() throws Exception {
        TestFolder.touch(file, NOON.minusMillis(100));

        assertThatThrownBy(() -> open(0, Optional.empty())).isInstanceOf(NotYetThereException.class);
    }

    @Test
    void saysThatThereIsNoSuchArtifact() throws Exception {
        Files.delete(file);
        Files.createDirectory(file);
        assertThatThrownBy(() -> open(0, Optional.empty()))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("not a file");
        Files.delete(file);
        assertThatThrownBy(() -> open(0, Optional.empty())).isInstanceOf(NotFoundException.class);
    }

    @Test
    void staysInsideTheFolder(@TempDir Path elsewhere) throws Exception {
        Path secret = Files.writeString(elsewhere.resolve("secret"), "x");
        Files.createSymbolicLink(root.resolve("v1.0.0/link"), secret);
        Files.createSymbolicLink(root.resolve("v2.0.0"), elsewhere);

        for (String[] escape : new String[][] {
            {"v1.0.0", "link"},
            {"v2.0.0", "secret"},
            {"v1.0.0", "../../" + elsewhere.getFileName() + "/secret"},
            {"", secret.toString()}
        }) {
            assertThatThrownBy(() ->
                            source.open(call(), TestFolder.deliverable(escape[0], escape[1]), 0, Optional.empty()))
                    .isInstanceOf(InvalidException.class)
                    .hasMessageContaining("leads out of the registry");
        }
    }

    @Test
    void aNameThatNoFileCanHaveIsNotFound() {
        assertThatThrownBy(() -> source.open(call(), TestFolder.deliverable("v1", "a\0b"), 0, Optional.empty()))
                .isInstanceOf(NotFoundException.class);
    }

    private ArtifactStream open(long offset, Optional<String> validator) throws Exception {
        return source.open(call(), TestFolder.deliverable("v1.0.0", "app.tar.gz"), offset, validator);
    }

    private String validator() throws Exception {
        try (ArtifactStream stream = open(0, Optional.empty())) {
            return stream.validator().orElseThrow();
        }
    }

    private static String read(ArtifactStream stream) throws IOException {
        return new String(stream.bytes().readAllBytes(), UTF_8);
    }
}
