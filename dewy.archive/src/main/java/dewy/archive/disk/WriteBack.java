package dewy.archive.disk;

import dewy.api.Call;
import dewy.api.DewyException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Brings large files to the disk while the rest is still being unpacked, so that {@link TreeSync} finds little left to do.
 * What it does not get to is left to that. For one thread.
 */
public final class WriteBack implements AutoCloseable {
    /** Of a file that is being written, so much is forced at once. */
    public static final int STRIDE = 16 << 20;

    /** Less is not worth a record in the journal of the file system. */
    private static final int WORTHWHILE = 1 << 20;

    private static final int QUEUE = 16;

    private final DiskWorkers workers = new DiskWorkers("sync", 1, QUEUE);
    private int unforced;

    /** So much more was written to a file. */
    public void wrote(Path file, int bytes) {
        unforced += bytes;
        if (unforced >= STRIDE) {
            submit(file);
        }
    }

    /** A file is complete. */
    public void completed(Path file) {
        if (unforced >= WORTHWHILE) {
            submit(file);
        }
        unforced = 0;
    }

    /** Returns when all is forced that was to be: a failure would not be told again when everything is. */
    public void finish(Call call) throws IOException, DewyException {
        workers.await(call);
    }

    @Override
    public void close() {
        workers.close();
    }

    private void submit(Path file) {
        unforced = 0;
        workers.offer(() -> Disk.attempt("sync", file, () -> force(file)));
    }

    private static Path force(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            channel.force(false);
        } catch (NoSuchFileException replaced) {
            // By a second file of its name, which is forced for itself.
        }
        return file;
    }
}
