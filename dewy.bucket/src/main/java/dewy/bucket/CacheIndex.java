package dewy.bucket;

import dewy.api.InvalidException;
import dewy.api.cache.Blob;
import dewy.api.release.Digest;
import dewy.store.Lines;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a cache holds, as it was at one moment. For one thread. */
final class CacheIndex {
    private static final String FORMAT = "dewy-cache 1";

    /**
     * A blob.
     *
     * @param object the last part of the key at which its content is
     * @param used the greater, the more recently it was written or made current
     */
    record Kept(Blob blob, String object, long used) {}

    private final Map<String, Kept> blobs = new TreeMap<>();
    private final Map<String, String> current = new TreeMap<>();
    private long counter;

    private CacheIndex() {}

    /** Reads what an object held; one that is not there is an empty cache. */
    static CacheIndex of(Bucket.Held held, SharedObject object) throws InvalidException {
        return object.parse(held, FORMAT, CacheIndex::of).orElseGet(CacheIndex::new);
    }

    private static CacheIndex of(List<List<String>> lines) {
        CacheIndex index = new CacheIndex();
        lines.forEach(index::read);
        return index;
    }

    String text() {
        Lines lines = new Lines(FORMAT);
        lines.add("counter", counter);
        for (Kept kept : blobs.values()) {
            Blob blob = kept.blob();
            lines.add("blob", blob.key(), kept.object(), blob.size(), blob.digest(), kept.used());
        }
        current.forEach((host, key) -> lines.add("current", host, key));
        return lines.toString();
    }

    Optional<Kept> find(String key) {
        return Optional.ofNullable(blobs.get(key));
    }

    /** Returns what is held, least recently used first. */
    List<Blob> list() {
        return leastRecentFirst().stream().map(Kept::blob).toList();
    }

    /** Adds a blob, and returns what has to go on that account: what had its key, and what there is no room for. */
    List<Kept> add(Blob blob, String object, long maxSize) {
        List<Kept> gone = new ArrayList<>(remove(blob.key()).stream().toList());
        blobs.put(blob.key(), new Kept(blob, object, ++counter));
        Collection<String> pinned = current.values();
        long size =
                blobs.values().stream().mapToLong(kept -> kept.blob().size()).sum();
        for (Kept kept : leastRecentFirst()) {
            String key = kept.blob().key();
            if (size > maxSize && !pinned.contains(key) && !key.equals(blob.key())) {
                gone.add(kept);
                blobs.remove(key);
                size -= kept.blob().size();
            }
        }
        return gone;
    }

    Optional<Kept> remove(String key) {
        return Optional.ofNullable(blobs.remove(key));
    }

    /** Notes which blob is the current one on a host; returns whether that is news. */
    boolean mark(String host, String key) {
        Kept kept = blobs.get(key);
        if (kept == null || key.equals(current.put(host, key))) {
            return false;
        }
        blobs.put(key, new Kept(kept.blob(), kept.object(), ++counter));
        return true;
    }

    private List<Kept> leastRecentFirst() {
        return blobs.values().stream()
                .sorted(Comparator.comparingLong(Kept::used))
                .toList();
    }

    private void read(List<String> words) {
        switch (words.get(0)) {
            case "counter" -> counter = Long.parseLong(words.get(1));
            case "blob" -> blobs.put(words.get(1), kept(words));
            case "current" -> current.put(words.get(1), words.get(2));
            default -> throw new IllegalArgumentException("unknown: " + words.get(0));
        }
    }

    private static Kept kept(List<String> words) {
        try {
            Blob blob = new Blob(words.get(1), Long.parseLong(words.get(3)), Digest.parse(words.get(4)));
            return new Kept(blob, words.get(2), Long.parseLong(words.get(5)));
        } catch (InvalidException e) {
            throw new IllegalArgumentException(e.problem().sentence(), e);
        }
    }
}
