package dewy.archive;

import dewy.archive.disk.CarriedException;
import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/**
 * Reads an archive, entry by entry. An {@link IOException} means that the archive is damaged or refused, or carries
 * another failure ({@link CarriedException}). For one thread.
 */
interface EntryReader extends Closeable {
    /** Moves on to the next entry; empty at the end of a complete archive. */
    Optional<Entry> next() throws IOException;

    /** Reads content of the current file, as {@link java.io.InputStream#read(byte[])} does. */
    int read(byte[] target) throws IOException;

    /** Returns what the archive says of itself before it is unpacked; it may lie. */
    default Optional<Declared> declared() throws IOException {
        return Optional.empty();
    }

    /** How many entries an archive lists and how many bytes they have, unpacked. */
    record Declared(long entries, long bytes) {}
}
