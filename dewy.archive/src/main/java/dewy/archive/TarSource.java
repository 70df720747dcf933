package dewy.archive;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Locale;

/**
 * The bytes of a tar on their way from the decoder to the reader. It charges what is not content to the meter, bounds
 * what the reader has to keep in memory at once, and stops a decoder that takes input for ever without giving output.
 */
final class TarSource implements Closeable {
    /** Bytes from the end of one content to the start of the next: padding, header, extension headers. */
    static final int MAX_HEADERS = 256 << 10;

    /** Bytes of the archive for which a decoder may give nothing; a bzip2 block is shorter. */
    static final int MAX_FRUITLESS = 2 << 20;

    private static final int BUFFER = 8 << 10;
    private static final int DROPPED = 8 << 10;

    private final InputStream decoded;
    private final Meter meter;
    private boolean content;
    private long headers;

    private TarSource(InputStream decoded, Meter meter) {
        this.decoded = decoded;
        this.meter = meter;
    }

    /** Opens an archive of a format other than zip, whose decoder may take {@code decoderMemory} bytes. */
    static TarSource open(ArchiveFormat format, ArchiveChannel archive, long decoderMemory, Meter meter)
            throws IOException {
        if (format == ArchiveFormat.TAR) {
            return new TarSource(archive.stream(), meter);
        }
        // Some decoders read already when they are opened.
        archive.allow(MAX_FRUITLESS, TarSource::refuseFruitless);
        InputStream decoded = new FilterInputStream(Decoder.open(format, archive.stream(), decoderMemory)) {
            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                archive.allow(MAX_FRUITLESS, TarSource::refuseFruitless);
                return super.read(target, offset, length);
            }
        };
        return new TarSource(new BufferedInputStream(ReadAhead.of(decoded), BUFFER), meter);
    }

    /** Returns the first bytes, which are read again afterwards. */
    byte[] head() throws IOException {
        decoded.mark(ArchiveFormat.HEAD);
        byte[] head = decoded.readNBytes(ArchiveFormat.HEAD);
        decoded.reset();
        return head;
    }

    void betweenContents() {
        content = false;
        headers = 0;
    }

    void inContent() {
        content = true;
    }

    /** Returns the next block, shorter where the tar ends. */
    byte[] block() throws IOException {
        return readUpTo(TarHeader.BYTES);
    }

    /** Returns so many bytes, which must be there. */
    byte[] bytes(int count) throws IOException {
        byte[] bytes = readUpTo(count);
        if (bytes.length < count) {
            throw new EOFException("it ends in the middle of a header");
        }
        return bytes;
    }

    /** Reads to the end of the decoder, so that it checks what it can check. */
    void drain() throws IOException {
        drop(Long.MAX_VALUE);
    }

    /** Drops so many bytes, which must be there. */
    void skip(long bytes) throws IOException {
        if (drop(bytes) < bytes) {
            throw new EOFException("it ends too early");
        }
    }

    int read(byte[] target, int offset, int length) throws IOException {
        int read = decoded.read(target, offset, length);
        if (!content && read > 0) {
            chargeHeaders(read);
        }
        return read;
    }

    @Override
    public void close() throws IOException {
        decoded.close();
    }

    private byte[] readUpTo(int count) throws IOException {
        byte[] bytes = new byte[count];
        int filled = 0;
        while (filled < count) {
            int read = read(bytes, filled, count - filled);
            if (read < 0) {
                return Arrays.copyOf(bytes, filled);
            }
            filled += read;
        }
        return bytes;
    }

    /** What is dropped is not kept in memory: it counts only against the limits of the archive. */
    private long drop(long bytes) throws IOException {
        byte[] dropped = new byte[(int) Math.min(bytes, DROPPED)];
        long done = 0;
        while (done < bytes) {
            int read = decoded.read(dropped, 0, (int) Math.min(dropped.length, bytes - done));
            if (read < 0) {
                break;
            }
            meter.skipping(read);
            done += read;
        }
        return done;
    }

    private static long refuseFruitless() throws RefusedException {
        throw new RefusedException(String.format(Locale.ROOT, "%,d bytes of it unpack to nothing", MAX_FRUITLESS));
    }

    private void chargeHeaders(int bytes) throws IOException {
        headers += bytes;
        if (headers > MAX_HEADERS) {
            throw new RefusedException(
                    String.format(Locale.ROOT, "the headers of one entry are longer than %,d bytes", MAX_HEADERS));
        }
        meter.skipping(bytes);
    }
}
