package dewy.engine;

import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.StreamType;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Puts the lines together that a container writes. Each frame of its log begins with its time (RFC 3339) and a blank, and what
 * follows ends with the line, but for one that is so long that it comes in several frames. Of a line that is longer than {@link
 * #LONGEST} only the beginning is told; an empty one is left out. For one thread.
 */
final class LogLines {
    /** The bytes that are kept of a line. */
    static final int LONGEST = 8 << 10;

    private final Optional<Instant> after;
    private final BiConsumer<Instant, String> taker;
    private final Map<StreamType, ByteArrayOutputStream> begun = new EnumMap<>(StreamType.class);

    /** @param after what was written then, or before, is not told */
    LogLines(Optional<Instant> after, BiConsumer<Instant, String> taker) {
        this.after = after;
        this.taker = taker;
    }

    void take(Frame frame) {
        byte[] bytes = frame.getPayload();
        int blank = 0;
        while (blank < bytes.length && bytes[blank] != ' ') {
            blank++;
        }
        Instant time = time(new String(bytes, 0, blank, StandardCharsets.US_ASCII));
        if (after.isPresent() && !time.isAfter(after.get())) {
            return;
        }
        int start = Math.min(blank + 1, bytes.length);
        boolean isWhole = bytes.length > start && bytes[bytes.length - 1] == '\n';
        ByteArrayOutputStream line =
                begun.computeIfAbsent(frame.getStreamType(), unused -> new ByteArrayOutputStream());
        int room = LONGEST - line.size();
        line.write(bytes, start, Math.min(room, bytes.length - (isWhole ? 1 : 0) - start));
        if (isWhole) {
            begun.remove(frame.getStreamType());
            tell(time, line);
        }
    }

    private void tell(Instant time, ByteArrayOutputStream line) {
        String text = line.toString(StandardCharsets.UTF_8).stripTrailing();
        if (!text.isEmpty()) {
            taker.accept(time, line.size() == LONGEST ? text + "…" : text);
        }
    }

    /** What has no time is as new as can be. */
    private static Instant time(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            return Instant.now();
        }
    }
}
