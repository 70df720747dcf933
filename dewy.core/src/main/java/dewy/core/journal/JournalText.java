package dewy.core.journal;

import dewy.core.journal.JournalLine.NewerFormatException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A journal as it lies on the disk.
 *
 * @param entries what its whole lines tell
 * @param damaged its other lines
 * @param end where the last whole line ends
 */
record JournalText(List<JournalEntry> entries, List<Piece> damaged, int end) {
    /**
     * A line that is no entry.
     *
     * @param line its number, from 1
     * @param start where it starts
     * @param end where it ends, with its line feed if it has one
     */
    record Piece(int line, int start, int end) {}

    JournalText {
        entries = List.copyOf(entries);
        damaged = List.copyOf(damaged);
    }

    /** @throws NewerFormatException if one of its lines is not for this agent */
    static JournalText parse(byte[] bytes) throws NewerFormatException {
        List<JournalEntry> entries = new ArrayList<>();
        List<Piece> damaged = new ArrayList<>();
        int line = 1;
        int good = 0;
        for (int start = 0; start < bytes.length; line++) {
            int end = start;
            while (end < bytes.length && bytes[end] != '\n') {
                end++;
            }
            boolean ended = end < bytes.length;
            Optional<JournalEntry> entry = ended
                    ? JournalLine.parse(line, new String(bytes, start, end - start, StandardCharsets.UTF_8))
                    : Optional.empty();
            int next = ended ? end + 1 : end;
            if (entry.isPresent()) {
                entries.add(entry.get());
                good = next;
            } else {
                damaged.add(new Piece(line, start, next));
            }
            start = next;
        }
        return new JournalText(entries, damaged, good);
    }

    static byte[] format(List<JournalEntry> entries) {
        StringBuilder text = new StringBuilder();
        entries.forEach(entry -> text.append(JournalLine.format(entry)));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Returns whether something whole follows something damaged, which no crash brings about. */
    boolean isDamagedWithin() {
        return damaged.stream().anyMatch(piece -> piece.start() < end);
    }
}
