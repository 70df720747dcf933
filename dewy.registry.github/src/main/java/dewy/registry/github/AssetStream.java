package dewy.registry.github;

import java.io.FilterInputStream;
import java.io.IOException;

/** The bytes of an asset up to its end: a body that is shorter or longer than announced is an error. For one thread. */
final class AssetStream extends FilterInputStream {
    private final Response response;
    private final long total;
    private long position;

    /** Reads a response whose body starts at {@code position} of {@code total} bytes. */
    AssetStream(Response response, long position, long total) {
        super(response.body());
        this.response = response;
        this.position = position;
        this.total = total;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int got = super.read(bytes, offset, length);
        position += Math.max(0, got);
        if (got < 0 && position < total) {
            throw new IOException("it ended after " + position + " of " + total + " bytes");
        }
        if (position > total) {
            throw new IOException("more came than its " + total + " bytes");
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
    public void close() {
        response.close();
    }
}
