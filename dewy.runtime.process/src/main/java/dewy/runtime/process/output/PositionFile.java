package dewy.runtime.process.output;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where it stands up to where a file was told, for who goes on after an agent that was killed. It is written once a second
 * at most and not forced to the disk: it need outlive the agent, not the host. For one thread.
 */
final class PositionFile {
    private static final Logger LOG = LoggerFactory.getLogger(PositionFile.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Path file;
    private long written = -1;
    private long notBefore = System.nanoTime();

    private PositionFile(Path file) {
        this.file = file;
    }

    static PositionFile of(Path followed) {
        return new PositionFile(followed.resolveSibling(followed.getFileName() + ".position"));
    }

    /** Returns what was written last, if anything was. */
    OptionalLong read() {
        try {
            return OptionalLong.of(Long.parseLong(
                    Files.readString(file, StandardCharsets.US_ASCII).strip()));
        } catch (IOException | NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    /** Notes a position, unless that was done a moment ago. */
    void note(long position) {
        if (position != written && System.nanoTime() - notBefore >= 0) {
            notBefore = System.nanoTime() + PAUSE.toNanos();
            noteNow(position);
        }
    }

    /** Notes a position. */
    void noteNow(long position) {
        try {
            // Its length never changes, so it is not cut before it is written, and never found empty.
            byte[] text = String.format("%019d\n", position).getBytes(StandardCharsets.US_ASCII);
            Files.write(file, text, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            written = position;
        } catch (IOException e) {
            LOG.debug("Cannot write {}: {}", file, e.toString());
        }
    }
}
