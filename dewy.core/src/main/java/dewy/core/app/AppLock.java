package dewy.core.app;

import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.StorageException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Keeps a second agent off an app directory. The process id is in a file of its own, because closing any descriptor of a
 * locked file would drop the lock.
 */
final class AppLock implements AutoCloseable {
    private final FileChannel channel;

    private AppLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes the lock of an app directory.
     *
     * @throws InvalidException if another agent holds it
     */
    static AppLock take(Path stateDirectory) throws InvalidException, StorageException {
        try {
            FileChannel channel =
                    FileChannel.open(file(stateDirectory), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (!isLocked(channel)) {
                channel.close();
                throw taken(stateDirectory);
            }
            Files.writeString(pidFile(stateDirectory), ProcessHandle.current().pid() + "\n");
            return new AppLock(channel);
        } catch (IOException e) {
            throw failure(stateDirectory, e);
        }
    }

    /**
     * Requires that no other agent holds the lock of an app directory, which need not be there; this one must not hold it
     * either, as it would lose it.
     *
     * @throws InvalidException if another agent holds it
     */
    static void requireFree(Path stateDirectory) throws InvalidException, StorageException {
        if (!Files.exists(file(stateDirectory))) {
            return;
        }
        try (FileChannel channel = FileChannel.open(file(stateDirectory), StandardOpenOption.WRITE)) {
            if (!isLocked(channel)) {
                throw taken(stateDirectory);
            }
        } catch (IOException e) {
            throw failure(stateDirectory, e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // The lock ends with the process at the latest.
        }
    }

    private static Path file(Path stateDirectory) {
        return stateDirectory.resolve("app.lock");
    }

    private static Path pidFile(Path stateDirectory) {
        return stateDirectory.resolve("app.pid");
    }

    private static InvalidException taken(Path stateDirectory) {
        return new InvalidException(Problem.of(
                "use the app directory",
                stateDirectory.getParent() == null ? stateDirectory : stateDirectory.getParent(),
                "another agent uses it" + holder(pidFile(stateDirectory)),
                "Stop that one, or give this app a folder of its own with --dir"));
    }

    private static StorageException failure(Path stateDirectory, IOException e) {
        return new StorageException(
                Problem.of(
                        "lock the folder",
                        stateDirectory,
                        String.valueOf(e.getMessage()),
                        "Check its owner, its mode and the free space"),
                e);
    }

    private static boolean isLocked(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private static String holder(Path pidFile) {
        try {
            return " (pid " + Files.readString(pidFile).strip() + ")";
        } catch (IOException e) {
            return "";
        }
    }
}
