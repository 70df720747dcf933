package dewy.cache.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A file that is being written and has no name of its own yet. Its process holds a lock on it, so that others can tell it
 * from one that a crash has left behind; its name tells the process itself, which must not try the lock. Nor must it open
 * the file a second time: the lock is gone when that is closed. For one thread.
 */
final class TempFile implements AutoCloseable {
    private static final String PREFIX = ".dewy-";
    private static final String SUFFIX = ".part";
    private static final String OWN = own();
    private static final AtomicLong COUNTER = new AtomicLong();

    private final Path path;
    private final FileChannel channel;
    private boolean moved;

    private TempFile(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /** Creates a file in a folder whose lock is held. */
    static TempFile create(Path folder) throws IOException {
        while (true) {
            Path path = folder.resolve(OWN + COUNTER.incrementAndGet() + SUFFIX);
            try {
                FileChannel channel = FileChannel.open(
                        path, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
                TempFile file = new TempFile(path, channel);
                file.lock();
                return file;
            } catch (FileAlreadyExistsException e) {
                // Another version of this bundle in the same process counts as well: take the next number.
            }
        }
    }

    /** Removes the files that no process is writing any more, from a folder whose lock is held. */
    static void removeLeftovers(Path folder) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, PREFIX + "*" + SUFFIX)) {
            for (Path file : files) {
                if (!file.getFileName().toString().startsWith(OWN) && isAbandoned(file)) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    Path path() {
        return path;
    }

    FileChannel channel() {
        return channel;
    }

    /** Asks for the file not to be written any more: a hint to people, since it is the digest that protects content. */
    void makeReadOnly() {
        boolean unused = path.toFile().setReadOnly();
    }

    /** Makes the content durable, then gives the file its name, at once and in place of whatever has it. */
    void moveTo(Path target) throws IOException {
        channel.force(true);
        Files.move(path, target, StandardCopyOption.ATOMIC_MOVE);
        moved = true;
    }

    /** Makes the names durable that were given in a folder. */
    static void forceNames(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Removes the file, unless it was given a name. */
    @Override
    public void close() {
        try {
            channel.close();
            if (!moved) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            // Whoever sweeps the folder next takes it for what it is: a file that nobody writes.
        }
    }

    private void lock() throws IOException {
        try {
            channel.lock();
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private static boolean isAbandoned(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            return lock != null;
        } catch (AccessDeniedException e) {
            return false; // It is another user's, and for him to remove.
        }
    }

    private static String own() {
        ProcessHandle process = ProcessHandle.current();
        long started = process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
        return PREFIX + process.pid() + "-" + started + "-";
    }
}
