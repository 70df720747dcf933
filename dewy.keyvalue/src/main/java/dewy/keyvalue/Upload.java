package dewy.keyvalue;

import dewy.api.DewyException;
import dewy.api.cache.Blob;

/** The chunks of a blob that is being written, which nobody finds before it is committed. For one thread. */
public interface Upload extends Chunks, AutoCloseable {
    /**
     * Has other blobs make room.
     *
     * @param size that of the whole blob, as far as it is known
     * @throws dewy.api.StorageException if there is none; nothing was removed then
     */
    void makeRoom(long size) throws DewyException;

    /** Adds the next chunk. */
    void write(long number, byte[] chunk) throws DewyException;

    /** Forgets the chunks. */
    void clear() throws DewyException;

    /** Makes the chunks a blob, in place of one that had its key. */
    void commit(Blob blob, long chunks) throws DewyException;

    /** Removes what was not committed, as far as that can be asked for, and ends the connection. */
    @Override
    void close();
}
