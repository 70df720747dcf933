package dewy.archive;

import java.io.IOException;
import java.util.Optional;

/**
 * Takes whatever a reader throws at a hostile archive for damage of the archive: libraries that read binary formats
 * leave some checks to the bounds of their arrays.
 */
final class Untrusted implements EntryReader {
    private final EntryReader reader;

    private Untrusted(EntryReader reader) {
        this.reader = reader;
    }

    /** Opens a reader. */
    @FunctionalInterface
    interface Opening<T> {
        T run() throws IOException;
    }

    static EntryReader open(Opening<EntryReader> opening) throws IOException {
        return new Untrusted(guard(opening));
    }

    @Override
    public Optional<Entry> next() throws IOException {
        return guard(reader::next);
    }

    @Override
    public int read(byte[] target) throws IOException {
        return guard(() -> reader.read(target));
    }

    @Override
    public Optional<Declared> declared() throws IOException {
        return guard(reader::declared);
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }

    private static <T> T guard(Opening<T> step) throws IOException {
        try {
            return step.run();
        } catch (RuntimeException broken) {
            throw new IOException("what it holds makes no sense", broken);
        }
    }
}
