package dewy.runtime.docker.options;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Whom this agent runs as. */
final class CurrentUser {
    private static final Path SELF = Path.of("/proc/self");

    private CurrentUser() {}

    /**
     * Returns the user and group in numbers, as {@code --user} takes them; empty for root, as whom no image is to run that names
     * somebody else, and where the system does not tell.
     */
    static Optional<String> find() {
        try {
            Object user = Files.getAttribute(SELF, "unix:uid");
            Object group = Files.getAttribute(SELF, "unix:gid");
            return user.equals(0) ? Optional.empty() : Optional.of(user + ":" + group);
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
