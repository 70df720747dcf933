package dewy.core.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Replaces small files as a whole: whoever reads one, also after a crash or a power cut, finds what was there before or
 * what is there now. One thread at a time may replace a file.
 */
public final class WholeFile {
    private WholeFile() {}

    /** Replaces the content of a file; when this returns it survives a power cut, and when it fails the file is as before. */
    public static void replace(Path file, byte[] content) throws IOException {
        Path fresh = fresh(file);
        try {
            write(fresh, content);
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

    private static void write(Path fresh, byte[] content) throws IOException {
        try (FileChannel channel = FileChannel.open(
                fresh, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
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
        return file.resolveSibling(file.getFileName() + ".new");
    }
}
