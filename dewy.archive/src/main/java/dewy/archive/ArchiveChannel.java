package dewy.archive;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.archive.disk.CarriedException;
import dewy.archive.disk.Disk;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The archive's file, read-only. A failure of the disk leaves it as a {@link CarriedException}, so that it is not taken
 * for damage of the archive; so does the end of the call. For one thread; any other may ask for the position.
 */
final class ArchiveChannel implements Closeable {
    private static final String READ = "read the archive";
    private static final int BUFFER = 64 << 10;

    private final Path path;
    private final FileChannel file;
    private final Call call;
    private final long size;
    private volatile long position;
    private long allowance = Long.MAX_VALUE;
    private Renewal renewal = () -> Long.MAX_VALUE;

    private ArchiveChannel(Path path, FileChannel file, Call call, long size) {
        this.path = path;
        this.file = file;
        this.call = call;
        this.size = size;
    }

    static ArchiveChannel open(Call call, Path path) throws DewyException {
        FileChannel file = Disk.attempt(READ, path, () -> FileChannel.open(path, StandardOpenOption.READ));
        return new ArchiveChannel(path, file, call, Disk.attempt(READ, path, file::size));
    }

    long size() {
        return size;
    }

    /** Returns up to where the content was read. */
    long position() {
        return position;
    }

    /** Returns up to {@code most} of the first bytes. */
    byte[] head(int most) throws IOException {
        return new Part(0, size).readNBytes(most);
    }

    /** Returns so many bytes, little-endian; an archive that ends before is damaged. */
    ByteBuffer bytes(long from, int count) throws IOException {
        byte[] bytes = new Part(from, size).readNBytes(count);
        if (bytes.length < count) {
            throw new EOFException("it is cut off");
        }
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Returns a buffered stream of the whole content. */
    InputStream stream() {
        return content(0, size);
    }

    /** Returns a buffered stream of content, whose reading is progress. */
    InputStream content(long from, long to) {
        InputStream part = new Part(from, Math.min(to, size)) {
            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                int read = super.read(target, offset, length);
                position = at();
                return read;
            }
        };
        return new BufferedInputStream(part, BUFFER);
    }

    /** Returns a buffered stream of what only describes the content. */
    InputStream description(long from, long to) {
        return new BufferedInputStream(new Part(from, Math.min(to, size)), BUFFER);
    }

    /** Lets at most {@code bytes} be read from now on; then {@code renewal} is asked. */
    void allow(long bytes, Renewal renewal) {
        allowance = bytes;
        this.renewal = renewal;
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

    private int read(long from, ByteBuffer target) throws IOException {
        if (allowance <= 0) {
            allowance = renewal.moreBytes();
        }
        CarriedException.check(call);
        int read;
        try {
            read = Disk.attempt(READ, path, () -> file.read(target, from));
        } catch (DewyException failure) {
            throw new CarriedException(failure);
        }
        allowance -= Math.max(read, 0);
        return read;
    }

    /** The bytes from one position to another, as far as there are any. */
    private class Part extends InputStream {
        private final long to;
        private long at;

        Part(long from, long to) {
            this.at = from;
            this.to = to;
        }

        long at() {
            return at;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (at < 0 || at >= to) {
                return -1;
            }
            int most = (int) Math.min(length, to - at);
            int read = ArchiveChannel.this.read(at, ByteBuffer.wrap(target, offset, most));
            at += Math.max(read, 0);
            return read;
        }
    }
}
