package dewy.archive;

import dewy.api.Call;
import dewy.archive.disk.CarriedException;
import java.io.IOException;
import java.util.Locale;

/**
 * Counts what one archive takes against its limits, and asks with every step whether the work is still wanted. For one
 * thread.
 */
final class Meter {
    private final Call call;
    private final ExtractionLimits limits;
    private final ArchiveChannel archive;
    private final long archiveBytes;
    private final long mostUnpacked;
    private int entries;
    private long written;
    private long skipped;

    Meter(Call call, ExtractionLimits limits, ArchiveChannel archive) throws IOException {
        this.call = call;
        this.limits = limits;
        this.archive = archive;
        this.archiveBytes = archive.size();
        long most = archiveBytes > Long.MAX_VALUE / limits.ratio() ? Long.MAX_VALUE : archiveBytes * limits.ratio();
        this.mostUnpacked = Math.max(most, ExtractionLimits.RATIO_FREE);
    }

    /** One more entry of the archive, or one more directory that an entry implies. */
    void entry() throws IOException {
        requireEntries(++entries);
        step();
    }

    /** Refuses at once an archive that itself says that it is too large. */
    void require(EntryReader.Declared declared) throws RefusedException {
        requireEntries(declared.entries());
        requireBytes(declared.bytes());
    }

    /** So many bytes are about to be written. */
    void writing(int bytes) throws IOException {
        written += bytes;
        requireBytes(written);
        requireRatio();
        step();
    }

    /** So many bytes were unpacked that are not written: headers, padding, what follows the end. */
    void skipping(long bytes) throws IOException {
        skipped += bytes;
        requireBytes(skipped);
        requireRatio();
        step();
    }

    private void requireEntries(long count) throws RefusedException {
        if (count > limits.entries()) {
            throw new RefusedException(
                    String.format(Locale.ROOT, "it has more than %,d entries", limits.entries()),
                    "Pack fewer files, or raise the limit of entries.");
        }
    }

    private void requireBytes(long count) throws RefusedException {
        if (count > limits.bytes()) {
            throw new RefusedException(
                    String.format(Locale.ROOT, "it unpacks to more than %,d bytes", limits.bytes()),
                    "Pack less, or raise the limit of bytes.");
        }
    }

    private void requireRatio() throws RefusedException {
        if (written + skipped > mostUnpacked) {
            throw new RefusedException(
                    String.format(
                            Locale.ROOT,
                            "it unpacks to more than %,d times its size of %,d bytes, as decompression bombs do",
                            limits.ratio(),
                            archiveBytes),
                    "If it is meant to, raise the limit of the ratio.");
        }
    }

    private void step() throws IOException {
        CarriedException.check(call);
        call.progress("extract", archive.position(), archiveBytes);
    }
}
