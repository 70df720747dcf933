package dewy.cache.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.DewyException;
import dewy.api.StorageException;
import dewy.api.cache.Cache;
import dewy.api.plugin.Provider;
import dewy.tck.CacheContract;
import dewy.tck.Trouble;
import dewy.tck.WrongUrl;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;

class MemoryCacheContractTest extends CacheContract {
    private MemoryCacheProvider provider = new MemoryCacheProvider();

    @BeforeEach
    void useAFolderOfItsOwn() {
        provider = new MemoryCacheProvider(folder);
    }

    @Override
    public Provider<Cache> provider() {
        return provider;
    }

    @Override
    public String url() {
        return "memory:?max-size=1MB";
    }

    @Override
    public List<WrongUrl> wrongUrls() {
        return List.of(
                WrongUrl.of("memory://here"),
                WrongUrl.of("memory:///here?max-size=0", "max-size"),
                WrongUrl.of("memory:?max-size=much", "max-size"));
    }

    @Override
    public Map<Trouble, Class<? extends DewyException>> troubles() {
        return Map.of(Trouble.DOWN, StorageException.class);
    }

    /** There is no memory that one could write to. */
    @Override
    public void befall(Trouble trouble) {
        provider = new MemoryCacheProvider(folder.resolve("none"));
    }

    /** What has no name is still to be found among what this process has open. */
    @Override
    protected void damage(String key) throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            Path blob = open.filter(this::isBlob).findFirst().orElseThrow();
            try (FileChannel channel = FileChannel.open(blob, StandardOpenOption.WRITE)) {
                assertThat(channel.size()).isGreaterThan(100);
                channel.write(ByteBuffer.wrap("x".getBytes(StandardCharsets.UTF_8)), 100);
            }
        }
    }

    private boolean isBlob(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).startsWith(folder);
        } catch (IOException e) {
            return false;
        }
    }
}
