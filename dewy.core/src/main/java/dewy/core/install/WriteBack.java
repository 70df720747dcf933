package dewy.core.install;

import dewy.api.Call;
import dewy.api.CancelledException;
import dewy.api.DewyException;
import dewy.api.Problem;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Brings files to the disk ahead of {@link TreeSync}, so that this finds little left to do: large ones while the rest is
 * still being unpacked, and many small ones together at the end. What it does not get to is left to that. For one thread.
 */
final class WriteBack implements AutoCloseable {
    /** Of a file that is being written, so much is forced at once. */
    static final int STRIDE = 16 << 20;

    /** Less is not worth a record in the journal of the file system. */
    private static final int WORTHWHILE = 1 << 20;

    /** So many small files are worth a program. */
    static final int MANY = 500;

    private static final int QUEUE = 16;

    private final SystemSync system;
    private final ThreadPoolExecutor pool = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(QUEUE),
            work -> {
                Thread thread = new Thread(work, "dewy-write-back");
                thread.setDaemon(true);
                return thread;
            },
            new ThreadPoolExecutor.DiscardPolicy());

    private final AtomicReference<@Nullable DewyException> failure = new AtomicReference<>();
    private int unforced;
    private int small;

    WriteBack(SystemSync system) {
        this.system = system;
    }

    /** So much more was written to a file. */
    void wrote(Path file, int bytes) {
        unforced += bytes;
        if (unforced >= STRIDE) {
            submit(file);
        }
    }

    /** A file is complete. */
    void completed(Path file) {
        if (unforced >= WORTHWHILE) {
            submit(file);
        } else {
            small++;
        }
        unforced = 0;
    }

    /**
     * Ends what has begun, once all is in {@code folder}. A disk tells once that it lost something, so whatever failed
     * here would seem to be there when it is forced again.
     */
    void finish(Call call, Path folder) throws DewyException {
        if (small >= MANY) {
            system.run(call, folder);
        }
        pool.getQueue().clear();
        pool.shutdown();
        try {
            while (!pool.awaitTermination(100, TimeUnit.MILLISECONDS)) {
                call.check();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new CancelledException(Problem.of("sync", folder, "the work was interrupted", ""), stopped);
        }
        DewyException first = failure.get();
        if (first != null) {
            throw first;
        }
    }

    @Override
    public void close() {
        pool.shutdownNow();
    }

    private void submit(Path file) {
        unforced = 0;
        pool.execute(() -> {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                channel.force(false);
            } catch (NoSuchFileException replaced) {
                // By a second file of its name, which is forced for itself.
            } catch (IOException refused) {
                failure.compareAndSet(null, Disk.failure("sync", file, refused));
            }
        });
    }
}
