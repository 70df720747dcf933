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

/**
 * A file that a hook writes to, in append mode, and that does not outgrow its bound: when it does, it is emptied, and what
 * comes later is kept. So its end is always the end of what was written.
 *
 * @param file the file
 */
record HookOutput(Path file) {
    /** How much of the end is told. */
    private static final int TOLD = 1_000;

    private static final long LARGEST = 4L << 20;

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

    /** Empties the file if it has outgrown its bound. */
    void bound() {
        try {
            if (Files.exists(file) && Files.size(file) > LARGEST) {
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    channel.truncate(0);
                }
            }
        } catch (IOException e) {
            // It is tried again a moment later.
        }
    }

    /** Returns the end of what was written, short enough for a log line. */
    String end() {
        try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "r")) {
            long start = Math.max(0, content.length() - TOLD);
            byte[] bytes = new byte[(int) (content.length() - start)];
            content.seek(start);
            content.readFully(bytes);
            String text = new String(bytes, StandardCharsets.UTF_8).strip();
            return start > 0 ? "… " + text : text;
        } catch (IOException e) {
            return "";
        }
    }
}
