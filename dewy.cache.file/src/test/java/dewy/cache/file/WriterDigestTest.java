package dewy.cache.file;

import static dewy.cache.file.TestCache.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.NotFoundException;
import dewy.api.cache.Blob;
import dewy.api.cache.BlobWriter;
import dewy.api.release.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WriterDigestTest {
    private static final Path LOCKS = Path.of("/proc/locks");
    private static final String KEY = "v1--app.tar.gz";
    /** So large that a program calculates. */
    private static final byte[] LARGE = "0123456789".repeat(600_000).getBytes(java.nio.charset.StandardCharsets.UTF_8);

    private final Path folder;
    private final TestCache test;

    WriterDigestTest(@TempDir Path folder) {
        this.folder = folder;
        this.test = new TestCache(folder);
    }

    @Test
    void aFileThatIsBeingWrittenStaysLockedWhenItsDigestIsCalculated() throws Exception {
        Assumptions.assumeTrue(Files.isReadable(LOCKS), "this system shows no locks");
        for (int length : new int[] {100, LARGE.length}) {
            try (BlobWriter writer = test.cache.write(call(), KEY, length)) {
                writer.write(LARGE, 0, length);
                assertThat(isLocked(part())).isTrue();
                writer.digest("sha256");

                assertThat(isLocked(part())).as("after %d bytes", length).isTrue();
            }
        }
    }

    @Test
    void theDigestOfALargeBlobIsThatOfItsContent() throws Exception {
        Blob blob = put();

        assertThat(blob.digest()).isEqualTo(expected());
        assertThat(new TestCache(folder).cache.file(call(), blob)).hasBinaryContent(LARGE);
    }

    @Test
    void damageToALargeBlobIsFound() throws Exception {
        Blob blob = put();
        try (FileChannel channel = FileChannel.open(folder.resolve(KEY), StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[1]), 5_000_000);
        }

        assertThatThrownBy(() -> new TestCache(folder).cache.file(call(), blob))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("damaged");
        assertThat(test.files()).isEmpty();
    }

    private Blob put() throws Exception {
        try (BlobWriter writer = test.cache.write(call(), KEY, LARGE.length)) {
            writer.write(LARGE, 0, LARGE.length);
            return writer.commit();
        }
    }

    private Path part() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".part"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static boolean isLocked(Path file) throws IOException {
        String inode = ":" + Files.getAttribute(file, "unix:ino") + " ";
        return Files.readString(LOCKS).contains(inode);
    }

    private static Digest expected() {
        MessageDigest calculation = Digest.calculation("sha256");
        calculation.update(LARGE);
        return Digest.of(calculation);
    }
}
