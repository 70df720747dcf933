package dewy.core.install;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.Locale;

/**
 * The bytes of a tar on their way from the decoder to the reader. It charges what is not content to the meter, bounds
 * what the reader has to keep in memory at once, and stops a decoder that takes input for ever without giving output.
 */
final class TarSource extends FilterInputStream {
    /** Bytes from the end of one content to the start of the next: padding, header, extension headers. */
    static final int MAX_HEADERS = 256 << 10;

    /** Bytes of the archive for which a decoder may give nothing; a bzip2 block is shorter. */
    static final int MAX_FRUITLESS = 2 << 20;

    private final PushbackInputStream decoded;
    private final ArchiveChannel archive;
    private final Meter meter;
    private boolean content;
    private long headers;

    private TarSource(PushbackInputStream decoded, ArchiveChannel archive, Meter meter) {
        super(decoded);
        this.decoded = decoded;
        this.archive = archive;
        this.meter = meter;
    }

    /** Opens an archive of a format other than zip, whose decoder may take {@code decoderMemory} bytes. */
    static TarSource open(ArchiveFormat format, ArchiveChannel archive, long decoderMemory, Meter meter)
            throws IOException {
        // Some decoders read already when they are opened.
        archive.allow(MAX_FRUITLESS, TarSource::refuseFruitless);
        InputStream decoded = Decoder.open(format, archive.stream(), decoderMemory);
        return new TarSource(new PushbackInputStream(decoded, ArchiveFormat.HEAD), archive, meter);
    }

    /** Returns the first bytes, which are read again afterwards. */
    byte[] head() throws IOException {
        archive.allow(MAX_FRUITLESS, TarSource::refuseFruitless);
        byte[] head = decoded.readNBytes(ArchiveFormat.HEAD);
        decoded.unread(head);
        return head;
    }

    void betweenContents() {
        content = false;
        headers = 0;
    }

    void inContent() {
        content = true;
    }

    /** Reads to the end of the decoder, so that it checks what it can check. */
    void drain() throws IOException {
        byte[] rest = new byte[8 << 10];
        do {
            headers = 0;
        } while (read(rest) >= 0);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        archive.allow(MAX_FRUITLESS, TarSource::refuseFruitless);
        int read = decoded.read(target, offset, length);
        if (!content && read > 0) {
            chargeHeaders(read);
        }
        return read;
    }

    @Override
    public long skip(long bytes) throws IOException {
        byte[] dropped = new byte[(int) Math.max(0, Math.min(bytes, 8 << 10))];
        long skipped = 0;
        while (skipped < bytes) {
            int read = read(dropped, 0, (int) Math.min(dropped.length, bytes - skipped));
            if (read < 0) {
                break;
            }
            skipped += read;
        }
        return skipped;
    }

    @Override
    public boolean markSupported() {
        return false;
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
