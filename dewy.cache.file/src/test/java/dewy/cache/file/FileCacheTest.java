package dewy.cache.file;

import static dewy.cache.file.TestCache.call;
import static dewy.cache.file.TestCache.read;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.CancellableCall;
import dewy.api.CancelledException;
import dewy.api.NotFoundException;
import dewy.api.StorageException;
import dewy.api.cache.Blob;
import dewy.api.cache.BlobWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileCacheTest {
    private static final String KEY = "v1.2.3--app_linux_amd64.tar.gz";
    private static final String CONTENT = "0123456789".repeat(30_000);

    private final Path folder;
    private final TestCache test;
    private final FileCache cache;

    FileCacheTest(@TempDir Path directory) {
        this.folder = directory.resolve("state/cache");
        this.test = new TestCache(folder);
        this.cache = test.cache;
    }

    @Test
    void holdsWhatWasWritten() throws Exception {
        Blob blob = test.put(KEY, CONTENT);

        assertThat(blob).isEqualTo(test.blob(KEY, CONTENT));
        assertThat(cache.find(call(), KEY)).hasValue(blob);
        assertThat(cache.list(call())).containsExactly(blob);
        assertThat(read(cache.read(call(), blob))).isEqualTo(CONTENT);
        assertThat(cache.file(call(), blob)).isEqualTo(folder.resolve(KEY)).hasContent(CONTENT);
    }

    @Test
    void holdsNothingWhereThereIsNoFolder() throws Exception {
        assertThat(cache.find(call(), KEY)).isEmpty();
        assertThat(cache.list(call())).isEmpty();
        cache.delete(call(), KEY);

        assertThat(folder).doesNotExist();
    }

    @Test
    void holdsAnEmptyBlob() throws Exception {
        Blob blob = test.put(KEY, "");

        assertThat(cache.find(call(), KEY)).hasValue(blob);
        assertThat(read(cache.read(call(), blob))).isEmpty();
        assertThat(cache.file(call(), blob)).isEmptyFile();
    }

    @Test
    void showsNothingBeforeTheCommit() throws Exception {
        try (BlobWriter writer = cache.write(call(), KEY, -1)) {
            writer.write(CONTENT.getBytes(UTF_8), 0, 10);

            assertThat(writer.size()).isEqualTo(10);
            assertThat(test.holds(KEY)).isFalse();
            assertThat(test.keys()).isEmpty();
        }
        assertThat(test.files()).isEmpty();
    }

    @Test
    void startsOverWhenAWriterIsReset() throws Exception {
        try (BlobWriter writer = cache.write(call(), KEY, -1)) {
            writer.write("something longer that was wrong".getBytes(UTF_8), 0, 31);
            writer.reset();
            assertThat(writer.size()).isZero();
            writer.write("xxrightxx".getBytes(UTF_8), 2, 5);

            assertThat(writer.commit()).isEqualTo(test.blob(KEY, "right"));
        }
        assertThat(folder.resolve(KEY)).hasContent("right");
    }

    @Test
    void replacesABlobWithTheSameKey() throws Exception {
        Blob old = test.put(KEY, "old");
        Blob replacement = test.put(KEY, "new");

        assertThat(cache.find(call(), KEY)).hasValue(replacement);
        assertThat(cache.file(call(), replacement)).hasContent("new");
        assertThatThrownBy(() -> cache.file(call(), old)).isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> cache.read(call(), old)).isInstanceOf(NotFoundException.class);
        assertThat(test.files()).containsExactly(KEY, KEY + ".digest");
    }

    @Test
    void aReaderOfTheOldContentIsNotDisturbedByItsReplacement() throws Exception {
        Blob old = test.put(KEY, CONTENT);
        try (InputStream in = cache.read(call(), old)) {
            in.readNBytes(10);
            test.put(KEY, "new");

            assertThat(in.readAllBytes()).hasSize(CONTENT.length() - 10);
        }
    }

    @Test
    void forgetsWhatIsDeleted() throws Exception {
        Blob blob = test.put(KEY, CONTENT);
        cache.delete(call(), KEY);
        cache.delete(call(), KEY);

        assertThat(test.holds(KEY)).isFalse();
        assertThat(test.files()).isEmpty();
        assertThatThrownBy(() -> cache.read(call(), blob)).isInstanceOf(NotFoundException.class);
    }

    @Test
    void theFileIsReadOnly() throws Exception {
        Path file = cache.file(call(), test.put(KEY, CONTENT));

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .doesNotContain("w");
    }

    @Test
    void whatIsKnownAboutABlobCanBeCheckedWithSha256sum() throws Exception {
        test.put(KEY, CONTENT);
        Process check = new ProcessBuilder("sha256sum", "--check", "--strict", KEY + ".digest")
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();

        assertThat(new String(check.getInputStream().readAllBytes(), UTF_8)).isEqualTo(KEY + ": OK\n");
        assertThat(check.waitFor()).isZero();
    }

    @Test
    void notesTheCurrentBlobForPeople() throws Exception {
        cache.markCurrent(call(), KEY);
        assertThat(folder.resolve("current")).hasContent(KEY + "\n");
        cache.markCurrent(call(), "v2--app.zip");

        assertThat(folder.resolve("current")).hasContent("v2--app.zip\n");
        assertThat(test.files()).containsExactly("current");
    }

    @Test
    void keepsKeysThatNoFileCanBeCalled() throws Exception {
        for (String key : new String[] {"release/v1--a b.tgz", "../../x--y", "current", "x.digest", "ü".repeat(300)}) {
            Blob blob = test.put(key, key);

            assertThat(cache.find(call(), key)).hasValue(blob);
            assertThat(cache.file(call(), blob)).hasContent(key).hasParent(folder);
        }
        assertThat(test.keys())
                .containsExactly("release/v1--a b.tgz", "../../x--y", "current", "x.digest", "ü".repeat(300));
    }

    @Test
    void leavesTheFilesOfOthersAlone() throws Exception {
        Files.createDirectories(folder.resolve("v0--app.tgz"));
        Files.writeString(folder.resolve("README"), "x");
        Files.writeString(folder.resolve("notes.digest"), "not one of ours");
        Files.writeString(folder.resolve(".dewy-notes"), "x");
        Files.writeString(folder.resolve("v1--app.tgz"), "left by another tool");

        assertThat(test.holds("v1--app.tgz")).isFalse();
        test.put(KEY, CONTENT);
        cache.delete(call(), KEY);

        assertThat(test.files()).containsExactly(".dewy-notes", "README", "notes.digest", "v0--app.tgz", "v1--app.tgz");
    }

    @Test
    void aFileInPlaceOfTheFolderIsAFailure() throws Exception {
        Files.createDirectories(folder.getParent());
        Files.writeString(folder, "x");

        assertThatThrownBy(() -> cache.find(call(), KEY)).isInstanceOf(StorageException.class);
        assertThatThrownBy(() -> cache.list(call())).isInstanceOf(StorageException.class);
        assertThatThrownBy(() -> cache.write(call(), KEY, 1))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining(folder.toString())
                .hasMessageContaining("DEWY_CACHEDIR");
    }

    @Test
    void stopsWhenNobodyWantsTheBlobAnyMore() throws Exception {
        Blob blob = test.put(KEY, CONTENT);
        try (CancellableCall call = call();
                BlobWriter writer = cache.write(call, "other", -1);
                InputStream in = cache.read(call, blob)) {
            in.readNBytes(10);
            call.cancel("the app was removed");

            assertThatThrownBy(() -> in.read()).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> writer.write(new byte[1], 0, 1)).isInstanceOf(CancelledException.class);
            assertThatThrownBy(() -> writer.commit()).isInstanceOf(CancelledException.class);
            assertThatThrownBy(() -> cache.file(call, blob)).isInstanceOf(CancelledException.class);
        }
        assertThat(test.keys()).containsExactly(KEY);
    }
}
