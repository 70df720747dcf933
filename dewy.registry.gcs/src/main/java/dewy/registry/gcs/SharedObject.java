package dewy.registry.gcs;

import dewy.api.Call;
import dewy.api.DewyException;
import java.nio.charset.StandardCharsets;

/**
 * A small object that several hosts change, each as a whole, and only if it is as it was read. GCS itself looks whether it
 * is, in one step with the write. Safe for use by several threads.
 *
 * @param what it is, for people
 */
record SharedObject(Bucket bucket, String key, String what) {
    private static final int LARGEST = 64 << 20;

    Bucket.Held read(Call call) throws DewyException {
        return bucket.read(call, "read " + what + " at", key, LARGEST);
    }

    /**
     * Writes it.
     *
     * @param before what was read, on which {@code content} is based
     * @return whether it was written; otherwise another one was first, and nothing was done
     */
    boolean replace(Call call, Bucket.Held before, String content) throws DewyException {
        return bucket.replace(
                call, "write " + what + " at", key, before.generation(), content.getBytes(StandardCharsets.UTF_8));
    }
}
