package dewy.cache.file;

import dewy.api.Problem;
import dewy.api.StorageException;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/**
 * Keeps a cache within its limit, and within its file system, by evicting what was used least recently. What is current for
 * any app, or being read, stays. Everything here is called while the lock of the folder is held.
 */
final class Room {
    private final CacheFolder folder;
    private final long maxSize;
    private final Pins pins;

    Room(CacheFolder folder, long maxSize, Pins pins) {
        this.folder = folder;
        this.maxSize = maxSize;
        this.pins = pins;
    }

    /**
     * Makes room for a blob.
     *
     * @param key its key; what is held under it does not count, because it is going to be replaced
     * @param size its length as far as it is known
     * @param toCome how much of it is not on the file system yet
     * @return how long it may become without more being evicted
     * @throws StorageException if it does not fit; nothing was evicted then
     */
    long make(String key, long size, long toCome) throws IOException, StorageException {
        List<CacheFolder.Held> others = others(key);
        List<CacheFolder.Held> evictable = evictable(others);
        long total = sum(others);
        long free = folder.path().toFile().getUsableSpace();
        requireFit(size, total - sum(evictable), toCome, free + sum(evictable));
        Iterator<CacheFolder.Held> next = evictable.iterator();
        while (next.hasNext() && (total > maxSize - size || free < toCome)) {
            CacheFolder.Held evicted = next.next();
            folder.remove(evicted.blob().key());
            total -= evicted.blob().size();
            free = folder.path().toFile().getUsableSpace();
        }
        return maxSize - total;
    }

    /** Evicts until the file system has room for so many bytes more; returns whether that changed anything. */
    boolean free(String key, long bytes) throws IOException {
        boolean evicted = false;
        for (CacheFolder.Held held : evictable(others(key))) {
            if (folder.path().toFile().getUsableSpace() >= bytes) {
                break;
            }
            folder.remove(held.blob().key());
            evicted = true;
        }
        return evicted;
    }

    private List<CacheFolder.Held> others(String key) throws IOException {
        return folder.held().stream()
                .filter(held -> !held.blob().key().equals(key))
                .toList();
    }

    private List<CacheFolder.Held> evictable(List<CacheFolder.Held> held) throws IOException {
        Set<String> current = Markers.current(folder.path());
        return held.stream()
                .filter(each -> !current.contains(each.blob().key()))
                .filter(each -> !pins.isPinned(each.blob().key()))
                .toList();
    }

    private static long sum(List<CacheFolder.Held> held) {
        return held.stream().mapToLong(each -> each.blob().size()).sum();
    }

    private void requireFit(long size, long staying, long toCome, long freeable) throws StorageException {
        if (size > maxSize) {
            throw tooLarge(
                    "it has at least " + size + " bytes, and the cache may hold " + maxSize,
                    "Allow more with --cache \"file:///dir?max-size=…\"");
        }
        if (staying > maxSize - size) {
            throw tooLarge(
                    "it needs " + size + " bytes, and of the " + maxSize + " that the cache may hold, " + staying
                            + " are current for an app or being read",
                    "Allow more with --cache \"file:///dir?max-size=…\"");
        }
        if (toCome > freeable) {
            throw tooLarge(
                    "it needs " + toCome + " bytes more, and the file system has no more than " + freeable,
                    "Free some space there, or name a folder on a larger file system: --cache file:///dir");
        }
    }

    private StorageException tooLarge(String why, String advice) {
        return new StorageException(Problem.of("keep the artifact in the cache", folder.path(), why, advice));
    }
}
