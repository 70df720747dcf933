package dewy.posix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The wish of a tool such as jcmd to talk with a JVM: it leaves a file in the working directory of the JVM or among temporary
 * files, and sends SIGQUIT. Once it has been answered, there is a socket, and no tool sends the signal any more.
 *
 * @param directory the working directory of this process
 * @param temporary where the JVM has its temporary files, whatever {@code java.io.tmpdir} says
 * @param pid the number of this process
 */
record AttachRequest(Path directory, Path temporary, long pid) {
    private static final int ROOT = 0;

    static AttachRequest toThisProcess() {
        return new AttachRequest(
                Path.of("").toAbsolutePath(),
                Path.of("/tmp"),
                ProcessHandle.current().pid());
    }

    /** Returns whether there is one of that user, or of root; others must not keep SIGQUIT from whom it is for. */
    boolean isPending(int user) {
        String file = ".attach_pid" + pid;
        return Files.notExists(temporary.resolve(".java_pid" + pid))
                && (isOf(user, directory.resolve(file)) || isOf(user, temporary.resolve(file)));
    }

    private static boolean isOf(int user, Path file) {
        try {
            Object owner = Files.getAttribute(file, "unix:uid");
            return owner.equals(user) || owner.equals(ROOT);
        } catch (IOException e) {
            return false; // There is none.
        }
    }
}
