package dewy.shell.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Who asks for something.
 *
 * @param user the name of the user
 * @param uid the number of the user, where it is known
 * @param from where it is asked from, for the audit log: {@code socket}, {@code prompt}
 */
public record Caller(String user, Optional<Integer> uid, String from) {
    private static final Path SELF = Path.of("/proc/self");

    /** Returns a user of this host: that of the agent, or root; where names cannot be looked up, a number stands for one. */
    public static Caller of(String user, String from) {
        return new Caller(user, uid(user), from);
    }

    private static Optional<Integer> uid(String user) {
        if (user.matches("\\d{1,9}")) {
            return Optional.of(Integer.valueOf(user));
        }
        if (user.equals("root")) {
            return Optional.of(0);
        }
        return user.equals(System.getProperty("user.name")) ? own() : Optional.empty();
    }

    private static Optional<Integer> own() {
        try {
            return Optional.of((Integer) Files.getAttribute(SELF, "unix:uid"));
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.empty(); // A system without it.
        }
    }
}
