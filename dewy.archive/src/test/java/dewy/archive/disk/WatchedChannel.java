package dewy.archive.disk;

import dewy.archive.disk.Watch.Call;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;

/** A file of a {@link WatchedDisk}. */
final class WatchedChannel extends FileChannel {
    private final FileChannel real;
    private final Path path;
    private final Watch watch;
    private final boolean appends;

    WatchedChannel(FileChannel real, Path path, Watch watch, boolean appends) {
        this.real = real;
        this.path = path;
        this.watch = watch;
        this.appends = appends;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        watch.before(Call.READ, path);
        return real.read(target);
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        watch.before(Call.WRITE, path);
        long at = appends ? real.size() : real.position();
        int admitted = Math.min(source.remaining(), watch.admitted(source.remaining()));
        byte[] bytes = new byte[admitted];
        source.get(bytes);
        ByteBuffer piece = ByteBuffer.wrap(bytes);
        while (piece.hasRemaining()) {
            real.write(piece);
        }
        watch.changed(model -> model.write(this, at, bytes));
        return admitted;
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
        watch.before(Call.TRUNCATE, path);
        real.truncate(size);
        watch.changed(model -> model.truncate(this, size));
        return this;
    }

    @Override
    public void force(boolean metadata) throws IOException {
        watch.before(Call.FORCE, path);
        watch.changed(model -> model.force(this));
    }

    @Override
    public long position() throws IOException {
        return real.position();
    }

    @Override
    public FileChannel position(long position) throws IOException {
        real.position(position);
        return this;
    }

    @Override
    public long size() throws IOException {
        return real.size();
    }

    @Override
    public FileLock lock(long position, long size, boolean shared) throws IOException {
        return real.lock(position, size, shared);
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) throws IOException {
        return real.tryLock(position, size, shared);
    }

    @Override
    protected void implCloseChannel() throws IOException {
        real.close();
    }

    @Override
    public long read(ByteBuffer[] targets, int offset, int length) {
        throw unused();
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) {
        throw unused();
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        watch.before(Call.READ, path);
        return real.read(target, position);
    }

    @Override
    public int write(ByteBuffer source, long position) {
        throw unused();
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel target) {
        throw unused();
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long position, long count) {
        throw unused();
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long position, long size) {
        throw unused();
    }

    private static UnsupportedOperationException unused() {
        return new UnsupportedOperationException("nobody needed it so far");
    }
}
