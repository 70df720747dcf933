package dewy.core.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/**
 * Replaces small files as a whole: whoever reads one, also after a crash or a power cut, finds what was there before or
 * what is there now. One thread at a time may replace a file.
 */
public final class WholeFile {
    /** How the name of a file ends that had not taken the place of another one when the agent was killed. */
    public static final String UNFINISHED = ".new";

    private static final Set<StandardOpenOption> WRITTEN_ANEW =
            EnumSet.of(StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);

    private WholeFile() {}

    /** Replaces the content of a file; when this returns it survives a power cut, and when it fails the file is as before. */
    public static void replace(Path file, byte[] content) throws IOException {
        replace(file, content, new FileAttribute<?>[0]);
    }

    /** Does the same with a file that nobody but the owner may read. */
    public static void replaceOwnerOnly(Path file, byte[] content) throws IOException {
        clean(file); // What a crash left may be for others to read.
        replace(file, content, ownerOnly(file, "rw-------"));
    }

    /** Creates a folder that nobody but the owner may look into, if it is not there. */
    public static void createOwnerOnly(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectory(folder, ownerOnly(folder, "rwx------"));
            syncFolder(folder);
        }
    }

    /** Returns the attributes of what nobody but the owner may touch, where the file system has such. */
    public static FileAttribute<?>[] ownerOnly(Path file, String mode) {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))}
                : new FileAttribute<?>[0];
    }

    private static void replace(Path file, byte[] content, FileAttribute<?>... attributes) throws IOException {
        Path fresh = fresh(file);
        try {
            write(fresh, content, attributes);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            forget(file, e);
            throw e;
        }
        syncFolder(file);
    }

    /** Removes what a crash left of a content that had not become the file's yet. */
    public static void clean(Path file) throws IOException {
        Files.deleteIfExists(fresh(file));
    }

    /** Makes durable that a file was created, renamed or deleted. */
    public static void syncFolder(Path file) throws IOException {
        try (FileChannel folder = FileChannel.open(file.resolveSibling(""), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }

    private static void write(Path fresh, byte[] content, FileAttribute<?>... attributes) throws IOException {
        try (FileChannel channel = FileChannel.open(fresh, WRITTEN_ANEW, attributes)) {
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }

    private static void forget(Path file, IOException failed) {
        try {
            clean(file);
        } catch (IOException left) {
            // The next start removes it; the reader needs to know what failed first.
            failed.addSuppressed(left);
        }
    }

    private static Path fresh(Path file) {
        return file.resolveSibling(file.getFileName() + UNFINISHED);
    }
}
