package dewy.core.journal;

import java.nio.file.Path;
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
    static Damage of(JournalText text, Optional<Path> kept) {
        long bytes = text.damaged().stream()
                .mapToLong(piece -> piece.end() - piece.start())
                .sum();
        int first = text.damaged().get(0).line();
        return new Damage(text.damaged().size(), bytes, first, text.isDamagedWithin(), kept);
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
}
