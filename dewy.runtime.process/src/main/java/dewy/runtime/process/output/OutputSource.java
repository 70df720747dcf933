package dewy.runtime.process.output;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Optional;

/**
 * Reads a file that grows, in order and without end, and rotates it: when it is longer than the limit and was read to its
 * end, or when it is twice as long. What was not read before a rotation is read from the copy. A file that somebody else
 * cut or replaced is read from its start. For one thread.
 */
final class OutputSource implements AutoCloseable {
    /** A rotation that failed, on a full disk for one, is not tried again sooner. */
    private static final Duration ROTATION_RETRY = Duration.ofMinutes(1);

    private final Path file;
    private final long limit;
    private Optional<FileChannel> live = Optional.empty();
    private Optional<FileChannel> copy = Optional.empty();
    private Object identity = "";
    private long position;
    private boolean gapAfterCopy;
    private boolean gap;
    private long noRotationBefore = System.nanoTime();

    OutputSource(Path file, long position, long limit) {
        this.file = file;
        this.position = position;
        this.limit = limit;
    }

    /** Returns up to where the file was read. */
    long position() {
        return copy.isPresent() ? 0 : position;
    }

    /**
     * Reads what comes next, and returns the number of bytes, or 0 when there is nothing now. What comes before a
     * {@linkplain #passedGap gap} and what comes after it are never read at once.
     */
    int read(ByteBuffer into) throws IOException {
        int read = readCopy(into);
        if (read == 0) {
            read = readFile(into);
        }
        if (read == 0 && isReplaced()) {
            closeFile();
            position = 0;
            read = readFile(into);
        }
        return read;
    }

    /** Returns whether bytes may have been lost before what was read last, and forgets it. */
    boolean passedGap() {
        boolean passed = gap;
        gap = false;
        return passed;
    }

    /**
     * Rotates the file if it is time to.
     *
     * @param quiet whether nothing has been written for a moment
     * @return how many bytes were lost because they came too fast: they fell out of the copy unread, or are not in it
     */
    long rotateIfFull(boolean quiet) throws IOException {
        long size = file().size();
        boolean full = size > 2 * limit || (quiet && size > limit && copy.isEmpty());
        if (!full || System.nanoTime() - noRotationBefore < 0) {
            return 0;
        }
        noRotationBefore = System.nanoTime() + ROTATION_RETRY.toNanos();
        Rotation.Result result = Rotation.rotate(file(), file, 2 * limit);
        noRotationBefore = System.nanoTime();
        return readOnInCopy(quiet && result.lost() == 0) + result.lost();
    }

    @Override
    public void close() throws IOException {
        closeCopy();
        closeFile();
    }

    private long readOnInCopy(boolean whole) throws IOException {
        long skipped = copy.isPresent() ? copy.get().size() - position : 0;
        long unreadFrom = copy.isPresent() ? 0 : position;
        gap |= skipped > 0 || gapAfterCopy;
        gapAfterCopy = !whole;
        closeCopy();
        copy = Optional.of(FileChannel.open(Rotation.copyOf(file), StandardOpenOption.READ));
        position = unreadFrom;
        return skipped;
    }

    private int readCopy(ByteBuffer into) throws IOException {
        if (copy.isEmpty()) {
            return 0;
        }
        int read = read(copy.get(), into);
        if (read == 0) {
            closeCopy();
            position = 0;
            gap |= gapAfterCopy;
            gapAfterCopy = false;
        }
        return read;
    }

    private int readFile(ByteBuffer into) throws IOException {
        if (file().size() < position) {
            position = 0;
        }
        return read(file(), into);
    }

    private int read(FileChannel channel, ByteBuffer into) throws IOException {
        int read = Math.max(0, channel.read(into, position));
        position += read;
        return read;
    }

    private FileChannel file() throws IOException {
        if (live.isEmpty()) {
            live = Optional.of(FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE));
            identity = identityOnDisk().orElse("");
        }
        return live.get();
    }

    private boolean isReplaced() throws IOException {
        return identityOnDisk().filter(found -> !found.equals(identity)).isPresent();
    }

    private Optional<Object> identityOnDisk() throws IOException {
        try {
            return Optional.ofNullable(
                    Files.readAttributes(file, BasicFileAttributes.class).fileKey());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private void closeCopy() throws IOException {
        if (copy.isPresent()) {
            copy.get().close();
            copy = Optional.empty();
        }
    }

    private void closeFile() throws IOException {
        if (live.isPresent()) {
            live.get().close();
            live = Optional.empty();
        }
    }
}
