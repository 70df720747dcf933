package dewy.posix;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;

/**
 * A folder for one socket, which everybody may pass through and nobody else may list: so the name of the socket in it is
 * known to those only who were told.
 *
 * @param path the folder
 */
record NotifyFolder(Path path) {
    private static final String PREFIX = "dewy-notify-";
    private static final int NAME_BYTES = 16;
    /** Within it, an agent that has made its folder has its socket there. */
    private static final Duration OPENING = Duration.ofMinutes(1);

    static NotifyFolder create(Path parent) throws IOException {
        Path path = Files.createTempDirectory(parent, PREFIX);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx--x--x"));
        return new NotifyFolder(path);
    }

    /** Returns where a socket may be, under a name that nobody can guess. */
    Path socket() {
        byte[] name = new byte[NAME_BYTES];
        new SecureRandom().nextBytes(name);
        return path.resolve(HexFormat.of().formatHex(name));
    }

    /** Removes the folder with what is in it. */
    void remove() {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
            for (Path file : files) {
                Files.delete(file);
            }
            Files.delete(path);
        } catch (IOException e) {
            // It is gone, or not ours; a later agent tries again.
        }
    }

    /** Removes the folders of this user's agents that were killed: nobody answers there. */
    static void removeLeftovers(Path parent, Instant now) {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(parent, PREFIX + "*")) {
            for (Path folder : folders) {
                NotifyFolder left = new NotifyFolder(folder);
                if (left.isOwn() && left.isLeft(now)) {
                    left.remove();
                }
            }
        } catch (IOException e) {
            // They stay.
        }
    }

    private boolean isOwn() throws IOException {
        return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)
                && Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS)
                        .equals(CLibrary.geteuid());
    }

    private boolean isLeft(Instant now) throws IOException {
        List<Path> files;
        try (var listed = Files.list(path)) {
            files = listed.toList();
        }
        if (files.isEmpty()) {
            return Files.getLastModifiedTime(path).toInstant().isBefore(now.minus(OPENING));
        }
        return files.stream().noneMatch(NotifyFolder::isAnswered);
    }

    private static boolean isAnswered(Path socket) {
        byte[] address = SocketAddresses.unix(socket.toString().getBytes(StandardCharsets.UTF_8));
        try (RawSocket probe = RawSocket.openDatagram()) {
            probe.connect(address);
            return true;
        } catch (SystemCallException e) {
            return e.errno() != Errno.ECONNREFUSED && e.errno() != Errno.ENOENT;
        }
    }
}
