package dewy.archive;

import dewy.api.Call;
import dewy.api.CancelledException;
import dewy.api.DewyException;
import dewy.api.Problem;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Unpacks archives: tar, also packed with gzip, bzip2, xz or zstd, and zip. The content tells the format; a name that
 * says otherwise is refused.
 *
 * <p>Modes and times are kept, owners are not. Nothing outside the folder is written or can be reached through what was
 * written: paths and links that lead out, devices, pipes and setuid bits are refused, as is what goes beyond the limits.
 * No archive brings the heap to its end.
 *
 * <p>Safe for use by several threads: archives are unpacked one after the other, because each decoder may take what the
 * heap still has.
 */
public final class ArchiveExtractor {
    /** How much an archive came to. */
    public record Unpacked(int files, long bytes) {}

    private static final long PATIENCE_MILLIS = 100;

    private final Semaphore turn = new Semaphore(1, true);

    /**
     * Unpacks a file into a folder. When this fails, some of it may lie in the folder: the caller deletes it.
     *
     * @param artifactName the name under which the archive was published
     * @param emptyFolder an existing folder in which nobody else writes
     * @return how much it came to
     * @throws dewy.api.CorruptException if the archive is damaged, hostile, too large or none
     * @throws dewy.api.StorageException if this host cannot read it, hold it or decode it
     * @throws CancelledException if the call was cancelled, or the thread interrupted
     */
    public Unpacked extract(Call call, Path archive, String artifactName, Path emptyFolder, ExtractionLimits limits)
            throws DewyException {
        awaitTurn(call, artifactName);
        try {
            return new Extraction(call, archive, artifactName, emptyFolder, limits).run();
        } finally {
            turn.release();
        }
    }

    private void awaitTurn(Call call, String artifactName) throws DewyException {
        try {
            do {
                call.check();
            } while (!turn.tryAcquire(PATIENCE_MILLIS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new CancelledException(Problem.of("unpack", artifactName, "the work was interrupted", ""), stopped);
        }
    }
}
