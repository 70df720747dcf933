package dewy.launcher.agent;

import dewy.api.FailureKind;
import dewy.api.Problem;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The folder of one agent, held by a lock as long as it is open. The process id is in a file of its own, because closing
 * any descriptor of a locked file would drop the lock.
 */
public final class AgentHome implements AutoCloseable {
    private final Path folder;
    private final FileChannel lock;

    private AgentHome(Path folder, FileChannel lock) {
        this.folder = folder;
        this.lock = lock;
    }

    /**
     * Takes possession of a folder, which is created when missing.
     *
     * @throws LaunchException if another agent has it, or it cannot be written to
     */
    public static AgentHome open(Path folder) throws LaunchException {
        try {
            Files.createDirectories(folder);
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
            FileChannel lock =
                    FileChannel.open(folder.resolve("agent.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            Path pid = folder.resolve("agent.pid");
            if (lock.tryLock() == null) {
                lock.close();
                throw new LaunchException(
                        FailureKind.CONFIGURATION,
                        Problem.of(
                                "use the agent home",
                                folder,
                                "an agent with pid " + Files.readString(pid).strip() + " uses it",
                                "Stop that one, or choose another folder with --dir or --home"));
            }
            Files.writeString(pid, ProcessHandle.current().pid() + "\n");
            return new AgentHome(folder, lock);
        } catch (IOException e) {
            throw new LaunchException(
                    FailureKind.STORAGE,
                    Problem.of(
                            "use the agent home",
                            folder,
                            e.getClass().getSimpleName() + ": " + e.getMessage(),
                            "It must be a folder of a file system with room, and writable"),
                    e);
        }
    }

    public Path folder() {
        return folder;
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            // The lock ends with the process at the latest.
        }
    }
}
