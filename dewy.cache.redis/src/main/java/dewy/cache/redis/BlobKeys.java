package dewy.cache.redis;

import java.util.List;

/** The names of the keys under which the blobs of an app are. */
record BlobKeys(String prefix) {
    /** Returns the keys that each script is given. */
    List<String> all() {
        return List.of(prefix + "blobs", prefix + "used", prefix + "current");
    }

    /** Returns what the names of the hashes of chunks begin with. */
    String contents() {
        return prefix + "content:";
    }
}
