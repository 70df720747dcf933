package dewy.core.journal;

import dewy.api.Problem;
import dewy.api.StorageException;
import dewy.core.journal.JournalEntry.Phase;
import dewy.core.journal.JournalEntry.Step;
import dewy.core.journal.JournalLine.NewerFormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was done to an app, line by line: before each step the intent, after it the result, each on the disk before the
 * work goes on. What is damaged does not count; what follows it does. It is shortened to what counts when it has grown
 * long. For one thread at a time.
 */
public final class Journal {
    /** It is shortened when it has so many lines, and so many more than when it was shortened last. */
    private static final int LONG = 2 * Compaction.RECENT;

    private static final int GROWTH = Compaction.RECENT;

    private final Path file;
    private final InstantSource clock;
    private List<JournalEntry> found;
    private final Optional<Damage> damage;
    private long sequence;
    private long length;
    private int lines;
    private int limit;

    private Journal(Path file, InstantSource clock, List<JournalEntry> found, Optional<Damage> damage, long length) {
        this.file = file;
        this.clock = clock;
        this.found = List.copyOf(found);
        this.damage = damage;
        this.sequence = found.isEmpty() ? 0 : found.get(found.size() - 1).sequence();
        this.length = length;
        this.lines = found.size();
        this.limit = LONG;
    }

    /**
     * Opens the journal of a file, which is created when missing, repaired when damaged and shortened when long.
     *
     * @throws StorageException if the disk refuses, or a newer agent has written it, of which nothing is touched then
     */
    public static Journal open(Path file, InstantSource clock) throws StorageException {
        try {
            WholeFile.clean(file);
            byte[] bytes = read(file);
            JournalText text = JournalText.parse(bytes);
            Optional<Damage> damage = Optional.empty();
            if (!text.damaged().isEmpty()) {
                damage = Optional.of(Damage.keep(file, bytes, text, clock.instant()));
            }
            prepare(file, text.end());
            boolean repairs = damage.filter(
                            found -> found.within() && found.kept().isPresent())
                    .isPresent();
            List<JournalEntry> entries = text.entries();
            if (repairs || (damage.isEmpty() && entries.size() > LONG)) {
                entries = shortened(file, entries);
            }
            return new Journal(file, clock, entries, damage, Files.size(file));
        } catch (IOException e) {
            throw failure("open", file, e);
        }
    }

    /** Reads the journal of a file without touching it; nothing may be written to what is returned. */
    public static Journal look(Path file, InstantSource clock) throws StorageException {
        try {
            byte[] bytes = read(file);
            return new Journal(file, clock, JournalText.parse(bytes).entries(), Optional.empty(), bytes.length);
        } catch (IOException e) {
            throw failure("read", file, e);
        }
    }

    /** Returns the entries that were there when the journal was opened, once: they are many, and not kept for long. */
    public List<JournalEntry> take() {
        List<JournalEntry> taken = found;
        found = List.of();
        return taken;
    }

    /** Returns what of it was damaged when it was opened. */
    public Optional<Damage> damage() {
        return damage;
    }

    public Path file() {
        return file;
    }

    /** Writes an entry; when this returns it survives a power cut. */
    public JournalEntry write(String deployId, Step step, Phase phase, Map<String, String> data)
            throws StorageException {
        JournalEntry entry = new JournalEntry(sequence + 1, clock.instant(), deployId, step, phase, data);
        try {
            append(ByteBuffer.wrap(JournalLine.format(entry).getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw failure("write to", file, e);
        }
        sequence++;
        if (++lines >= limit) {
            shorten();
        }
        return entry;
    }

    /** The file is open only meanwhile: it is written now and then, and an app that waits holds no descriptor. */
    private void append(ByteBuffer line) throws IOException {
        try (FileChannel channel = append(file)) {
            // What an earlier failure left behind would spoil the line that follows it.
            long end = Math.min(length, channel.size());
            channel.truncate(end);
            try {
                while (line.hasRemaining()) {
                    channel.write(line);
                }
                channel.force(false);
            } catch (IOException e) {
                undo(channel, end, e);
                throw e;
            }
            length = channel.size();
        }
    }

    private static void undo(FileChannel channel, long end, IOException failed) {
        try {
            channel.truncate(end);
        } catch (IOException e) {
            failed.addSuppressed(e);
        }
    }

    /** Where this fails the long journal is as good: it is tried again later, and a disk that is full is told soon. */
    private void shorten() {
        try {
            JournalText text = JournalText.parse(read(file));
            // What is damaged is left for the next start, which tells of it.
            if (text.damaged().isEmpty()) {
                lines = shortened(file, text.entries()).size();
                length = Files.size(file);
            }
        } catch (IOException e) {
            length = Long.MAX_VALUE;
        }
        limit = Math.max(LONG, lines + GROWTH);
    }

    private static List<JournalEntry> shortened(Path file, List<JournalEntry> entries) {
        List<JournalEntry> kept = Compaction.of(entries, file.getFileSystem());
        try {
            WholeFile.replace(file, JournalText.format(kept));
            return kept;
        } catch (IOException e) {
            return entries;
        }
    }

    private static byte[] read(Path file) throws IOException {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return new byte[0];
        }
    }

    /** Cuts off what is damaged at the end, so that lines can be added, and finds out whether they can. */
    private static void prepare(Path file, int end) throws IOException {
        boolean isNew = Files.notExists(file);
        try (FileChannel channel = append(file)) {
            if (channel.size() > end) {
                channel.truncate(end);
                channel.force(true);
            }
        }
        if (isNew) {
            WholeFile.syncFolder(file);
            // The folder itself may be as new.
            WholeFile.syncFolder(file.toAbsolutePath().resolveSibling(""));
        }
    }

    private static FileChannel append(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    }

    private static StorageException failure(String verb, Path file, IOException e) {
        String advice = e instanceof NewerFormatException
                ? "Use the version of dewy that wrote it, or a newer one; nothing of it was changed"
                : "Check free space, owner and mount of its folder";
        return new StorageException(Problem.of(verb + " the journal", file, StorageException.reason(e), advice), e);
    }
}
