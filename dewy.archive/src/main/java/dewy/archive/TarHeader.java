package dewy.archive;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The header of one entry of a tar, as it stands there: that of 1979, ustar, GNU's or star's. */
final class TarHeader {
    static final int BYTES = 512;

    private static final Field NAME = new Field(0, 100);
    private static final Field MODE = new Field(100, 8);
    private static final Field SIZE = new Field(124, 12);
    private static final Field TIME = new Field(136, 12);
    private static final Field CHECKSUM = new Field(148, 8);
    private static final int TYPE = 156;
    private static final Field LINK = new Field(157, 100);
    private static final Field MAGIC = new Field(257, 6);
    private static final Field PREFIX = new Field(345, 155);

    /** Only with it is there a prefix: GNU's own format has other things in its place. */
    private static final byte[] USTAR = "ustar\0".getBytes(StandardCharsets.US_ASCII);

    private static final int MODE_BITS = 07777;

    private record Field(int start, int length) {
        int end() {
            return start + length;
        }
    }

    private final byte[] block;

    TarHeader(byte[] block) {
        if (block.length != BYTES) {
            throw new IllegalArgumentException("a header has " + BYTES + " bytes");
        }
        this.block = block;
    }

    /** Returns whether this is no header, but the mark at the end. */
    boolean isEnd() {
        return Arrays.equals(block, new byte[BYTES]);
    }

    /** Old tars summed up signed bytes. */
    boolean hasRightChecksum() {
        long unsigned = 0;
        long signed = 0;
        for (int i = 0; i < BYTES; i++) {
            byte counted = CHECKSUM.start() <= i && i < CHECKSUM.end() ? (byte) ' ' : block[i];
            unsigned += counted & 0xff;
            signed += counted;
        }
        try {
            long sum = number(CHECKSUM);
            return sum == unsigned || sum == signed;
        } catch (RefusedException none) {
            return false;
        }
    }

    char type() {
        return (char) (block[TYPE] & 0xff);
    }

    byte[] name() {
        byte[] name = text(NAME);
        byte[] prefix = hasPrefix() ? text(PREFIX) : new byte[0];
        if (prefix.length == 0) {
            return name;
        }
        byte[] whole = Arrays.copyOf(prefix, prefix.length + 1 + name.length);
        whole[prefix.length] = '/';
        System.arraycopy(name, 0, whole, prefix.length + 1, name.length);
        return whole;
    }

    byte[] linkName() {
        return text(LINK);
    }

    int mode() throws RefusedException {
        return (int) number(MODE) & MODE_BITS;
    }

    long size() throws RefusedException {
        long size = number(SIZE);
        if (size < 0) {
            throw new RefusedException("a header in it is damaged: its size is negative");
        }
        return size;
    }

    /** Seconds since 1970. */
    long time() throws RefusedException {
        return number(TIME);
    }

    private boolean hasPrefix() {
        return Arrays.equals(block, MAGIC.start(), MAGIC.end(), USTAR, 0, USTAR.length);
    }

    private byte[] text(Field field) {
        return untilZero(Arrays.copyOfRange(block, field.start(), field.end()));
    }

    /** Returns what stands before the first byte of zero. */
    static byte[] untilZero(byte[] bytes) {
        int end = 0;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        return Arrays.copyOf(bytes, end);
    }

    /** Octal digits after blanks, or a zero byte, that some tars write; nothing but zero bytes is zero. */
    private long number(Field field) throws RefusedException {
        if (block[field.start()] < 0) {
            return binary(field);
        }
        int at = field.start() + (block[field.start()] == 0 ? 1 : 0);
        while (at < field.end() && block[at] == ' ') {
            at++;
        }
        if (at == field.end()) {
            throw unreadable();
        }
        long value = 0;
        while (at < field.end() && '0' <= block[at] && block[at] <= '7') {
            value = value << 3 | block[at++] - '0';
        }
        if (at < field.end() && block[at] != 0 && block[at] != ' ') {
            throw unreadable();
        }
        return value;
    }

    /** What octal has no room for: the first byte tells the sign, big-endian bytes follow. */
    private long binary(Field field) throws RefusedException {
        byte[] bytes = Arrays.copyOfRange(block, field.start(), field.end());
        if (bytes[0] == (byte) 0x80) {
            bytes[0] = 0;
        } else if (bytes[0] != (byte) 0xff) {
            throw unreadable();
        }
        BigInteger value = new BigInteger(bytes);
        if (value.bitLength() >= Long.SIZE) {
            throw unreadable();
        }
        return value.longValue();
    }

    private static RefusedException unreadable() {
        return new RefusedException("a header in it is damaged: a number cannot be read");
    }
}
