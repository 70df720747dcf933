package dewy.core.journal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/** Keeps what is damaged of a journal in a file beside it, for people to look at; the newest of it, up to a limit. */
final class Evidence {
    static final int LIMIT = 1 << 20;

    private Evidence() {}

    /** Keeps the damaged pieces; returns the file, or empty where it cannot be written: a full disk stops no app. */
    static Optional<Path> keep(Path journal, byte[] bytes, JournalText text, Instant now) {
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
