package dewy.cache.file;

import static dewy.cache.file.TestCache.call;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.StorageException;
import dewy.api.cache.Blob;
import dewy.api.cache.BlobWriter;
import dewy.api.cache.Cache;
import dewy.api.plugin.PluginUrl;
import dewy.tck.TestApp;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvictionTest {
    private static final long LIMIT = 100;

    private final Path folder;
    private final TestCache test;
    private final FileCache cache;

    EvictionTest(@TempDir Path folder) {
        this.folder = folder;
        this.test = new TestCache(folder, LIMIT);
        this.cache = test.cache;
    }

    @Test
    void mayBeFilledToTheLastByte() throws Exception {
        put("a", 40);
        put("b", 40);
        put("c", 20);

        assertThat(test.keys()).containsExactly("a", "b", "c");
    }

    @Test
    void oneByteTooManyEvictsWhatWasUsedLeastRecently() throws Exception {
        put("a", 40);
        put("b", 40);
        put("c", 21);

        assertThat(test.keys()).containsExactly("b", "c");
        assertThat(test.files()).containsExactly("b", "b.digest", "c", "c.digest");
    }

    @Test
    void evictsNoMoreThanIsNeeded() throws Exception {
        put("a", 30);
        put("b", 30);
        put("c", 30);
        put("d", 70);

        assertThat(test.keys()).containsExactly("c", "d");
    }

    @Test
    void readingIsAUseAndFindingIsNone() throws Exception {
        Blob a = put("a", 30);
        Blob b = put("b", 30);
        put("c", 30);
        test.holds("c");
        cache.read(call(), a).close();
        cache.file(call(), b);
        put("d", 40);

        assertThat(test.keys()).containsExactly("a", "b", "d");
    }

    @Test
    void neverEvictsWhatIsCurrentForAnyApp() throws Exception {
        put("a", 30);
        put("b", 30);
        put("c", 30);
        cache.markCurrent(call(), "a");
        test.open(LIMIT, "current.host-2.web").markCurrent(call(), "b");
        put("d", 40);

        assertThat(test.keys()).containsExactly("a", "b", "d");
    }

    @Test
    void whatIsNotCurrentAnyMoreMayGo() throws Exception {
        put("a", 60);
        cache.markCurrent(call(), "a");
        put("b", 40);
        cache.markCurrent(call(), "b");
        put("c", 60);

        assertThat(test.keys()).containsExactly("b", "c");
    }

    @Test
    void neverEvictsWhatIsBeingRead() throws Exception {
        Blob a = put("a", 40);
        put("b", 40);
        try (InputStream in = cache.read(call(), a)) {
            in.read();
            put("c", 40);

            assertThat(test.keys()).containsExactly("a", "c");
        }
        put("d", 60);
        assertThat(test.keys()).containsExactly("c", "d");
    }

    @Test
    void instancesThatShareAFolderRespectEachOthersReaders(@TempDir Path app) throws Exception {
        FileCacheProvider provider = new FileCacheProvider();
        PluginUrl url = PluginUrl.parse("file://" + folder.toFile().getParent() + "?max-size=100");
        TestApp web = TestApp.in(app).named(folder.toFile().getName());
        try (Cache one = provider.open(url, web);
                Cache other = provider.open(url, web);
                InputStream in = one.read(call(), put("a", 60))) {
            assertThatThrownBy(() -> other.write(call(), "b", 60))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("being read");
            in.readAllBytes();
        }
    }

    @Test
    void appsInOneFolderDoNotTakeEachOthersArtifacts(@TempDir Path app) throws Exception {
        FileCacheProvider provider = new FileCacheProvider();
        PluginUrl url = PluginUrl.parse("file://" + app.resolve("shared"));
        try (Cache web = provider.open(url, TestApp.in(app).named("web"));
                Cache api = provider.open(url, TestApp.in(app).named("api"));
                BlobWriter writer = web.write(call(), "v1.0.0--app.tar.gz", 1)) {
            writer.write(new byte[1], 0, 1);
            writer.commit();

            assertThat(web.find(call(), "v1.0.0--app.tar.gz")).isPresent();
            assertThat(api.find(call(), "v1.0.0--app.tar.gz")).isEmpty();
        }
    }

    @Test
    void refusesAtOnceWhatIsLargerThanTheCache() throws Exception {
        put("a", 40);

        assertThatThrownBy(() -> cache.write(call(), "b", 101))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("101 bytes")
                .hasMessageContaining("may hold 100")
                .hasMessageContaining("max-size");
        assertThat(test.keys()).containsExactly("a");
    }

    @Test
    void refusesWhatTurnsOutToBeLargerThanTheCache() throws Exception {
        put("a", 40);
        try (BlobWriter writer = cache.write(call(), "b", -1)) {
            writer.write(new byte[60], 0, 60);
            assertThat(test.keys()).containsExactly("a");
            writer.write(new byte[40], 0, 40);
            assertThat(test.keys()).isEmpty();

            assertThatThrownBy(() -> writer.write(new byte[1], 0, 1))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("may hold 100");
            assertThatThrownBy(writer::commit).isInstanceOf(IllegalStateException.class);
        }
        assertThat(test.files()).isEmpty();
    }

    @Test
    void evictsNothingForWhatDoesNotFitAnyway() throws Exception {
        put("a", 50);
        put("b", 50);
        cache.markCurrent(call(), "b");

        assertThatThrownBy(() -> cache.write(call(), "c", 60))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("of the 100 that the cache may hold, 50 are current");
        assertThat(test.keys()).containsExactly("a", "b");
    }

    @Test
    void whatIsReplacedDoesNotCountTwice() throws Exception {
        put("a", 30);
        put("b", 70);
        put("b", 70);

        assertThat(test.keys()).containsExactly("a", "b");
    }

    @Test
    void aLowerLimitHoldsFromTheNextWriteOn() throws Exception {
        put("a", 40);
        put("b", 40);
        FileCache smaller = test.open(50, "current");
        TestCache.put(smaller, "c", "x");

        assertThat(test.keys()).containsExactly("b", "c");
    }

    @Test
    void twoWritersAtOnceStayWithinTheLimit() throws Exception {
        try (BlobWriter one = cache.write(call(), "a", 60);
                BlobWriter other = cache.write(call(), "b", 60)) {
            one.write(new byte[60], 0, 60);
            other.write(new byte[60], 0, 60);
            one.commit();
            other.commit();
        }

        assertThat(test.keys()).containsExactly("b");
    }

    @Test
    void theFilesOfOthersDoNotCount() throws Exception {
        Files.write(folder.resolve("film"), new byte[1_000]);
        put("a", 100);

        assertThat(test.keys()).containsExactly("a");
        assertThat(folder.resolve("film")).exists();
    }

    private Blob put(String key, int size) throws Exception {
        return test.put(key, new String(new byte[size], UTF_8));
    }
}
