package dewy.cache.file;

import static dewy.cache.file.TestCache.call;
import static dewy.cache.file.TestCache.read;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.NotFoundException;
import dewy.api.cache.Blob;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IntegrityTest {
    private static final String KEY = "v1.2.3--app.tar.gz";
    private static final String CONTENT = "0123456789".repeat(30_000);

    private final Path file;
    private final TestCache test;
    private final Blob blob;

    IntegrityTest(@TempDir Path folder) throws Exception {
        this.test = new TestCache(folder);
        this.blob = test.put(KEY, CONTENT);
        this.file = folder.resolve(KEY);
    }

    @Test
    void aFlippedBitIsFoundBeforeTheFileIsHandedOut() throws Exception {
        flip(12_345);
        assertThat(test.holds(KEY)).isTrue();

        assertThatThrownBy(() -> test.cache.file(call(), blob))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("damaged");
        assertThat(test.holds(KEY)).isFalse();
        assertThat(test.files()).isEmpty();
    }

    @Test
    void aFlippedBitFailsTheReadThatShouldBeTheLast() throws Exception {
        flip(0);
        try (InputStream in = test.cache.read(call(), blob)) {
            assertThat(in.readNBytes(CONTENT.length() - 1)).hasSize(CONTENT.length() - 1);

            assertThatThrownBy(() -> in.read()).isInstanceOf(IOException.class).hasMessageContaining("damaged");
            assertThatThrownBy(() -> in.read()).isInstanceOf(IOException.class);
        }
        assertThat(test.files()).isEmpty();
    }

    @Test
    void skippingDoesNotPassOverTheCheck() throws Exception {
        flip(0);
        try (InputStream in = test.cache.read(call(), blob)) {
            assertThatThrownBy(() -> in.skipNBytes(CONTENT.length())).isInstanceOf(IOException.class);
        }
    }

    @Test
    void whatIsCutOffCountsAsNotHeld() throws Exception {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(CONTENT.length() - 1);
        }

        assertThat(test.holds(KEY)).isFalse();
        assertThat(test.files()).isEmpty();
    }

    @Test
    void whatIsCutOffWhileItIsReadFailsTheRead() throws Exception {
        try (InputStream in = test.cache.read(call(), blob)) {
            in.readNBytes(100);
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(200);
            }

            assertThatThrownBy(in::readAllBytes).isInstanceOf(IOException.class).hasMessageContaining("damaged");
        }
    }

    @Test
    void whatWasAddedToCountsAsNotHeld() throws Exception {
        Files.writeString(file, "x", StandardOpenOption.APPEND);

        assertThat(test.holds(KEY)).isFalse();
    }

    @Test
    void aBlobWithoutContentCountsAsNotHeld() throws Exception {
        Files.delete(file);

        assertThat(test.holds(KEY)).isFalse();
        assertThat(test.keys()).isEmpty();
        assertThat(test.files()).isEmpty();
    }

    @Test
    void aBlobOfWhichNothingIsKnownCountsAsNotHeld() throws Exception {
        Files.writeString(file.resolveSibling(KEY + ".digest"), "garbage");

        assertThat(test.holds(KEY)).isFalse();
        assertThat(test.files()).isEmpty();
    }

    @Test
    void aDamagedBlobCanBeWrittenAgain() throws Exception {
        flip(0);
        assertThatThrownBy(() -> test.cache.file(call(), blob)).isInstanceOf(NotFoundException.class);
        Blob again = test.put(KEY, CONTENT);

        assertThat(read(test.cache.read(call(), again))).isEqualTo(CONTENT);
    }

    @Test
    void whatThisProcessHasWrittenIsNotReadAgainUntilItChanges() throws Exception {
        flipUnseen();
        assertThat(test.cache.file(call(), blob)).isEqualTo(file);
        flip(0);

        assertThatThrownBy(() -> test.cache.file(call(), blob)).isInstanceOf(NotFoundException.class);
    }

    @Test
    void whatThisProcessHasCheckedIsNotReadAgainUntilItChanges() throws Exception {
        FileCache later = new TestCache(test.folder).cache;
        later.file(call(), blob);
        flipUnseen();
        assertThat(later.file(call(), blob)).isEqualTo(file);
        flip(0);

        assertThatThrownBy(() -> later.file(call(), blob)).isInstanceOf(NotFoundException.class);
    }

    @Test
    void whatAnotherProcessHasCheckedIsReadAgain() throws Exception {
        flipUnseen();

        assertThatThrownBy(() -> new TestCache(test.folder).cache.file(call(), blob))
                .isInstanceOf(NotFoundException.class);
    }

    /** Damages the content as a program does: the time of the file tells. */
    private void flip(long position) throws IOException {
        FileTime written = Files.getLastModifiedTime(file);
        write(position);
        Files.setLastModifiedTime(file, FileTime.fromMillis(written.toMillis() + 1_000));
    }

    /** Damages the content as a disk does: nothing tells, except the content. */
    private void flipUnseen() throws IOException {
        FileTime written = Files.getLastModifiedTime(file);
        write(0);
        Files.setLastModifiedTime(file, written);
    }

    private void write(long position) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap("x".getBytes(UTF_8)), position);
        }
    }
}
