package dewy.registry.gcs;

import dewy.api.cache.Blob;
import dewy.api.release.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;

/**
 * The content of a blob, checked on the way: the read that would hand out the last bytes fails when they are not the right
 * ones. For one thread.
 */
final class VerifyingStream extends InputStream {
    private final InputStream in;
    private final Blob blob;
    private final Runnable damaged;
    private final MessageDigest digest;
    private long left;
    private boolean failed;

    /**
     * Creates a stream.
     *
     * @param in where the content comes from; closed together with this stream
     * @param damaged run when the content turns out to be wrong, before the read fails
     */
    VerifyingStream(InputStream in, Blob blob, Runnable damaged) {
        this.in = in;
        this.blob = blob;
        this.damaged = damaged;
        this.digest = Digest.calculation(blob.digest().algorithm());
        this.left = blob.size();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        requireIntact(!failed);
        int wanted = (int) Math.min(length, left);
        if (wanted == 0) {
            return length == 0 ? 0 : -1;
        }
        int got = in.read(bytes, offset, wanted);
        if (got < 0) {
            throw new IOException("the content of the cached " + blob.key() + " ended " + left + " bytes too early");
        }
        digest.update(bytes, offset, got);
        left -= got;
        if (left == 0) {
            requireIntact(in.read() < 0 && Digest.of(digest).equals(blob.digest()));
        }
        return got;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private void requireIntact(boolean intact) throws IOException {
        if (!intact) {
            if (!failed) {
                failed = true;
                damaged.run();
            }
            throw new IOException(
                    "the cached " + blob.key() + " is damaged: its content has not the digest " + blob.digest());
        }
    }
}
