package dewy.posix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;

/**
 * The file that a unix socket leaves in a folder.
 *
 * @param path its path
 * @param identity what tells it from another file under the same path, as long as its socket exists
 */
record SocketFile(Path path, Object identity) {
    private static final int FILE_TYPE = 0170000;
    private static final int SOCKET = 0140000;

    /** Returns the socket file under a path, or nothing where that is something else, or nothing. */
    static Optional<SocketFile> at(Path path) {
        try {
            int mode = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
            return (mode & FILE_TYPE) == SOCKET ? Optional.of(new SocketFile(path, identity(path))) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Moves the file to a path at once, in the place of the socket file there, whose owner and mode it takes on. */
    SocketFile replace(Path target) throws IOException {
        try {
            if (at(target).isPresent()) {
                for (String attribute : List.of("unix:uid", "unix:gid", "unix:mode")) {
                    Object old = Files.getAttribute(target, attribute, LinkOption.NOFOLLOW_LINKS);
                    if (!old.equals(Files.getAttribute(path, attribute, LinkOption.NOFOLLOW_LINKS))) {
                        Files.setAttribute(path, attribute, old);
                    }
                }
            }
            Files.move(path, target, StandardCopyOption.ATOMIC_MOVE);
            return new SocketFile(target, identity);
        } catch (IOException e) {
            remove();
            throw e;
        }
    }

    /** Removes the file, unless another one took its place. */
    void remove() {
        try {
            if (identity(path).equals(identity)) {
                Files.delete(path);
            }
        } catch (IOException e) {
            // It is gone, or may not be removed; whoever listens here next finds nobody behind it and replaces it.
        }
    }

    private static Object identity(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
    }
}
