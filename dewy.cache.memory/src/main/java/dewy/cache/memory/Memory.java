package dewy.cache.memory;

import dewy.api.Problem;
import dewy.api.StorageException;
import dewy.api.cache.Blob;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The blobs of one app, which have so many bytes together at most, those included that are being written; those used least
 * recently make room. Safe for use by several threads.
 *
 * <p>Each is in a file of {@code /dev/shm}, which is memory, that has no name any more once it is open. Direct buffers would
 * be limited by the size of the heap, which is small, and both they and mapped files are given back when the garbage
 * collector comes to it; this is given back when it is closed, also by the end of an agent that was killed.
 */
final class Memory {
    private final Path folder;
    private final long maxSize;
    /** Least recently used first. */
    private final Map<String, HeldBlob> blobs = new LinkedHashMap<>();

    private Optional<String> current = Optional.empty();
    private long taken;

    Memory(Path folder, long maxSize) {
        this.folder = folder;
        this.maxSize = maxSize;
    }

    /** Returns memory that is as good as a file without a name; whoever asks for it closes it. */
    FileChannel open() throws StorageException {
        try {
            Path file = Files.createTempFile(folder, "dewy-", ".blob");
            try {
                return FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /**
     * Takes bytes for a blob that is to have {@code size} in all; others make room.
     *
     * @throws StorageException if there is no room; nothing was evicted then
     */
    synchronized void take(String key, long bytes, long size) throws StorageException {
        List<HeldBlob> evictable =
                blobs.values().stream().filter(this::isEvictable).toList();
        requireRoom(
                key,
                bytes,
                size,
                evictable.stream().mapToLong(held -> held.blob().size()).sum());
        for (HeldBlob next : evictable) {
            if (taken + bytes <= maxSize) {
                break;
            }
            forget(next.blob().key());
        }
        taken += bytes;
    }

    synchronized void giveBack(long bytes) {
        taken -= bytes;
    }

    /** Holds a blob for which as many bytes were taken as it has. */
    synchronized void put(HeldBlob held) {
        forget(held.blob().key());
        blobs.put(held.blob().key(), held);
    }

    synchronized Optional<Blob> find(String key) {
        // One whose reader was interrupted is closed: that is what channels do.
        HeldBlob held = blobs.get(key);
        if (held != null && !held.content().isOpen()) {
            forget(key);
            return Optional.empty();
        }
        return Optional.ofNullable(held).map(HeldBlob::blob);
    }

    /** Has a blob stay until {@link #endReading}, if it is held. */
    synchronized Optional<HeldBlob> beginReading(Blob blob) {
        if (!find(blob.key()).equals(Optional.of(blob))) {
            return Optional.empty();
        }
        HeldBlob held = blobs.remove(blob.key());
        if (held == null) {
            return Optional.empty();
        }
        blobs.put(blob.key(), held);
        held.beginReading();
        return Optional.of(held);
    }

    synchronized void endReading(HeldBlob held) {
        if (held.endReading()) {
            taken -= held.blob().size();
        }
    }

    synchronized void forget(String key) {
        HeldBlob held = blobs.remove(key);
        if (held != null && held.forget()) {
            taken -= held.blob().size();
        }
    }

    /** Forgets a blob, unless another one has taken its place. */
    synchronized void forget(HeldBlob held) {
        if (held.equals(blobs.get(held.blob().key()))) {
            forget(held.blob().key());
        }
    }

    synchronized List<Blob> list() {
        return List.copyOf(blobs.keySet()).stream()
                .flatMap(key -> find(key).stream())
                .toList();
    }

    synchronized void markCurrent(String key) {
        current = Optional.of(key);
    }

    synchronized void free() {
        List.copyOf(blobs.keySet()).forEach(this::forget);
    }

    StorageException failure(IOException e) {
        return new StorageException(
                Problem.of(
                        "keep the artifact in memory, in",
                        folder,
                        String.valueOf(e.getMessage()),
                        "Free some of it, have it made larger, or keep artifacts in a folder: --cache file:"),
                e);
    }

    private boolean isEvictable(HeldBlob held) {
        return !held.isBeingRead() && !current.equals(Optional.of(held.blob().key()));
    }

    private void requireRoom(String key, long bytes, long size, long evictable) throws StorageException {
        if (size > maxSize) {
            throw tooLarge(
                    key, "it has at least " + size + " bytes, and the cache may hold " + maxSize + " (max-size)");
        }
        if (taken - evictable > maxSize - bytes) {
            throw tooLarge(
                    key,
                    "it needs " + size + " bytes, and of the " + maxSize + " that the cache may hold (max-size), "
                            + (taken - evictable - (size - bytes))
                            + " are current, being read or being written");
        }
    }

    private static StorageException tooLarge(String key, String why) {
        return new StorageException(Problem.of(
                "keep in memory",
                key,
                why,
                "Allow more with --cache \"memory:?max-size=…\", which has to hold two artifacts, or keep them in a"
                        + " folder: --cache file:"));
    }
}
