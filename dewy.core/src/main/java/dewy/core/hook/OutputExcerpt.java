package dewy.core.hook;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The end of what a command wrote, short enough for a log line. */
final class OutputExcerpt {
    private static final int BYTES = 1_000;

    private OutputExcerpt() {}

    /** Returns the excerpt behind {@code prefix}, or nothing at all when nothing was written. */
    static String of(Path output, String prefix) {
        try (RandomAccessFile file = new RandomAccessFile(output.toFile(), "r")) {
            long start = Math.max(0, file.length() - BYTES);
            byte[] end = new byte[(int) (file.length() - start)];
            file.seek(start);
            file.readFully(end);
            String text = new String(end, StandardCharsets.UTF_8).strip();
            return text.isEmpty() ? "" : prefix + (start > 0 ? "… " : "") + text;
        } catch (IOException e) {
            return "";
        }
    }
}
