package dewy.core.journal;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where something installed is on this host. */
public sealed interface Place {
    /** Returns whether nobody needs to ask for it: it is not there any more. */
    boolean isGone();

    /** A release folder. */
    record Folder(Path path) implements Place {
        @Override
        public boolean isGone() {
            return !Files.isDirectory(path);
        }

        @Override
        public String toString() {
            return path.toString();
        }
    }

    /**
     * An image, of which only its store can tell whether it is there: what the agent removed itself, it forgets.
     *
     * @param reference {@code repository@sha256:…}
     */
    record Image(String reference) implements Place {
        @Override
        public boolean isGone() {
            return false;
        }

        @Override
        public String toString() {
            return reference;
        }
    }
}
