package dewy.posix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
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
