package dewy.posix;

import com.sun.jna.Pointer;
import dewy.api.InvalidException;
import dewy.api.Problem;
import java.util.Optional;

/**
 * A user and a group, from the system's databases.
 *
 * @param name the user's name
 * @param uid the user's number, unsigned
 * @param gid the group's number, unsigned
 * @param home the user's home folder
 */
record Account(String name, int uid, int gid, String home) {
    /** The C library answers in memory of its own, which the next question overwrites. */
    private static final Object LOOKUP = new Object();

    private static final long FIRST_IMPOSSIBLE = 0xffff_ffffL;

    /** Returns the account of a user, given by name or number. */
    static Account ofUser(String user) throws InvalidException {
        synchronized (LOOKUP) {
            Optional<Integer> number = number(user);
            Optional<Pointer> found =
                    Optional.ofNullable(number.isPresent() ? CLibrary.getpwuid(number.get()) : CLibrary.getpwnam(user));
            return found.map(Account::read)
                    .orElseThrow(() -> new InvalidException(
                            Problem.of("run as user", user, "there is no such user", "Create it, or check --user")));
        }
    }

    /** Returns the account with another group, given by name or number. */
    Account inGroup(String group) throws InvalidException {
        Optional<Integer> number = number(group);
        return new Account(name, uid, number.isPresent() ? number.get() : lookedUp(group), home);
    }

    private static int lookedUp(String group) throws InvalidException {
        synchronized (LOOKUP) {
            return Optional.ofNullable(CLibrary.getgrnam(group))
                    .map(found -> found.getInt(Constants.GROUP_GID))
                    .orElseThrow(() -> new InvalidException(Problem.of(
                            "run as group", group, "there is no such group", "Create it, or check --group")));
        }
    }

    private static Account read(Pointer passwd) {
        return new Account(
                passwd.getPointer(0).getString(0),
                passwd.getInt(Constants.PASSWD_UID),
                passwd.getInt(Constants.PASSWD_GID),
                passwd.getPointer(Constants.PASSWD_HOME).getString(0));
    }

    private static Optional<Integer> number(String text) {
        return text.matches("\\d{1,10}") && Long.parseLong(text) < FIRST_IMPOSSIBLE
                ? Optional.of(Integer.parseUnsignedInt(text))
                : Optional.empty();
    }
}
