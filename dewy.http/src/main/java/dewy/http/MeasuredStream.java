package dewy.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.OptionalLong;

/** Content up to its end: a body that is shorter or longer than was told is an error. For one thread. */
public class MeasuredStream extends FilterInputStream {
    private final OptionalLong total;
    private long position;

    /**
     * Makes one.
     *
     * @param position at which byte of the whole the body begins
     * @param total how long the whole is, if that is told
     */
    public MeasuredStream(InputStream body, long position, OptionalLong total) {
        super(body);
        this.position = position;
        this.total = total;
    }

    /** Returns whether all of it was read. */
    protected final boolean isComplete() {
        return total.equals(OptionalLong.of(position));
    }

    @Override
    public final int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int got = super.read(bytes, offset, length);
        position += Math.max(0, got);
        if (total.isEmpty()) {
            return got;
        }
        if (got < 0 && position < total.getAsLong()) {
            throw new IOException("it ended after " + position + " of " + total.getAsLong() + " bytes");
        }
        if (position > total.getAsLong()) {
            throw new IOException("more came than its " + total.getAsLong() + " bytes");
        }
        return got;
    }

    @Override
    public final long skip(long count) throws IOException {
        byte[] passed = new byte[(int) Math.min(8_192, Math.max(0, count))];
        return Math.max(0, read(passed, 0, passed.length));
    }

    @Override
    public final boolean markSupported() {
        return false;
    }
}
