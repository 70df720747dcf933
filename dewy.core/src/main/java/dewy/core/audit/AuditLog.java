package dewy.core.audit;

import dewy.api.Problem;
import dewy.api.StorageException;
import dewy.api.control.Audit;
import dewy.api.control.AuditEntry;
import dewy.api.plugin.Secret;
import dewy.core.journal.WholeFile;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The audit log: lines that are only ever added, to a file that nobody but the owner may read. One that has become long is kept
 * under another name, and the oldest of those is deleted. A line that a power cut left unfinished stays as it is, and is left
 * out. What is noted at the same time by several is written, and forced to the disk, at once.
 */
public final class AuditLog implements Audit {
    /** The bytes from which a file is long. */
    static final int LONG = 2 << 20;

    /** So many files are kept besides the one that is written to. */
    static final int KEPT = 4;

    private static final Logger LOG = LoggerFactory.getLogger("dewy.audit");
    private static final int LONGEST = 1_000;
    private static final Set<StandardOpenOption> APPEND =
            EnumSet.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);

    private final Path file;
    private final Executor pool;
    private final int limit;
    private final Queue<String> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean begun = new AtomicBoolean();
    private boolean failing;

    /**
     * Creates the log of an agent.
     *
     * @param home the agent home
     * @param pool writes what nobody waits for
     */
    public AuditLog(Path home, Executor pool) {
        this(home, pool, LONG);
    }

    AuditLog(Path home, Executor pool, int limit) {
        this.file = home.resolve("audit.log");
        this.pool = pool;
        this.limit = limit;
    }

    @Override
    public void note(AuditEntry entry) {
        waiting.add(AuditText.format(shown(entry)));
        write();
    }

    /** Notes a change soon, on another thread. */
    public void noteSoon(AuditEntry entry) {
        waiting.add(AuditText.format(shown(entry)));
        if (begun.compareAndSet(false, true)) {
            try {
                pool.execute(this::writeBegun);
            } catch (RejectedExecutionException e) {
                writeBegun(); // The agent is at its end.
            }
        }
    }

    /** Writes what is to be noted soon. */
    void flush() {
        write();
    }

    private void writeBegun() {
        begun.set(false);
        write();
    }

    @Override
    public List<AuditEntry> newest(Optional<String> app, int most) throws StorageException {
        List<AuditEntry> newest = new ArrayList<>();
        try {
            for (int age = 0; age <= KEPT && newest.size() < most; age++) {
                Deque<AuditEntry> found = last(aged(age), app, most - newest.size());
                found.descendingIterator().forEachRemaining(newest::add);
            }
        } catch (IOException e) {
            throw new StorageException(
                    Problem.of("read the audit log", file, StorageException.reason(e), "Check its owner and mode"), e);
        }
        return newest;
    }

    private static Deque<AuditEntry> last(Path file, Optional<String> app, int most) throws IOException {
        Deque<AuditEntry> last = new ArrayDeque<>();
        if (Files.notExists(file)) {
            return last;
        }
        byte[] bytes = Files.readAllBytes(file);
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(new ByteArrayInputStream(bytes), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                AuditText.parse(line)
                        .filter(entry -> app.isEmpty() || entry.app().equals(app))
                        .ifPresent(last::add);
                if (last.size() > most) {
                    last.removeFirst();
                }
            }
        }
        return last;
    }

    /** Whoever comes while another one writes finds that its line was written meanwhile, or writes it with all others. */
    private synchronized void write() {
        StringBuilder lines = new StringBuilder();
        for (String line = waiting.poll(); line != null; line = waiting.poll()) {
            lines.append(line);
        }
        if (lines.isEmpty()) {
            return;
        }
        try {
            append(lines.toString());
            failing = false;
        } catch (IOException | RuntimeException e) {
            failed(e, lines.toString());
        }
    }

    private void append(String lines) throws IOException {
        if (Files.exists(file) && Files.size(file) >= limit) {
            rotate();
        }
        boolean isNew = Files.notExists(file);
        if (isNew) {
            Files.createDirectories(file.toAbsolutePath().resolveSibling(""));
        }
        try (FileChannel channel = FileChannel.open(file, APPEND, WholeFile.ownerOnly(file, "rw-------"))) {
            long end = channel.size();
            channel.position(end);
            String text = endsLine(channel, end) ? lines : "\n" + lines;
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(false);
        }
        if (isNew) {
            WholeFile.syncFolder(file);
        }
    }

    private static boolean endsLine(FileChannel channel, long end) throws IOException {
        ByteBuffer last = ByteBuffer.allocate(1);
        return end == 0 || (channel.read(last, end - 1) == 1 && last.get(0) == '\n');
    }

    private void rotate() throws IOException {
        for (int age = KEPT - 1; age >= 0; age--) {
            if (Files.exists(aged(age))) {
                Files.move(
                        aged(age), aged(age + 1), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            }
        }
    }

    private Path aged(int age) {
        return age == 0 ? file : file.resolveSibling(file.getFileName() + "." + age);
    }

    /** The log of the agent has what this one could not take, once for as long as it cannot. */
    private void failed(Exception why, String lines) {
        if (!failing) {
            LOG.atWarn()
                    .addKeyValue("path", file)
                    .addKeyValue("error", why.toString())
                    .log("Audit log failure");
        }
        failing = true;
        LOG.atInfo().addKeyValue("entries", lines.strip()).log("Not in the audit log");
    }

    private static AuditEntry shown(AuditEntry entry) {
        Map<String, String> details = new LinkedHashMap<>();
        entry.details().forEach((name, value) -> details.put(name, shown(value)));
        return new AuditEntry(
                entry.at(),
                entry.actor(),
                entry.uid(),
                entry.from(),
                entry.action(),
                entry.app(),
                entry.cause(),
                entry.deployId(),
                entry.outcome(),
                shown(entry.reason()),
                details);
    }

    private static String shown(String text) {
        String known = Secret.concealed(text);
        return known.length() > LONGEST ? known.substring(0, LONGEST) + "…" : known;
    }
}
