package dewy.archive;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.tukaani.xz.MemoryLimitException;
import org.tukaani.xz.XZInputStream;

/**
 * Unpacks one compressed archive within the memory that its decoder may take. What asks for more is refused before it is
 * allocated: gzip and bzip2 take little, xz takes heap, zstd takes native memory. For one thread.
 */
final class Decoder extends InputStream {
    private static final String RAISE = "Raise the limit of the decoder's memory, or pack with a smaller dictionary.";

    private final InputStream decoded;
    private final long limit;

    private Decoder(InputStream decoded, long limit) {
        this.decoded = decoded;
        this.limit = limit;
    }

    /** Opens what {@code archive} holds, which is in {@code format}; it is closed with the decoder. */
    static InputStream open(ArchiveFormat format, InputStream archive, long limit) throws IOException {
        return switch (format) {
            case TAR -> archive;
            case GZIP -> new GzipDecoder(archive);
            case BZIP2 -> new BZip2CompressorInputStream(archive, true);
            case XZ -> new Decoder(new XZInputStream(archive, kibibytes(HeapRoom.upTo(limit))), limit);
            case ZSTD -> new Decoder(zstd(archive, limit), limit);
            case ZIP -> throw new IllegalArgumentException("a zip is no compressed tar");
        };
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        try {
            return decoded.read(target, offset, length);
        } catch (MemoryLimitException tooMuch) {
            throw xzNeeds((long) tooMuch.getMemoryNeeded() << 10);
        } catch (ZstdIOException broken) {
            if (broken.getErrorCode() == Zstd.errFrameParameterWindowTooLarge()) {
                throw new RefusedException(
                        String.format(Locale.ROOT, "its zstd window is larger than %,d bytes", limit), RAISE);
            }
            throw broken;
        }
    }

    @Override
    public void close() throws IOException {
        decoded.close();
    }

    private IOException xzNeeds(long bytes) {
        String needs = String.format(Locale.ROOT, "its xz decoder needs %,d bytes of memory", bytes);
        if (bytes > limit) {
            return new RefusedException(needs + String.format(Locale.ROOT, ", more than %,d", limit), RAISE);
        }
        return RefusedException.byHost(
                needs + String.format(Locale.ROOT, ", and the heap has room for %,d", HeapRoom.upTo(limit)),
                "Start the agent with a larger heap (-Xmx), or pack with a smaller dictionary.");
    }

    private static int kibibytes(long bytes) {
        return (int) Math.min(bytes >> 10, Integer.MAX_VALUE);
    }

    private static InputStream zstd(InputStream archive, long limit) throws IOException {
        return new ZstdInputStreamNoFinalizer(archive).setLongMax(windowLog(limit));
    }

    /** A window is a power of two, from 2^10 on; 2^31 is the largest that the library takes. */
    private static int windowLog(long limit) {
        return Math.min(31, 63 - Long.numberOfLeadingZeros(limit));
    }
}
