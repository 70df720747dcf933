package dewy.core.capsule;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** The end of a file that a program writes to. */
final class OutputEnd {
    private static final int LINES = 200;
    private static final int BYTES = 32 << 10;

    private OutputEnd() {}

    /**
     * Returns its last lines, 200 and 32 KiB at most, of what was appended since it had so many bytes; none where there is no
     * such file. Where it has become shorter it was begun anew, and all of it is new.
     */
    static List<String> of(Path file, long since) throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            long begin = since > size ? 0 : since;
            long start = Math.max(begin, size - BYTES);
            ByteBuffer bytes = ByteBuffer.allocate(BYTES);
            while (bytes.hasRemaining() && channel.read(bytes, start + bytes.position()) > 0) {
                // Reads on until there is no more.
            }
            List<String> lines = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8)
                    .lines()
                    .skip(start > begin ? 1 : 0) // It begins in the middle of a line.
                    .toList();
            return lines.subList(Math.max(0, lines.size() - LINES), lines.size());
        }
    }

    /** Returns how long a file is, 0 where there is none. */
    static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return 0;
        }
    }
}
