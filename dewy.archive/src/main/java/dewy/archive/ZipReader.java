package dewy.archive;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/**
 * Reads a zip by its table of contents, where the modes and the links are. Contents are stored or deflated; the length
 * and the CRC of each are checked.
 */
final class ZipReader implements EntryReader {
    /** A name that a link points to is not longer. */
    private static final int MAX_TARGET = 4 << 10;

    private static final int BUFFER = 16 << 10;
    private static final int LOCAL_SIGNATURE = 0x04034b50;
    private static final int LOCAL = 30;

    private final ArchiveChannel archive;
    private final ZipDirectory directory;
    private final ZipDirectory.Entries entries;
    private final Inflater inflater = new Inflater(true);
    private InputStream content = InputStream.nullInputStream();

    private ZipReader(ArchiveChannel archive, ZipDirectory directory) {
        this.archive = archive;
        this.directory = directory;
        this.entries = directory.open(archive);
    }

    static ZipReader open(ArchiveChannel archive) throws IOException {
        return new ZipReader(archive, ZipDirectory.find(archive));
    }

    @Override
    public Optional<Entry> next() throws IOException {
        Optional<ZipRecord> next = entries.next();
        return next.isPresent() ? Optional.of(entry(next.get())) : Optional.empty();
    }

    @Override
    public int read(byte[] target) throws IOException {
        return content.read(target);
    }

    @Override
    public Optional<Declared> declared() throws IOException {
        long count = 0;
        long bytes = 0;
        ZipDirectory.Entries all = directory.open(archive);
        for (Optional<ZipRecord> next = all.next(); next.isPresent(); next = all.next()) {
            count++;
            long size = next.get().size();
            bytes = size < 0 || bytes > Long.MAX_VALUE - size ? Long.MAX_VALUE : bytes + size;
        }
        return Optional.of(new Declared(count, bytes));
    }

    @Override
    public void close() {
        inflater.end();
    }

    private Entry entry(ZipRecord entry) throws IOException {
        requireReadable(entry);
        String name = entry.name();
        ByteBuffer local = archive.bytes(entry.offset(), LOCAL);
        if (local.getInt(0) != LOCAL_SIGNATURE) {
            throw RefusedException.entry(name, "is damaged: it is not where the table of contents says");
        }
        long extra = entry.offset() + LOCAL + (local.getShort(26) & 0xffff);
        int extraLength = local.getShort(28) & 0xffff;
        List<ZipExtra> extras = ZipExtra.parse(archive.bytes(extra, extraLength).array());
        content = content(entry, extra + extraLength);

        boolean directory = name.endsWith("/");
        ZipMode mode = ZipMode.of(entry, directory);
        Entry.Kind kind = kind(name, mode, directory);
        String target = kind == Entry.Kind.SYMBOLIC_LINK ? target(name) : "";
        return new Entry(name, kind, mode.permissions(), ZipTime.of(local.getInt(10), extras), target);
    }

    private InputStream content(ZipRecord entry, long start) {
        long end = start > Long.MAX_VALUE - entry.packedSize() ? Long.MAX_VALUE : start + entry.packedSize();
        InputStream packed = archive.content(start, end);
        if (entry.method() == ZipRecord.STORED) {
            return new ZipContent(entry, packed);
        }
        inflater.reset();
        return new ZipContent(entry, new InflaterInputStream(packed, inflater, BUFFER));
    }

    private static void requireReadable(ZipRecord entry) throws RefusedException {
        String name = entry.shownName();
        if (entry.isEncrypted()) {
            throw RefusedException.entry(name, "is encrypted", "Publish it unencrypted.");
        }
        if (entry.disk() > 0) {
            throw RefusedException.entry(name, "is in another part of a split zip", "Publish it in one file.");
        }
        if (entry.method() != ZipRecord.STORED && entry.method() != ZipRecord.DEFLATED) {
            String method = "is packed with method " + entry.method() + ", which is neither stored nor deflated";
            throw RefusedException.entry(name, method, "Pack it with deflate.");
        }
        if (entry.offset() < 0 || entry.packedSize() < 0 || entry.size() < 0) {
            throw RefusedException.entry(name, "is damaged: its place or its size is negative");
        }
    }

    private static Entry.Kind kind(String name, ZipMode mode, boolean directory) throws RefusedException {
        if (mode.isDevice()) {
            throw RefusedException.entry(name, "is neither a file nor a directory nor a link");
        }
        if (mode.isLink()) {
            return Entry.Kind.SYMBOLIC_LINK;
        }
        return directory ? Entry.Kind.DIRECTORY : Entry.Kind.FILE;
    }

    private String target(String name) throws IOException {
        byte[] target = content.readNBytes(MAX_TARGET + 1);
        if (target.length > MAX_TARGET) {
            throw RefusedException.entry(name, "is a link to a name that is too long");
        }
        return new NameBytes(target).decode();
    }
}
