package dewy.view;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A user of this host, as the system names the peer of a unix socket.
 *
 * @param name the name; where names cannot be looked up, as without a free descriptor, the number stands for it
 */
public record LocalUser(String name) {
    private static final Path SELF = Path.of("/proc/self");

    /** Returns the user that the agent belongs to. */
    public static LocalUser own() {
        return new LocalUser(System.getProperty("user.name"));
    }

    /** Returns whether the agent is theirs: whether it is the user it belongs to, or root. */
    public boolean ownsAgent() {
        return equals(own()) || "root".equals(name) || "0".equals(name);
    }

    /** Returns the number of a user that owns the agent; empty for others, and where it is not known. */
    public Optional<Integer> uid() {
        if (name.matches("\\d{1,9}")) {
            return Optional.of(Integer.valueOf(name));
        }
        if ("root".equals(name)) {
            return Optional.of(0);
        }
        return equals(own()) ? ownUid() : Optional.empty();
    }

    private static Optional<Integer> ownUid() {
        try {
            return Optional.of((Integer) Files.getAttribute(SELF, "unix:uid"));
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.empty(); // A system without it.
        }
    }
}
