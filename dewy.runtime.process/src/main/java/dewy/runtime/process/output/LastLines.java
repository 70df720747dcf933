package dewy.runtime.process.output;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The last lines of a file. */
final class LastLines {
    private static final int LINES = 5;
    private static final int WINDOW = 16 << 10;
    private static final int SHOWN_CHARACTERS = 500;

    private LastLines() {}

    /** Returns the last lines, 5 at most, of what was appended since the file was {@code from} bytes long. */
    static List<String> of(Path file, long from) throws IOException {
        Deque<String> last = new ArrayDeque<>();
        Lines lines = new Lines(line -> {
            if (last.size() == LINES) {
                last.removeFirst();
            }
            last.addLast(line.length() > SHOWN_CHARACTERS ? line.substring(0, SHOWN_CHARACTERS) + "…" : line);
        });
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            // A file that became shorter was rotated: all that is in it is new.
            long start = Math.max(from > size ? 0 : from, size - WINDOW);
            ByteBuffer window = ByteBuffer.allocate(WINDOW);
            while (window.hasRemaining() && channel.read(window, start + window.position()) > 0) {
                // Reads on until the window is full or the file ends.
            }
            lines.feed(window.flip());
            lines.flush();
        }
        return List.copyOf(last);
    }
}
