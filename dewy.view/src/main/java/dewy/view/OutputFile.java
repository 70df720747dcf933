package dewy.view;

import dewy.api.control.AppStatus;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The lines of a file that is written to, and cut to nothing when it has become too long. It is open only while it is
 * looked at, and never more than a piece of it is in memory. Used by one thread at a time.
 */
public final class OutputFile {
    private static final int PIECE = 64 << 10;
    private static final int MOST_FOR_LAST = 1 << 20;

    private final Path file;
    private long position;
    private byte[] begun = {};

    public OutputFile(Path file) {
        this.file = file;
    }

    /** Returns what an app writes. */
    public static OutputFile of(AppStatus app) {
        return new OutputFile(app.directory().resolve(".dewy/log").resolve(app.name() + ".log"));
    }

    /** Returns the last lines, of its last mebibyte; {@link #more} goes on behind them. */
    public List<String> last(int count) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            position = Math.max(0, size - MOST_FOR_LAST);
            boolean isCut = position > 0;
            List<String> lines = new ArrayList<>();
            while (position < size) {
                lines.addAll(piece(channel));
            }
            int from = Math.max(isCut ? 1 : 0, lines.size() - count);
            return from < lines.size() ? List.copyOf(lines.subList(from, lines.size())) : List.of();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    /** Returns lines that came since, a piece at the most; none when there are no more for now. */
    public List<String> more() throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() < position) {
                position = 0;
                begun = new byte[0];
            }
            List<String> lines = List.of();
            while (lines.isEmpty() && position < channel.size()) {
                lines = piece(channel);
            }
            return lines;
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    /** Returns the last line if its end is not written yet. */
    public List<String> unfinished() {
        return begun.length == 0 ? List.of() : List.of(text(begun, 0, begun.length));
    }

    private List<String> piece(FileChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(PIECE);
        int read = channel.read(buffer, position);
        position = read < 0 ? channel.size() : position + read;
        byte[] bytes = Arrays.copyOf(begun, begun.length + buffer.position());
        System.arraycopy(buffer.array(), 0, bytes, begun.length, buffer.position());
        return lines(bytes);
    }

    private List<String> lines(byte... bytes) {
        List<String> lines = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                lines.add(text(bytes, start, i));
                start = i + 1;
            }
        }
        if (bytes.length - start >= PIECE) {
            lines.add(text(bytes, start, bytes.length)); // A line without an end must not fill the memory.
            start = bytes.length;
        }
        begun = Arrays.copyOfRange(bytes, start, bytes.length);
        return lines;
    }

    private static String text(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }
}
