package dewy.archive;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * What the table of contents of a zip says of one entry. Where it contradicts what stands at the entry itself, it is
 * believed.
 *
 * @param rawName its name, in whatever character set
 * @param host the system whose attributes these are
 * @param crc of the content
 * @param packedSize how many bytes the content has in the archive
 * @param size how many bytes it has unpacked
 * @param disk the part of a split zip that it starts in
 * @param offset where it starts
 */
record ZipRecord(
        NameBytes rawName,
        int host,
        int flags,
        int method,
        int crc,
        long packedSize,
        long size,
        int disk,
        int attributes,
        long offset,
        List<ZipExtra> extras) {
    static final int SIGNATURE = 0x02014b50;
    static final int HEADER = 46;

    static final int STORED = 0;
    static final int DEFLATED = 8;

    private static final int AES = 99;
    private static final int ENCRYPTED = 1;
    private static final int UTF8 = 1 << 11;

    /** Stands for a number that is too large for its place, and is found in an extra field. */
    private static final long ELSEWHERE = 0xffffffffL;

    private static final int DISK_ELSEWHERE = 0xffff;

    private static final int ZIP64 = 0x0001;
    private static final int UNICODE_PATH = 0x7075;

    /** @param header the {@link #HEADER} bytes, in front of {@code rest} */
    static ZipRecord read(ByteBuffer header, InputStream rest) throws IOException {
        NameBytes name = new NameBytes(exactly(rest, header.getShort(28) & 0xffff));
        List<ZipExtra> extras = ZipExtra.parse(exactly(rest, header.getShort(30) & 0xffff));
        exactly(rest, header.getShort(32) & 0xffff);
        long packed = header.getInt(20) & ELSEWHERE;
        long size = header.getInt(24) & ELSEWHERE;
        long offset = header.getInt(42) & ELSEWHERE;
        int disk = header.getShort(34) & DISK_ELSEWHERE;
        for (ZipExtra extra : extras) {
            if (extra.id() == ZIP64) {
                ByteBuffer numbers = extra.data().duplicate().order(ByteOrder.LITTLE_ENDIAN);
                size = number(size, numbers);
                packed = number(packed, numbers);
                offset = number(offset, numbers);
                disk = disk == DISK_ELSEWHERE && numbers.remaining() >= Integer.BYTES ? numbers.getInt() : disk;
            }
        }
        return new ZipRecord(
                name,
                header.getShort(4) >> 8 & 0xff,
                header.getShort(8),
                header.getShort(10) & 0xffff,
                header.getInt(16),
                packed,
                size,
                disk,
                header.getInt(38),
                offset,
                extras);
    }

    /** A name in another character set may be followed by the same in UTF-8, and a checksum of what it is the same of. */
    String name() throws RefusedException {
        if ((flags & UTF8) == 0) {
            for (ZipExtra extra : extras) {
                ByteBuffer data = extra.data();
                if (extra.id() == UNICODE_PATH
                        && data.limit() > 5
                        && data.get(0) == 1
                        && data.getInt(1) == rawName.crc()) {
                    byte[] name = new byte[data.limit() - 5];
                    data.get(5, name);
                    return new NameBytes(name).decode();
                }
            }
        }
        return rawName.decode();
    }

    String shownName() {
        return rawName.shown();
    }

    boolean isEncrypted() {
        return (flags & ENCRYPTED) != 0 || method == AES;
    }

    private static long number(long number, ByteBuffer elsewhere) {
        return number == ELSEWHERE && elsewhere.remaining() >= Long.BYTES ? elsewhere.getLong() : number;
    }

    private static byte[] exactly(InputStream in, int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new EOFException("its table of contents is cut off");
        }
        return bytes;
    }
}
