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
        Path pidFile = stateDirectory.resolve("app.pid");
        try {
            FileChannel channel = FileChannel.open(
                    stateDirectory.resolve("app.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (!isLocked(channel)) {
                channel.close();
                throw new InvalidException(Problem.of(
                        "use the app directory",
                        stateDirectory.getParent() == null ? stateDirectory : stateDirectory.getParent(),
                        "another agent uses it" + holder(pidFile),
                        "Stop that one, or give this app a folder of its own with --dir"));
            }
            Files.writeString(pidFile, ProcessHandle.current().pid() + "\n");
            return new AppLock(channel);
        } catch (IOException e) {
            throw new StorageException(
                    Problem.of(
                            "lock the folder",
                            stateDirectory,
                            String.valueOf(e.getMessage()),
                            "Check its owner, its mode and the free space"),
                    e);
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
