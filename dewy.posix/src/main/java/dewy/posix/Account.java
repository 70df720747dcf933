package dewy.posix;

import com.sun.jna.Pointer;
import dewy.api.InvalidException;
import dewy.api.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A user and group to run as, from the system's databases.
 *
 * @param name the user's name
 * @param uid the user's number
 * @param gid the group's number
 * @param home the user's home folder
 */
record Account(String name, int uid, int gid, String home) {
    private static final Object LOOKUP = new Object();

    /** Returns the account of a user, with another group where one is named. */
    static Account of(String user, Optional<String> group) throws InvalidException {
        synchronized (LOOKUP) {
            Pointer found = isNumber(user) ? CLibrary.getpwuid(Integer.parseInt(user)) : CLibrary.getpwnam(user);
            if (found == null) {
                throw new InvalidException(
                        Problem.of("run as user", user, "there is no such user", "Create it, or check --user"));
            }
            Account account = new Account(
                    found.getPointer(0).getString(0),
                    found.getInt(2L * com.sun.jna.Native.POINTER_SIZE),
                    found.getInt(2L * com.sun.jna.Native.POINTER_SIZE + Integer.BYTES),
                    found.getPointer(4L * com.sun.jna.Native.POINTER_SIZE).getString(0));
            return group.isPresent() ? account.in(group.get()) : account;
        }
    }

    /** Returns the number of the user that this process runs as. */
    static int own() throws IOException {
        return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    }

    private Account in(String group) throws InvalidException {
        if (isNumber(group)) {
            return new Account(name, uid, Integer.parseInt(group), home);
        }
        Pointer found = CLibrary.getgrnam(group);
        if (found == null) {
            throw new InvalidException(
                    Problem.of("run as group", group, "there is no such group", "Create it, or check --group"));
        }
        return new Account(name, uid, found.getInt(2L * com.sun.jna.Native.POINTER_SIZE), home);
    }

    private static boolean isNumber(String text) {
        return text.matches("\\d{1,9}");
    }
}
