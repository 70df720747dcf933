package dewy.cache.file;

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

class FileCacheContractTest extends CacheContract {
    private final FileCacheProvider provider = new FileCacheProvider();

    @Override
    public Provider<Cache> provider() {
        return provider;
    }

    @Override
    public String url() {
        return "file://" + folder.resolve("cache");
    }

    @Override
    public List<WrongUrl> wrongUrls() {
        return List.of(
                WrongUrl.of("file://srv/a%00b?max-size=0", "max-size"), WrongUrl.of("file:?max-size=much", "max-size"));
    }

    @Override
    public Map<Trouble, Class<? extends DewyException>> troubles() {
        return Map.of(Trouble.DOWN, StorageException.class);
    }

    /** Where the folder should be there is a file. */
    @Override
    public void befall(Trouble trouble) throws IOException {
        Files.writeString(folder.resolve("cache"), "no folder");
    }

    @Override
    protected void damage(String key) throws IOException {
        Path file = folder.resolve("cache").resolve(app().name()).resolve(BlobName.of(key));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap("x".getBytes(StandardCharsets.UTF_8)), 100);
        }
    }
}
