package dewy.shell.control;

import dewy.api.release.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

/**
 * Where the control socket of an agent lies: not in its home, whose path may be too long for a socket, but in a folder of
 * the user's own under a short name, to which a file in the home points.
 */
final class SocketPlace {
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final int NAME_LENGTH = 16;

    private final Path home;
    private final Path folder;
    private final boolean temporary;
    private final String name;

    private SocketPlace(Path home, Path folder, boolean temporary, String name) {
        this.home = home;
        this.folder = folder;
        this.temporary = temporary;
        this.name = name;
    }

    /**
     * Finds a place for the socket of an agent home.
     *
     * @param runtimeFolders folders to make ours in, preferred ones first
     */
    static SocketPlace of(Path home, List<Path> runtimeFolders) throws IOException {
        String name = Digest.of(home.toString().getBytes(StandardCharsets.UTF_8))
                .hex()
                .substring(0, NAME_LENGTH);
        for (Path runtimeFolder : runtimeFolders) {
            Path folder = runtimeFolder.resolve("dewy");
            if (Files.isDirectory(runtimeFolder) && Files.isWritable(runtimeFolder) && isOurs(folder)) {
                return new SocketPlace(home, folder, false, name);
            }
        }
        return new SocketPlace(home, Files.createTempDirectory("dewy-", OWNER_ONLY), true, name);
    }

    Path socket() {
        return folder.resolve(name);
    }

    /** Writes where the socket is, for clients to find. */
    void publish() throws IOException {
        Path part = home.resolve("control.part");
        Files.writeString(part, socket() + "\n");
        Files.move(part, pointer(), StandardCopyOption.ATOMIC_MOVE);
    }

    void withdraw() throws IOException {
        Files.deleteIfExists(pointer());
        Files.deleteIfExists(socket());
        if (temporary) {
            Files.deleteIfExists(folder);
        }
    }

    private Path pointer() {
        return home.resolve("control");
    }

    /** A folder of somebody else's, or one that others may enter, is no place for the socket. */
    private static boolean isOurs(Path folder) throws IOException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectory(folder, OWNER_ONLY);
        }
        PosixFileAttributes attributes =
                Files.readAttributes(folder, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        return attributes.isDirectory()
                && attributes.permissions().equals(OWNER_ONLY.value())
                && attributes.owner().getName().equals(System.getProperty("user.name"));
    }
}
