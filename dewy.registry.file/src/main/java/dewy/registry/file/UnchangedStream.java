package dewy.registry.file;

import dewy.api.Registration;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/**
 * The bytes of a file from a position on, with the promise that the file was one and the same from the first byte to the
 * last: otherwise the read that should be the last fails. For one thread.
 */
final class UnchangedStream extends FilterInputStream {
    private final Path file;
    private final Stamp expected;
    private final Registration cancellation;
    private long position;

    UnchangedStream(InputStream in, Path file, Stamp expected, long position, Registration cancellation) {
        super(in);
        this.file = file;
        this.expected = expected;
        this.position = position;
        this.cancellation = cancellation;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int wanted = (int) Math.min(length, expected.size() - position);
        if (wanted == 0) {
            return length == 0 ? 0 : -1;
        }
        int got = super.read(bytes, offset, wanted);
        position += Math.max(0, got);
        if (got < 0 || position == expected.size()) {
            requireUnchanged(got < 0);
        }
        return got;
    }

    @Override
    public long skip(long count) throws IOException {
        byte[] passed = new byte[(int) Math.min(8_192, Math.max(0, count))];
        return Math.max(0, read(passed, 0, passed.length));
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    @Override
    public void close() throws IOException {
        cancellation.close();
        super.close();
    }

    private void requireUnchanged(boolean endedEarly) throws IOException {
        Stamp now = Stamp.of(file);
        if (endedEarly || !now.equals(expected)) {
            throw new IOException(file + " changed while it was read: it had " + expected.size() + " bytes, now "
                    + now.size() + ", written at " + now.modified());
        }
    }
}
