package dewy.cache.file;

import dewy.api.CancellableCall;
import dewy.api.cache.Blob;
import dewy.api.cache.BlobWriter;
import dewy.api.release.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;

/** A cache folder on disk, whose clock goes one second further each time it is read. */
final class TestCache implements InstantSource {
    static final long LARGE = 1L << 40;

    final Path folder;
    final FileCache cache;
    private final Pins pins = new Pins();
    private Instant now = Instant.parse("2026-03-01T12:00:00Z");

    TestCache(Path folder) {
        this(folder, LARGE);
    }

    TestCache(Path folder, long maxSize) {
        this.folder = folder;
        this.cache = open(maxSize, "current");
    }

    /** Opens another instance, as another app of the same agent has it. */
    FileCache open(long maxSize, String marker) {
        return new FileCache(new CacheLocation(folder, maxSize, marker), pins, this);
    }

    @Override
    public synchronized Instant instant() {
        now = now.plusSeconds(1);
        return now;
    }

    Blob put(String key, String content) throws Exception {
        return put(cache, key, content);
    }

    static Blob put(FileCache cache, String key, String content) throws Exception {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        try (BlobWriter writer = cache.write(call(), key, bytes.length)) {
            writer.write(bytes, 0, bytes.length);
            return writer.commit();
        }
    }

    Blob blob(String key, String content) {
        return new Blob(key, content.length(), digest(content));
    }

    boolean holds(String key) throws Exception {
        return cache.find(call(), key).isPresent();
    }

    List<String> keys() throws Exception {
        return cache.list(call()).stream().map(Blob::key).toList();
    }

    List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.equals(FolderLock.NAME))
                    .sorted()
                    .toList();
        }
    }

    static String read(InputStream in) throws IOException {
        try (in) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    static Digest digest(String content) {
        MessageDigest digest = Digest.calculation("sha256");
        digest.update(content.getBytes(StandardCharsets.UTF_8));
        return Digest.of(digest);
    }

    static CancellableCall call() {
        return CancellableCall.of("test", Duration.ofSeconds(30));
    }
}
