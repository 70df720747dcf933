package dewy.cache.file;

import dewy.api.Call;
import dewy.api.DewyException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Lets one change a cache folder at a time, among all processes that use it. It is held for moments only. What ends a
 * process ends its lock.
 */
final class FolderLock {
    /** What is done while the lock is held. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws IOException, DewyException;
    }

    static final String NAME = ".dewy.lock";

    private static final long BETWEEN_TRIES = TimeUnit.MILLISECONDS.toNanos(5);

    private final Path folder;

    FolderLock(Path folder) {
        this.folder = folder;
    }

    /**
     * Does some work while nobody else changes the folder, which must exist.
     *
     * @param tried what the work is, as a failure tells it
     * @throws dewy.api.StorageException if the work, or the locking, fails with an {@link IOException}
     */
    <T> T hold(Call call, String tried, Work<T> work) throws DewyException {
        try {
            synchronized (monitor()) {
                try (FileChannel channel = FileChannel.open(
                                folder.resolve(NAME), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                        FileLock lock = lock(call, channel)) {
                    return work.run();
                }
            }
        } catch (IOException e) {
            throw StorageFailure.of(tried, folder, e);
        }
    }

    /**
     * File locks are held by a process as a whole, and closing the file anywhere in it drops them: so one thread of it at a
     * time may touch the file, whichever version of this bundle it runs. An interned string is one object for all of them.
     */
    private Object monitor() throws IOException {
        return ("dewy.cache.file:" + folder.toRealPath()).intern();
    }

    private static FileLock lock(Call call, FileChannel channel) throws IOException, DewyException {
        FileLock lock = channel.tryLock();
        while (lock == null) {
            call.check();
            LockSupport.parkNanos(BETWEEN_TRIES);
            lock = channel.tryLock();
        }
        return lock;
    }
}
