package dewy.api.cache;

import dewy.api.Call;
import dewy.api.DewyException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A store of blobs: where artifacts are kept once fetched. Safe for use by several threads. An instance may also implement
 * {@link LocalFiles}.
 */
@ConsumerType
public interface Cache extends AutoCloseable {
    /** Returns the blob of that key, if the cache holds it complete. What is damaged counts as not held. */
    Optional<Blob> find(Call call, String key) throws DewyException;

    /**
     * Opens a blob for reading.
     *
     * @return its bytes; the read that should be the last fails with a {@link DamagedException} when the content does not
     *     have the blob's digest, as that of a {@link VerifyingStream} does. An {@link java.io.IOException} whose cause is a
     *     {@link DewyException} is a failure of that type
     * @throws dewy.api.NotFoundException if it is not held any more
     */
    InputStream read(Call call, Blob blob) throws DewyException;

    /**
     * Starts to write the blob of that key.
     *
     * @param expectedSize its length in bytes, or a negative number when that is not known
     * @throws dewy.api.StorageException if so large a blob does not fit
     */
    BlobWriter write(Call call, String key, long expectedSize) throws DewyException;

    /** Forgets a blob; does nothing when there is none. */
    void delete(Call call, String key) throws DewyException;

    /** Returns what is held, least recently used first. */
    List<Blob> list(Call call) throws DewyException;

    /**
     * Notes, for people to read, which blob is the current one of the app the cache was opened for on this host. Blobs
     * that are current are not evicted.
     */
    void markCurrent(Call call, String key) throws DewyException;

    @Override
    void close();
}
