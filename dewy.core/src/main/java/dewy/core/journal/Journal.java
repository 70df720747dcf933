package dewy.core.journal;

import dewy.api.Problem;
import dewy.api.StorageException;
import dewy.core.journal.JournalEntry.Phase;
import dewy.core.journal.JournalEntry.Step;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What was done to an app, line by line: before each step the intent, after it the result, each on the disk before the
 * work goes on. A line that a crash left incomplete is cut off at the next start. It is shortened when it has grown long. For
 * one thread.
 */
public final class Journal {
    private static final int KEPT = 1_000;
    private static final int LONG = 2 * KEPT;

    private final Path file;
    private final InstantSource clock;
    private final List<JournalEntry> found;
    private final int dropped;
    private long sequence;
    private int length;

    private Journal(Path file, InstantSource clock, List<JournalEntry> found, int dropped) {
        this.file = file;
        this.clock = clock;
        this.found = List.copyOf(found);
        this.dropped = dropped;
        this.sequence = found.isEmpty() ? 0 : found.get(found.size() - 1).sequence();
        this.length = found.size();
    }

    /** Opens the journal of a file, which is created when missing and shortened when it has grown long. */
    public static Journal open(Path file, InstantSource clock) throws StorageException {
        try {
            Files.deleteIfExists(fresh(file));
            byte[] bytes = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
            List<JournalEntry> entries = new ArrayList<>();
            int good = readWhileGood(bytes, entries);
            int dropped = bytes.length - good;
            if (entries.size() > LONG) {
                entries = shortened(entries);
                rewrite(file, entries);
            } else if (dropped > 0) {
                cut(file, good);
            }
            append(file).close();
            return new Journal(file, clock, entries, dropped);
        } catch (IOException e) {
            throw failure("open", file, e);
        }
    }

    /** Reads the journal of a file without touching it; nothing may be written to what is returned. */
    public static Journal look(Path file, InstantSource clock) throws StorageException {
        try {
            List<JournalEntry> entries = new ArrayList<>();
            readWhileGood(Files.exists(file) ? Files.readAllBytes(file) : new byte[0], entries);
            return new Journal(file, clock, entries, 0);
        } catch (IOException e) {
            throw failure("read", file, e);
        }
    }

    /** Returns the entries that were there when the journal was opened. */
    public List<JournalEntry> found() {
        return found;
    }

    /** Returns how many damaged bytes at the end were cut off when it was opened. */
    public int dropped() {
        return dropped;
    }

    public Path file() {
        return file;
    }

    /** Writes an entry; when this returns it survives a power cut. */
    public JournalEntry write(String deployId, Step step, Phase phase, Map<String, String> data)
            throws StorageException {
        JournalEntry entry = new JournalEntry(sequence + 1, clock.instant(), deployId, step, phase, data);
        ByteBuffer line = ByteBuffer.wrap(JournalLine.format(entry).getBytes(StandardCharsets.UTF_8));
        try (FileChannel channel = append(file)) {
            long end = channel.size();
            try {
                while (line.hasRemaining()) {
                    channel.write(line);
                }
                channel.force(false);
            } catch (IOException e) {
                channel.truncate(end);
                throw e;
            }
        } catch (IOException e) {
            throw failure("write to", file, e);
        }
        sequence++;
        length++;
        if (length > LONG) {
            shorten();
        }
        return entry;
    }

    /** An agent may run for months. Where this fails the journal is whole all the same, and the next entry tries again. */
    private void shorten() {
        try {
            List<JournalEntry> entries = new ArrayList<>();
            readWhileGood(Files.readAllBytes(file), entries);
            List<JournalEntry> kept = shortened(entries);
            rewrite(file, kept);
            length = kept.size();
        } catch (IOException e) {
            length = LONG;
        }
    }

    /** Opens the file to add to it. It is written now and then only, and an app that waits holds no descriptor. */
    private static FileChannel append(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    }

    private static int readWhileGood(byte[] bytes, List<JournalEntry> entries) {
        int start = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                var entry = JournalLine.parse(new String(bytes, start, i - start, StandardCharsets.UTF_8));
                if (entry.isEmpty()) {
                    return start;
                }
                entries.add(entry.get());
                start = i + 1;
            }
        }
        return start;
    }

    /** Keeps the newest entries, and of those before the newest that tell a state: retries must not push those out. */
    private static List<JournalEntry> shortened(List<JournalEntry> entries) {
        int start = entries.size() - KEPT;
        List<JournalEntry> states = entries.subList(0, start).stream()
                .filter(entry -> entry.phase() == Phase.DONE || entry.step().isState())
                .toList();
        List<JournalEntry> kept = new ArrayList<>(states.subList(Math.max(0, states.size() - KEPT / 2), states.size()));
        kept.addAll(entries.subList(start, entries.size()));
        return kept;
    }

    private static void cut(Path file, int length) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(length);
            channel.force(true);
        }
    }

    private static void rewrite(Path file, List<JournalEntry> entries) throws IOException {
        Path fresh = fresh(file);
        StringBuilder text = new StringBuilder();
        entries.forEach(entry -> text.append(JournalLine.format(entry)));
        try (FileChannel channel = FileChannel.open(
                fresh, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        // Else a power cut could bring the old file back, and with it lose what is written to the new one.
        try (FileChannel folder = FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }

    private static Path fresh(Path file) {
        return file.resolveSibling(file.getFileName() + ".new");
    }

    private static StorageException failure(String verb, Path file, IOException e) {
        String why = e instanceof AtomicMoveNotSupportedException ? "the file system cannot rename" : reason(e);
        return new StorageException(
                Problem.of(verb + " the journal", file, why, "Check free space, owner and mount of its folder"), e);
    }

    private static String reason(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
