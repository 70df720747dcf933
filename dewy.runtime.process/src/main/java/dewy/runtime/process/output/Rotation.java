package dewy.runtime.process.output;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Makes room in a file that processes append to, by copying it to {@code <file>.1} and cutting it to nothing. A rename
 * would not do: the processes hold the file, and would go on to fill it under its new name for as long as they run.
 *
 * <p>Nothing makes copying and cutting one step. What is written in the microseconds between the last byte copied and the
 * cut is lost; the caller therefore waits for a moment in which nothing is written, as long as it can.
 */
final class Rotation {
    private static final long STEP = 1L << 20;

    private Rotation() {}

    /** Returns where the copy is. */
    static Path copyOf(Path file) {
        return file.resolveSibling(file.getFileName() + ".1");
    }

    /**
     * What a rotation did.
     *
     * @param copied the length of the copy
     * @param lost how many bytes were cut that are not in the copy
     */
    record Result(long copied, long lost) {}

    /**
     * Rotates the file.
     *
     * @param more how many bytes more than there are now to copy at the most, should they be written faster than copied
     * @throws IOException if the file cannot be copied: then it is as it was
     */
    static Result rotate(FileChannel live, Path file, long more) throws IOException {
        Path copy = copyOf(file);
        Files.deleteIfExists(copy);
        boolean complete = false;
        try (FileChannel out = FileChannel.open(copy, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            long copied = copy(live, out, live.size() + more);
            long lost = live.size() - copied;
            live.truncate(0);
            complete = true;
            return new Result(copied, lost);
        } finally {
            if (!complete) {
                Files.deleteIfExists(copy);
            }
        }
    }

    private static long copy(FileChannel from, FileChannel to, long most) throws IOException {
        long copied = 0;
        long step;
        do {
            step = from.transferTo(copied, STEP, to);
            copied += step;
        } while (step > 0 && copied < most);
        return copied;
    }
}
