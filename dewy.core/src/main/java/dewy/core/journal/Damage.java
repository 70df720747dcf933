package dewy.core.journal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/**
 * What of a journal could not be read when it was opened, and counts as not written.
 *
 * @param lines how many lines
 * @param bytes how long they are together
 * @param first the number of the first one, from 1
 * @param within whether something whole followed, which no crash brings about
 * @param kept the file in which they are kept; empty where that could not be written
 */
public record Damage(int lines, long bytes, int first, boolean within, Optional<Path> kept) {
    static final int LIMIT = 1 << 20;

    /** Keeps what is damaged for people to look at, and says what it is. */
    static Damage keep(Path journal, byte[] content, JournalText text, Instant now) {
        long bytes = text.damaged().stream()
                .mapToLong(piece -> piece.end() - piece.start())
                .sum();
        int first = text.damaged().get(0).line();
        return new Damage(
                text.damaged().size(), bytes, first, text.isDamagedWithin(), kept(journal, content, text, now));
    }

    /** Returns what people are told: the journal, how much of it is damaged and where, what is kept, and what to do. */
    public Object[] told(Path journal) {
        return new Object[] {journal, extent(), kept.map(Path::toString).orElse(""), advice()};
    }

    private String extent() {
        return lines == 1
                ? "line " + first + " (" + bytes + " bytes)"
                : lines + " lines from line " + first + " on (" + bytes + " bytes)";
    }

    private String advice() {
        return within
                ? "Check the disk, and whether the app is at the version that it should be at"
                : "Nothing if the agent was killed or the power failed; otherwise check the disk";
    }

    /** Keeps the newest of it, up to a limit, in a file beside the journal; none where it cannot be written: a full disk stops no app. */
    private static Optional<Path> kept(Path journal, byte[] bytes, JournalText text, Instant now) {
        Path file = journal.resolveSibling(journal.getFileName() + ".damaged");
        try {
            WholeFile.clean(file);
            ByteArrayOutputStream content = new ByteArrayOutputStream();
            if (Files.exists(file)) {
                content.write(Files.readAllBytes(file));
            }
            for (JournalText.Piece piece : text.damaged()) {
                String title = "# " + now + " line " + piece.line() + ", bytes " + piece.start() + " to " + piece.end();
                content.write((title + "\n").getBytes(StandardCharsets.UTF_8));
                content.write(bytes, piece.start(), piece.end() - piece.start());
                if (bytes[piece.end() - 1] != '\n') {
                    content.write('\n');
                }
            }
            WholeFile.replace(file, newest(content.toByteArray()));
            return Optional.of(file);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static byte[] newest(byte[] content) {
        return Arrays.copyOfRange(content, Math.max(0, content.length - LIMIT), content.length);
    }
}
