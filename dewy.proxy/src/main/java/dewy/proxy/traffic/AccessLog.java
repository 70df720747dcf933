package dewy.proxy.traffic;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A line for each request that was answered, in a file that begins anew at a size: {@code access.log}, and before it {@code
 * access.log.1} and so on. Whoever records something never waits: what cannot be written as fast as it comes is dropped and
 * counted. A file that cannot be written costs its lines and nothing else. Safe for use by several threads.
 */
public final class AccessLog implements AutoCloseable {
    private static final int MOST_WAITING = 4096;

    private final Path file;
    private final AccessFormat format;
    private final long mostBytes;
    private final int kept;
    private final BlockingQueue<AccessEntry> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
    private final AtomicLong dropped = new AtomicLong();
    private final Thread writer = new Thread(this::write, "access-log");
    private volatile boolean closed;

    private @Nullable OutputStream out;
    private long size;

    private AccessLog(Path file, AccessFormat format, long mostBytes, int kept) {
        this.file = file;
        this.format = format;
        this.mostBytes = mostBytes;
        this.kept = kept;
    }

    /**
     * Begins to write, behind what the file has already.
     *
     * @param mostBytes how large the file may get
     * @param kept how many files before it are kept
     */
    public static AccessLog open(Path file, AccessFormat format, long mostBytes, int kept) {
        AccessLog log = new AccessLog(file, format, mostBytes, kept);
        log.writer.setDaemon(true);
        log.writer.start();
        return log;
    }

    /** Has a request written, if there is room for it. */
    public void record(AccessEntry entry) {
        if (closed || !waiting.offer(entry)) {
            dropped.incrementAndGet();
        }
    }

    /** Returns how many requests were not written. */
    public long dropped() {
        return dropped.get();
    }

    private void write() {
        List<AccessEntry> entries = new ArrayList<>();
        try {
            while (!closed || !waiting.isEmpty()) {
                entries.add(waiting.take());
                waiting.drainTo(entries);
                append(entries);
                entries.clear();
            }
        } catch (InterruptedException e) {
            waiting.drainTo(entries); // It was closed: the rest is written, and nothing more comes.
            append(entries);
        }
        closeFile();
    }

    private void append(List<AccessEntry> entries) {
        int written = 0;
        try {
            for (AccessEntry entry : entries) {
                byte[] line = format.line(entry).getBytes(UTF_8);
                OutputStream to = out(line.length);
                to.write(line);
                size += line.length;
                written++;
            }
            if (out != null) {
                out.flush();
            }
        } catch (IOException e) {
            dropped.addAndGet(entries.size() - written); // The next ones try to open the file again.
            closeFile();
        }
    }

    private OutputStream out(int next) throws IOException {
        OutputStream open = out;
        if (open != null && size + next > mostBytes) {
            closeFile();
            rotate();
            open = null;
        }
        if (open == null) {
            size = Files.exists(file) ? Files.size(file) : 0;
            open = new BufferedOutputStream(new FileOutputStream(file.toFile(), true)); // Not closed by an interrupt.
            out = open;
        }
        return open;
    }

    private void rotate() throws IOException {
        for (int i = kept; i > 0; i--) {
            Path from = i == 1 ? file : numbered(i - 1);
            if (Files.exists(from)) {
                Files.move(from, numbered(i), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Files.deleteIfExists(file);
    }

    private Path numbered(int i) {
        return file.resolveSibling(file.getFileName() + "." + i);
    }

    private void closeFile() {
        OutputStream open = out;
        out = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                // What could not be written was counted, or is the end of what nobody can write any more.
            }
        }
    }

    /** Writes what was recorded so far, and no more; within a second. */
    @Override
    public void close() {
        closed = true;
        writer.interrupt();
        try {
            writer.join(1000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
