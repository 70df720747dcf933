package dewy.api.cache;

import dewy.api.Registration;
import dewy.api.release.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The content of a blob, checked on the way, as {@link Cache#read} promises: the read that would hand out the last bytes
 * fails when they are not the right ones. For one thread.
 */
@ProviderType
public final class VerifyingStream extends InputStream {
    private final InputStream in;
    private final Blob blob;
    private final Runnable damaged;
    private final Registration whileOpen;
    private final MessageDigest digest;
    private long left;
    private boolean failed;

    /**
     * Creates a stream.
     *
     * @param in where the content comes from; closed together with this stream
     * @param damaged run when the content turns out to be wrong, before the read fails
     * @param whileOpen taken back when this stream is closed
     */
    public VerifyingStream(InputStream in, Blob blob, Runnable damaged, Registration whileOpen) {
        this.in = in;
        this.blob = blob;
        this.damaged = damaged;
        this.whileOpen = whileOpen;
        this.digest = Digest.calculation(blob.digest().algorithm());
        this.left = blob.size();
    }

    /** Returns the stream itself if it checks that it is this blob, or else one that does: so nothing is checked twice. */
    public static VerifyingStream of(InputStream in, Blob blob) {
        return in instanceof VerifyingStream checked && checked.blob.equals(blob)
                ? checked
                : new VerifyingStream(in, blob, () -> {}, () -> {});
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (failed) {
            throw new DamagedException(blob);
        }
        int wanted = (int) Math.min(length, left);
        if (wanted == 0) {
            return length == 0 ? 0 : -1;
        }
        int got = in.read(bytes, offset, wanted);
        if (got > 0) {
            digest.update(bytes, offset, got);
            left -= got;
        }
        if (got < 0 || left == 0) {
            requireIntact(got);
        }
        return got;
    }

    @Override
    public void close() throws IOException {
        whileOpen.close();
        in.close();
    }

    private void requireIntact(int got) throws IOException {
        failed = got < 0 || in.read() >= 0 || !Digest.of(digest).equals(blob.digest());
        if (failed) {
            damaged.run();
            throw new DamagedException(blob);
        }
    }
}
