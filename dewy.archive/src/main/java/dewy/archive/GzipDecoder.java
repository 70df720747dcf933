package dewy.archive;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Unpacks gzip as gzip does: member after member, each with its checksum, and zeros behind the last, as on a tape. What
 * is optional in a header is passed over. For one thread.
 */
final class GzipDecoder extends InputStream {
    private static final int BUFFER = 64 << 10;

    private static final int HEADER_CHECKSUM = 1 << 1;
    private static final int EXTRA = 1 << 2;
    private static final int NAME = 1 << 3;
    private static final int COMMENT = 1 << 4;
    private static final int UNDEFINED = 0xe0;

    private final InputStream packed;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 checksum = new CRC32();
    private final byte[] buffer = new byte[BUFFER];
    private int at;
    private int end;
    private boolean inMember;

    /** @param packed starts with a member; it is closed with the decoder */
    GzipDecoder(InputStream packed) {
        this.packed = packed;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (inMember || startMember()) {
            int read = inflate(target, offset, length);
            if (read > 0) {
                checksum.update(target, offset, read);
                return read;
            }
            if (inflater.finished()) {
                endMember();
            } else if (inflater.needsInput()) {
                require(at < end || fill());
                inflater.setInput(buffer, at, end - at);
                at = end;
            } else {
                throw new IOException("it needs a dictionary");
            }
        }
        return -1;
    }

    @Override
    public void close() throws IOException {
        inflater.end();
        packed.close();
    }

    private int inflate(byte[] target, int offset, int length) throws IOException {
        try {
            return inflater.inflate(target, offset, length);
        } catch (DataFormatException damaged) {
            throw new IOException("what is compressed in it makes no sense: " + damaged.getMessage(), damaged);
        }
    }

    /** Returns whether there is another member. */
    private boolean startMember() throws IOException {
        int first = next();
        while (first == 0) {
            first = next();
        }
        if (first < 0) {
            return false;
        }
        checksum.reset();
        if (counted(first) != 0x1f || counted() != 0x8b) {
            throw new RefusedException("it is followed by something that is not gzip");
        }
        readHeader();
        checksum.reset();
        inflater.reset();
        inMember = true;
        return true;
    }

    private void readHeader() throws IOException {
        int method = counted();
        int flags = counted();
        if (method != 8 || (flags & UNDEFINED) != 0) {
            throw new RefusedException("it is a gzip file of a kind that nobody has defined");
        }
        for (int i = 0; i < 6; i++) {
            counted();
        }
        if ((flags & EXTRA) != 0) {
            int length = counted() | counted() << 8;
            for (int i = 0; i < length; i++) {
                counted();
            }
        }
        if ((flags & NAME) != 0) {
            skipText();
        }
        if ((flags & COMMENT) != 0) {
            skipText();
        }
        if ((flags & HEADER_CHECKSUM) != 0) {
            int wanted = (int) checksum.getValue() & 0xffff;
            require(wanted == (counted() | counted() << 8), "the checksum of its header is wrong");
        }
    }

    private void skipText() throws IOException {
        while (counted() != 0) {}
    }

    private void endMember() throws IOException {
        at = end - inflater.getRemaining();
        require(number() == (int) checksum.getValue(), "its checksum is wrong");
        require(number() == (int) inflater.getBytesWritten(), "its length is wrong");
        inMember = false;
    }

    private int number() throws IOException {
        return required() | required() << 8 | required() << 16 | required() << 24;
    }

    private int counted() throws IOException {
        return counted(required());
    }

    private int counted(int value) {
        checksum.update(value);
        return value;
    }

    private int required() throws IOException {
        int next = next();
        require(next >= 0);
        return next;
    }

    private int next() throws IOException {
        return at < end || fill() ? buffer[at++] & 0xff : -1;
    }

    /** Returns whether there is more. */
    private boolean fill() throws IOException {
        at = 0;
        end = Math.max(0, packed.read(buffer));
        return end > 0;
    }

    private static void require(boolean more) throws IOException {
        if (!more) {
            throw new EOFException("it is cut off");
        }
    }

    private static void require(boolean right, String otherwise) throws IOException {
        if (!right) {
            throw new IOException(otherwise);
        }
    }
}
