package dewy.core.app;

import dewy.api.Call;
import dewy.api.cache.Blob;
import dewy.api.cache.BlobWriter;
import dewy.api.cache.Cache;
import dewy.api.cache.LocalFiles;
import dewy.api.release.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** A cache that keeps each artifact in a file. */
record FolderCache(Path folder, Map<String, Blob> blobs) implements Cache, LocalFiles {
    static FolderCache in(Path folder) {
        return new FolderCache(folder, new ConcurrentHashMap<>());
    }

    @Override
    public Path file(Call call, Blob blob) {
        return folder.resolve(blob.key());
    }

    @Override
    public Optional<Blob> find(Call call, String key) {
        return Optional.ofNullable(blobs.get(key));
    }

    @Override
    public InputStream read(Call call, Blob blob) {
        try {
            return Files.newInputStream(file(call, blob));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public BlobWriter write(Call call, String key, long expectedSize) {
        return new Writer(this, key, new ByteArrayOutputStream());
    }

    @Override
    public void delete(Call call, String key) {
        blobs.remove(key);
    }

    @Override
    public List<Blob> list(Call call) {
        return List.copyOf(blobs.values());
    }

    @Override
    public void markCurrent(Call call, String key) {}

    @Override
    public void close() {}

    private record Writer(FolderCache cache, String key, ByteArrayOutputStream bytes) implements BlobWriter {
        @Override
        public void write(byte[] more, int offset, int length) {
            bytes.write(more, offset, length);
        }

        @Override
        public long size() {
            return bytes.size();
        }

        @Override
        public Digest digest(String algorithm) {
            var calculation = Digest.calculation(algorithm);
            calculation.update(bytes.toByteArray());
            return Digest.of(calculation);
        }

        @Override
        public void reset() {
            bytes.reset();
        }

        @Override
        public Blob commit() {
            Blob blob = new Blob(key, bytes.size(), digest("sha256"));
            try {
                Files.write(cache.folder.resolve(key), bytes.toByteArray());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            cache.blobs.put(key, blob);
            return blob;
        }

        @Override
        public void close() {}
    }
}
