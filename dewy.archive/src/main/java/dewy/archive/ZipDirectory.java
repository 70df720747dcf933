package dewy.archive;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * Where the table of contents of a zip is: the record at the very end tells. It is read anew each time, one entry after
 * the other, and never kept.
 *
 * @param entries how many there are, modulo 65,536 in zips from before there could be more
 */
record ZipDirectory(long offset, long size, long entries) {
    private static final int END_SIGNATURE = 0x06054b50;
    private static final int END = 22;
    private static final int LOCATOR_SIGNATURE = 0x07064b50;
    private static final int LOCATOR = 20;
    private static final int END64_SIGNATURE = 0x06064b50;
    private static final int END64 = 56;
    private static final int SIGNED = 0x05054b50;
    private static final int LONGEST_COMMENT = 0xffff;
    private static final long ELSEWHERE = 0xffffffffL;
    private static final int MANY = 0xffff;

    static ZipDirectory find(ArchiveChannel archive) throws IOException {
        long start = Math.max(0, archive.size() - END - LONGEST_COMMENT);
        ByteBuffer tail = archive.bytes(start, (int) (archive.size() - start));
        for (int at = tail.limit() - END; at >= 0; at--) {
            if (tail.getInt(at) == END_SIGNATURE) {
                return read(archive, start + at, tail.slice(at, END).order(ByteOrder.LITTLE_ENDIAN));
            }
        }
        throw new RefusedException("it is cut off: its table of contents is missing");
    }

    private static ZipDirectory read(ArchiveChannel archive, long position, ByteBuffer end) throws IOException {
        int here = end.getShort(8) & 0xffff;
        int entries = end.getShort(10) & 0xffff;
        long size = end.getInt(12) & ELSEWHERE;
        long offset = end.getInt(16) & ELSEWHERE;
        if (here != entries) {
            throw new RefusedException("it is only a part of a split one", "Publish it in one file.");
        }
        ZipDirectory directory = new ZipDirectory(offset, size, entries);
        if (entries == MANY || size == ELSEWHERE || offset == ELSEWHERE) {
            directory = directory.orElsewhere(archive, position);
        }
        if (directory.offset < 0 || directory.size < 0 || directory.offset > position - directory.size) {
            throw damaged();
        }
        return directory;
    }

    /** Numbers that are too large for the record at the end stand in another before it, if there is one. */
    private ZipDirectory orElsewhere(ArchiveChannel archive, long position) throws IOException {
        if (position < LOCATOR) {
            return this;
        }
        ByteBuffer locator = archive.bytes(position - LOCATOR, LOCATOR);
        long place = locator.getLong(8);
        if (locator.getInt(0) != LOCATOR_SIGNATURE || place < 0 || place > position - LOCATOR - END64) {
            return this;
        }
        ByteBuffer end = archive.bytes(place, END64);
        if (end.getInt(0) != END64_SIGNATURE) {
            return this;
        }
        return new ZipDirectory(
                offset == ELSEWHERE ? end.getLong(48) : offset,
                size == ELSEWHERE ? end.getLong(40) : size,
                entries == MANY ? end.getLong(32) : entries);
    }

    Entries open(ArchiveChannel archive) {
        return new Entries(archive.description(offset, offset + size));
    }

    /** The entries, from the first on. For one thread. */
    final class Entries {
        private final InputStream table;
        private long read;

        private Entries(InputStream table) {
            this.table = table;
        }

        Optional<ZipRecord> next() throws IOException {
            byte[] header = table.readNBytes(ZipRecord.HEADER);
            int signature = header.length < Integer.BYTES ? 0 : little(header).getInt(0);
            if (header.length == 0 || signature == SIGNED) {
                requireAll();
                return Optional.empty();
            }
            if (header.length < ZipRecord.HEADER || signature != ZipRecord.SIGNATURE) {
                throw damaged();
            }
            read++;
            return Optional.of(ZipRecord.read(little(header), table));
        }

        private void requireAll() throws RefusedException {
            boolean all = entries > MANY ? read == entries : (read & MANY) == entries;
            if (!all) {
                throw damaged();
            }
        }
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static RefusedException damaged() {
        return new RefusedException(
                "its table of contents is damaged, or something was put in front of it",
                "Look at how the artifact was built and uploaded.");
    }
}
