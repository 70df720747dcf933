package dewy.core.hook;

import dewy.api.Problem;
import dewy.api.StorageException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * A file that a hook writes to, in append mode, and that does not outgrow its bound: when it does, it is emptied, and the
 * end of what it held is remembered and put back in front of what came later. For one thread.
 */
final class HookOutput {
    /** How much of the end is told. */
    private static final int TOLD = 1_000;

    private static final int REMEMBERED = 64 << 10;
    private static final long LARGEST = 4L << 20;

    private final Path file;
    private byte[] before = {};

    private HookOutput(Path file) {
        this.file = file;
    }

    /** Returns the output of a hook that begins now. */
    static HookOutput fresh(Path file) throws StorageException {
        try {
            Path folder = file.getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            Files.deleteIfExists(file);
            return new HookOutput(file);
        } catch (IOException e) {
            throw new StorageException(
                    Problem.of("write the output of a hook to", file, String.valueOf(e.getMessage()), ""), e);
        }
    }

    Path file() {
        return file;
    }

    /** Empties the file if it has outgrown its bound. */
    void bound() {
        try {
            if (Files.exists(file) && Files.size(file) > LARGEST) {
                before = end(REMEMBERED);
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    channel.truncate(0);
                }
            }
        } catch (IOException e) {
            // It is tried again a moment later.
        }
    }

    /** Completes the file, now that nobody writes to it; returns the end of it, short enough for a log line. */
    String finish() {
        bound();
        try {
            if (before.length > 0) {
                byte[] after = Files.readAllBytes(file);
                byte[] whole = Arrays.copyOf(before, before.length + after.length);
                System.arraycopy(after, 0, whole, before.length, after.length);
                Files.write(file, whole);
            }
            byte[] end = end(TOLD);
            boolean cut = before.length > 0 || Files.size(file) > TOLD;
            return (cut ? "… " : "") + text(end, cut).strip();
        } catch (IOException e) {
            return "";
        }
    }

    private byte[] end(int length) throws IOException {
        try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "r")) {
            long start = Math.max(0, content.length() - length);
            byte[] bytes = new byte[(int) (content.length() - start)];
            content.seek(start);
            content.readFully(bytes);
            return bytes;
        }
    }

    /** Decodes it; what a cut has left of a character is no character. */
    private static String text(byte[] bytes, boolean cut) {
        int start = 0;
        while (cut && start < Math.min(3, bytes.length) && (bytes[start] & 0xc0) == 0x80) {
            start++;
        }
        return new String(bytes, start, bytes.length - start, StandardCharsets.UTF_8);
    }
}
