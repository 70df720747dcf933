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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps a second agent, and a second app of this one, off an app directory. Closing any descriptor of a locked file would
 * drop the lock: so the process id is in a file of its own, and what this agent holds is known without opening it.
 */
final class AppLock implements AutoCloseable {
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path folder;
    private final FileChannel channel;

    private AppLock(Path folder, FileChannel channel) {
        this.folder = folder;
        this.channel = channel;
    }

    /**
     * Takes the lock of an app directory.
     *
     * @throws InvalidException if another agent holds it, or another app of this one
     */
    static AppLock take(Path stateDirectory) throws InvalidException, StorageException {
        try {
            Path folder = hold(stateDirectory);
            try {
                return new AppLock(folder, lock(stateDirectory));
            } catch (InvalidException | IOException | RuntimeException e) {
                HELD.remove(folder);
                throw e;
            }
        } catch (IOException e) {
            throw failure(stateDirectory, e);
        }
    }

    private static FileChannel lock(Path stateDirectory) throws InvalidException, IOException {
        FileChannel channel =
                FileChannel.open(file(stateDirectory), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (!isLocked(channel)) {
                throw takenElsewhere(stateDirectory);
            }
            Files.writeString(pidFile(stateDirectory), ProcessHandle.current().pid() + "\n");
            return channel;
        } catch (InvalidException | IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /**
     * Requires that the lock of an app directory could be taken; the directory need not be there.
     *
     * @throws InvalidException if another agent holds it, or another app of this one
     */
    static void requireFree(Path stateDirectory) throws InvalidException, StorageException {
        if (!Files.exists(file(stateDirectory))) {
            return;
        }
        try {
            Path folder = hold(stateDirectory);
            try (FileChannel channel = FileChannel.open(file(stateDirectory), StandardOpenOption.WRITE)) {
                if (!isLocked(channel)) {
                    throw takenElsewhere(stateDirectory);
                }
            } finally {
                HELD.remove(folder);
            }
        } catch (IOException e) {
            throw failure(stateDirectory, e);
        }
    }

    private static Path hold(Path stateDirectory) throws InvalidException, IOException {
        Path folder = stateDirectory.toRealPath();
        if (!HELD.add(folder)) {
            throw taken(stateDirectory, "another app of this agent uses it");
        }
        return folder;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // The lock ends with the process at the latest.
        }
        HELD.remove(folder);
    }

    private static Path file(Path stateDirectory) {
        return stateDirectory.resolve("app.lock");
    }

    private static Path pidFile(Path stateDirectory) {
        return stateDirectory.resolve("app.pid");
    }

    private static InvalidException takenElsewhere(Path stateDirectory) {
        return taken(stateDirectory, "another agent uses it" + holder(pidFile(stateDirectory)));
    }

    private static InvalidException taken(Path stateDirectory, String why) {
        return new InvalidException(Problem.of(
                "use the app directory",
                stateDirectory.getParent() == null ? stateDirectory : stateDirectory.getParent(),
                why,
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
