package dewy.cache.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.StorageException;
import dewy.api.cache.Blob;
import dewy.api.cache.BlobWriter;
import dewy.api.cache.Cache;
import dewy.api.plugin.PluginUrl;
import dewy.tck.TestApp;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cache of 1,000 bytes. */
class MemoryBoundTest {
    @TempDir
    Path folder;

    private final CancellableCall call = CancellableCall.of("test", Duration.ofMinutes(1));
    private MemoryCacheProvider provider;
    private Cache cache;

    @BeforeEach
    void open() throws DewyException {
        provider = new MemoryCacheProvider(folder);
        cache = provider.open(PluginUrl.parse("memory:?max-size=1000"), TestApp.in(folder));
    }

    @AfterEach
    void close() {
        cache.close();
        call.close();
    }

    @Test
    void evictsWhatWasUsedLeastRecently() throws Exception {
        put("a", 400);
        Blob used = put("b", 400);
        put("c", 200);
        cache.read(call, cache.find(call, "a").orElseThrow()).close();
        put("d", 100);
        assertThat(cache.list(call)).extracting(Blob::key).containsExactly("c", "a", "d");
        assertThat(cache.find(call, used.key())).isEmpty();
    }

    @Test
    void refusesWhatCanNeverFitAndEvictsNothingForIt() throws Exception {
        put("a", 400);
        assertThatThrownBy(() -> cache.write(call, "b", 1_001).close())
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("at least 1001 bytes")
                .hasMessageContaining("may hold 1000 (max-size)")
                .hasMessageContaining("memory:?max-size=");
        assertThatThrownBy(() -> put("b", -1, 1_001)).isInstanceOf(StorageException.class);
        assertThat(cache.list(call)).extracting(Blob::key).containsExactly("a");
        put("c", 1_000);
    }

    @Test
    void keepsWhatIsCurrentOrBeingRead() throws Exception {
        Blob current = put("current", 300);
        cache.markCurrent(call, "current");
        Blob read = put("read", 300);
        try (InputStream in = cache.read(call, read)) {
            assertThatThrownBy(() -> put("large", 401))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("it needs 401 bytes, and of the 1000")
                    .hasMessageContaining("600 are current, being read or being written");
            assertThat(in.readAllBytes()).hasSize(300);
        }
        put("large", 401);
        assertThat(cache.list(call)).extracting(Blob::key).containsExactly(current.key(), "large");
    }

    @Test
    void countsWhatIsBeingWritten() throws Exception {
        try (BlobWriter first = cache.write(call, "a", 600)) {
            assertThatThrownBy(() -> cache.write(call, "b", 401).close()).isInstanceOf(StorageException.class);
            first.write(new byte[700], 0, 700);
            first.reset();
            cache.write(call, "b", 400).close();
        }
        put("b", 1_000);
    }

    @Test
    void whatIsReadMayBeForgottenAndIsCountedUntilItIsClosed() throws Exception {
        Blob blob = put("a", 600);
        try (InputStream in = cache.read(call, blob)) {
            cache.delete(call, "a");
            assertThatThrownBy(() -> put("b", 500)).isInstanceOf(StorageException.class);
            assertThat(in.readAllBytes()).hasSize(600);
        }
        put("b", 1_000);
    }

    private Blob put(String key, int size) throws DewyException {
        return put(key, size, size);
    }

    private Blob put(String key, int expected, int size) throws DewyException {
        try (BlobWriter writer = cache.write(call, key, expected)) {
            writer.write(new byte[size], 0, size);
            return writer.commit();
        }
    }
}
