package dewy.api.cache;

import dewy.api.DewyException;
import dewy.api.release.Digest;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Receives a blob piece by piece. Nothing of it is visible before {@link #commit}, and closing it without a commit leaves
 * no trace. For one thread.
 */
@ConsumerType
public interface BlobWriter extends AutoCloseable {
    /**
     * Appends bytes.
     *
     * @throws dewy.api.StorageException if there is no room, or the blob exceeds the limit of the cache
     */
    void write(byte[] bytes, int offset, int length) throws DewyException;

    /** Returns how many bytes were written so far. */
    long size();

    /**
     * Returns the digest of what was written so far, so that whoever wants to check it need not calculate it as well.
     *
     * @param algorithm {@code sha256}, by which it is the digest that the blob is going to have, or {@code sha512}
     */
    Digest digest(String algorithm) throws DewyException;

    /** Forgets what was written, to start over. */
    void reset() throws DewyException;

    /** Makes the blob durable, then visible, in place of one that had the same key. */
    Blob commit() throws DewyException;

    @Override
    void close();
}
