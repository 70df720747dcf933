package dewy.cache.file;

import static dewy.cache.file.TestCache.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.StorageException;
import dewy.api.cache.BlobWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FullDiskTest {
    private static final int MEGABYTE = 1 << 20;

    private final Path folder;
    private final SmallFileSystem disk;
    private final TestCache test;

    FullDiskTest(@TempDir Path folder) throws Exception {
        this.folder = folder;
        this.disk = SmallFileSystem.mount(folder, 8);
        this.test = new TestCache(folder);
    }

    @AfterEach
    void unmount() throws Exception {
        disk.close();
    }

    @Test
    void saysThatTheDiskIsFullAndLeavesNothingBehind() throws Exception {
        try (BlobWriter writer = test.cache.write(call(), "a", -1)) {
            assertThatThrownBy(() -> write(writer, 9))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("No space left on device")
                    .hasMessageContaining("Free some space");
        }

        assertThat(test.files()).isEmpty();
        assertThat(folder.toFile().getUsableSpace()).isGreaterThan(7L * MEGABYTE);
    }

    @Test
    void aWriterCanStartOverOnceThereIsSpace() throws Exception {
        Path film = Files.write(folder.resolve("film"), new byte[5 * MEGABYTE]);
        try (BlobWriter writer = test.cache.write(call(), "a", -1)) {
            assertThatThrownBy(() -> write(writer, 4)).isInstanceOf(StorageException.class);
            Files.delete(film);
            writer.reset();
            write(writer, 4);

            assertThat(writer.commit().size()).isEqualTo(4L * MEGABYTE);
        }
        assertThat(test.holds("a")).isTrue();
    }

    @Test
    void saysBeforeADownloadThatTheDiskIsTooSmall() {
        assertThatThrownBy(() -> test.cache.write(call(), "a", 9L * MEGABYTE))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("it needs 9437184 bytes more")
                .hasMessageContaining("larger file system");
    }

    @Test
    void makesRoomForADownloadOfWhichTheSizeIsKnown() throws Exception {
        put("a", 3);
        put("b", 3);
        try (BlobWriter writer = test.cache.write(call(), "c", 4L * MEGABYTE)) {
            assertThat(test.keys()).containsExactly("b");
            write(writer, 4);
            writer.commit();
        }

        assertThat(test.keys()).containsExactly("b", "c");
    }

    @Test
    void makesRoomWhileADownloadGrows() throws Exception {
        put("a", 3);
        put("b", 3);
        try (BlobWriter writer = test.cache.write(call(), "c", -1)) {
            write(writer, 4);
            writer.commit();
        }

        assertThat(test.keys()).containsExactly("b", "c");
        assertThat(test.cache.file(call(), test.cache.find(call(), "c").orElseThrow()))
                .hasSize(4L * MEGABYTE);
    }

    @Test
    void readsWhereNothingCanBeWritten() throws Exception {
        put("a", 1);
        Files.writeString(folder.resolve("b.digest"), "# key b\n# size 1\n" + "0".repeat(64) + "  b\n");
        disk.makeReadOnly();
        TestCache later = new TestCache(folder);

        assertThat(later.keys()).containsExactly("a");
        assertThat(later.holds("b")).isFalse();
        assertThat(later.cache.file(call(), later.cache.find(call(), "a").orElseThrow()))
                .exists();
        assertThatThrownBy(() -> later.cache.write(call(), "c", 1))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("Read-only file system");
        assertThatThrownBy(() -> later.cache.markCurrent(call(), "a")).isInstanceOf(StorageException.class);
    }

    private void put(String key, int megabytes) throws Exception {
        try (BlobWriter writer = test.cache.write(call(), key, (long) megabytes * MEGABYTE)) {
            write(writer, megabytes);
            writer.commit();
        }
    }

    private static void write(BlobWriter writer, int megabytes) throws Exception {
        byte[] piece = new byte[MEGABYTE / 4];
        for (int i = 0; i < 4 * megabytes; i++) {
            writer.write(piece, 0, piece.length);
        }
    }
}
