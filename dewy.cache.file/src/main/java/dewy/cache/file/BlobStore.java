package dewy.cache.file;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.StorageException;
import dewy.api.cache.Blob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A cache folder that several processes may change, and does not grow beyond its limit: each change is one step under the
 * folder's lock. Safe for use by several threads.
 */
final class BlobStore {
    private static final Logger log = LoggerFactory.getLogger(BlobStore.class);
    private static final String READ = "read the cache";
    private static final String WRITE = "write to the cache";

    private final CacheFolder folder;
    private final FolderLock lock;
    private final Room room;
    private final InstantSource clock;
    private final AtomicBoolean swept = new AtomicBoolean();

    BlobStore(Path path, long maxSize, Pins pins, InstantSource clock) {
        this.folder = new CacheFolder(path);
        this.lock = new FolderLock(path);
        this.room = new Room(folder, maxSize, pins);
        this.clock = clock;
    }

    /** Returns the blob of a key; what is left of a damaged one is removed. */
    Optional<CacheFolder.Held> find(Call call, String key) throws DewyException {
        sweepOnce(call);
        try {
            Optional<CacheFolder.Held> held = folder.look(key);
            return held.isEmpty() && folder.hasTraces(key) ? lookAgain(call, key) : held;
        } catch (IOException e) {
            throw failure(READ, e);
        }
    }

    /** Returns all blobs, least recently used first. */
    List<CacheFolder.Held> list(Call call) throws DewyException {
        sweepOnce(call);
        try {
            return folder.held();
        } catch (IOException e) {
            throw failure(READ, e);
        }
    }

    /** Begins to write a blob of which {@code expectedSize} bytes are to come. */
    TempFile begin(Call call, String key, long expectedSize) throws DewyException {
        createFolder();
        sweepOnce(call);
        return lock.hold(call, WRITE, () -> {
            room.make(key, expectedSize, expectedSize);
            return TempFile.create(folder.path());
        });
    }

    /** Makes room under the limit; see {@link Room#make}. */
    long makeRoom(Call call, String key, long size) throws DewyException {
        return lock.hold(call, WRITE, () -> room.make(key, size, 0));
    }

    /** Makes room on a file system that is full; see {@link Room#free}. */
    boolean makeRoomOnDisk(Call call, String key, long bytes) throws DewyException {
        return lock.hold(call, WRITE, () -> room.free(key, bytes));
    }

    /** Makes what was written the blob of its key; returns it as it is now held. */
    CacheFolder.Held install(Call call, Blob blob, TempFile content) throws DewyException {
        return lock.hold(call, WRITE, () -> {
            room.make(blob.key(), blob.size(), 0);
            return folder.install(blob, content, clock.instant());
        });
    }

    void remove(Call call, String key) throws DewyException {
        if (folder.hasTraces(key)) {
            lock.hold(call, "remove a blob from the cache", () -> {
                folder.remove(key);
                return key;
            });
        }
    }

    /** Removes a blob whose content was found to be wrong, unless it was replaced meanwhile. */
    void discard(Call call, CacheFolder.Held damaged) {
        String key = damaged.blob().key();
        tidy(call, () -> {
            Optional<CacheFolder.Held> held = folder.look(key);
            if (held.isPresent()
                    && held.get().blob().equals(damaged.blob())
                    && held.get().stamp().equals(damaged.stamp())) {
                folder.remove(key);
            }
            return key;
        });
    }

    void markCurrent(Call call, String marker, String key) throws DewyException {
        createFolder();
        lock.hold(call, "note the current blob of the cache", () -> {
            Markers.mark(folder.path(), marker, key);
            return key;
        });
    }

    void touch(String key) {
        folder.touch(key, clock.instant());
    }

    StorageException failure(String tried, IOException e) {
        return StorageFailure.of(tried, folder.path(), e);
    }

    /** Somebody else may be replacing the blob right now: only under the lock is what looks damaged so. */
    private Optional<CacheFolder.Held> lookAgain(Call call, String key) {
        return tidy(call, () -> {
                    Optional<CacheFolder.Held> held = folder.look(key);
                    if (held.isEmpty()) {
                        folder.remove(key);
                    }
                    return held;
                })
                .flatMap(held -> held);
    }

    private void sweepOnce(Call call) {
        if (Files.isDirectory(folder.path()) && swept.compareAndSet(false, true)) {
            tidy(call, () -> {
                folder.sweep();
                return swept;
            });
        }
    }

    /** Does what keeps the folder clean, but is needed by nobody, such as where it is read-only. */
    private <T> Optional<T> tidy(Call call, FolderLock.Work<T> work) {
        try {
            return Optional.of(lock.hold(call, "clean up the cache", work));
        } catch (DewyException e) {
            log.atDebug().addKeyValue("error", e.getMessage()).log("Cache is left as it is");
            return Optional.empty();
        }
    }

    private void createFolder() throws StorageException {
        try {
            Files.createDirectories(folder.path());
        } catch (IOException e) {
            throw failure("create the cache", e);
        }
    }
}
