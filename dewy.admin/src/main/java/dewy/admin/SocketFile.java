package dewy.admin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The place of a unix socket. The path by which one is bound has at most a hundred bytes: so it is bound through a short link to
 * its folder, in a folder that only its owner can enter.
 */
final class SocketFile implements AutoCloseable {
    private final Path socket;
    private final Path folder;
    private final Path link;

    private SocketFile(Path socket, Path folder) {
        this.socket = socket;
        this.folder = folder;
        this.link = folder.resolve("h");
    }

    /** Makes the place free, where a dead agent has left its own. */
    static SocketFile prepare(Path socket) throws IOException {
        Files.deleteIfExists(socket);
        SocketFile file = new SocketFile(
                socket,
                Files.createTempDirectory(
                        "dewy-", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))));
        Files.createSymbolicLink(file.link, socket.toAbsolutePath().getParent());
        return file;
    }

    /** Returns the path by which it is to be bound. */
    Path address() {
        return link.resolve(socket.getFileName());
    }

    /** Keeps others out, now that it is bound. */
    void protect() throws IOException {
        Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(link);
        Files.deleteIfExists(folder);
    }
}
