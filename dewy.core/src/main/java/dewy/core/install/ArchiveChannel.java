package dewy.core.install;

import dewy.api.Call;
import dewy.api.DewyException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The archive's file, read-only. A failure of the disk leaves it as a {@link CarriedException}, so that it is not taken
 * for damage of the archive; so does the end of the call. For one thread.
 */
final class ArchiveChannel implements SeekableByteChannel {
    private static final String READ = "read the archive";
    private static final int BUFFER = 64 << 10;

    private final Path path;
    private final FileChannel file;
    private final Call call;
    private long allowance = Long.MAX_VALUE;
    private Renewal renewal = () -> Long.MAX_VALUE;

    private ArchiveChannel(Path path, FileChannel file, Call call) {
        this.path = path;
        this.file = file;
        this.call = call;
    }

    static ArchiveChannel open(Call call, Path path) throws DewyException {
        FileChannel file = Disk.attempt(READ, path, () -> FileChannel.open(path, StandardOpenOption.READ));
        return new ArchiveChannel(path, file, call);
    }

    /** Returns up to {@code most} of the first bytes and goes back to the start. */
    byte[] head(int most) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(most);
        while (head.hasRemaining() && read(head) > 0) {}
        position(0);
        byte[] bytes = new byte[head.position()];
        head.flip().get(bytes);
        return bytes;
    }

    /** Returns a buffered stream from the current position on. */
    InputStream stream() {
        return new BufferedInputStream(Channels.newInputStream(this), BUFFER);
    }

    /** Lets at most {@code bytes} be read from now on; then {@code renewal} is asked. */
    void allow(long bytes, Renewal renewal) {
        allowance = bytes;
        this.renewal = renewal;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        if (allowance <= 0) {
            allowance = renewal.moreBytes();
        }
        CarriedException.check(call);
        int read = onDisk(() -> file.read(target));
        allowance -= Math.max(read, 0);
        return read;
    }

    @Override
    public long position() throws IOException {
        return onDisk(file::position);
    }

    @Override
    public SeekableByteChannel position(long position) throws IOException {
        if (position < 0) {
            throw new IOException("a position in it is negative");
        }
        onDisk(() -> file.position(position));
        return this;
    }

    @Override
    public long size() throws IOException {
        return onDisk(file::size);
    }

    @Override
    public int write(ByteBuffer source) {
        throw new NonWritableChannelException();
    }

    @Override
    public SeekableByteChannel truncate(long size) {
        throw new NonWritableChannelException();
    }

    @Override
    public boolean isOpen() {
        return file.isOpen();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    /** Decides what happens when everything that was allowed is read. */
    @FunctionalInterface
    interface Renewal {
        /** Returns how many more bytes may be read, or throws why no more may. */
        long moreBytes() throws IOException;
    }

    private <T> T onDisk(Disk.Operation<T> operation) throws CarriedException {
        try {
            return Disk.attempt(READ, path, operation);
        } catch (DewyException failure) {
            throw new CarriedException(failure);
        }
    }
}
