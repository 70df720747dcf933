package dewy.proxy.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.util.ByteProcessor;
import org.jspecify.annotations.Nullable;

/** What arrived on a connection and was not passed on yet; finds where a header section ends in it. */
final class Incoming {
    private @Nullable ByteBuf kept;
    /** Where in what is kept the line begins that was not seen to end. */
    private int line;

    /** Adds what arrived, and owns it from then on. */
    void add(ByteBuf arrived) {
        ByteBuf before = kept;
        if (before == null) {
            kept = arrived;
        } else if (before.refCnt() == 1 && before.maxFastWritableBytes() >= arrived.readableBytes()) {
            before.writeBytes(arrived);
            arrived.release();
        } else {
            int size = before.readableBytes() + arrived.readableBytes();
            ByteBuf both = arrived.alloc().buffer(size * 2).writeBytes(before).writeBytes(arrived);
            before.release();
            arrived.release();
            kept = both;
        }
    }

    int size() {
        ByteBuf some = kept;
        return some == null ? 0 : some.readableBytes();
    }

    /** Returns what is there; something is. */
    ByteBuf bytes() {
        ByteBuf some = kept;
        if (some == null) {
            throw new IllegalStateException("nothing has arrived");
        }
        return some;
    }

    /** Forgets it when all of it was read. */
    void clean() {
        ByteBuf some = kept;
        if (some != null && !some.isReadable()) {
            release();
        }
    }

    /** Takes all that is there, or some of it: as it is where that is all. The receiver owns it. */
    ByteBuf take(int length) {
        ByteBuf some = bytes();
        if (length < some.readableBytes()) {
            return some.readRetainedSlice(length);
        }
        kept = null;
        return some;
    }

    void release() {
        line = 0;
        ByteBuf some = kept;
        if (some != null) {
            kept = null;
            some.release();
        }
    }

    /**
     * Returns the length of the header section with its empty line, or -1 if its end is still to come. Empty lines before it
     * are left out.
     */
    int findHead(int limit) throws Malformed {
        ByteBuf some = kept;
        if (some == null) {
            return -1;
        }
        int start = some.readerIndex();
        int from = start + line;
        for (int at = newline(some, from); at >= 0; at = newline(some, from)) {
            if (at == start || some.getByte(at - 1) != '\r') {
                throw new Malformed("a line ends without a carriage return");
            }
            boolean empty = at == from + 1;
            from = at + 1;
            if (empty && from == start + 2) {
                some.readerIndex(from);
                start = from;
            } else if (empty) {
                line = 0;
                return checked(from - start, limit);
            }
        }
        line = from - start;
        checked(some.writerIndex() - start, limit);
        return -1;
    }

    /** Returns the first line, or the beginning of it; empty if nothing of it is there. */
    String firstLine(int most) {
        ByteBuf some = kept;
        if (some == null) {
            return "";
        }
        int length = Math.min(some.readableBytes(), most);
        int end = some.forEachByte(some.readerIndex(), length, ByteProcessor.FIND_CRLF);
        return some.toString(some.readerIndex(), end < 0 ? length : end - some.readerIndex(), ISO_8859_1);
    }

    private static int newline(ByteBuf some, int from) {
        return some.indexOf(from, some.writerIndex(), (byte) '\n');
    }

    private static int checked(int length, int limit) throws Malformed {
        if (length > limit) {
            throw new Malformed(431, "its header section, or that of its trailers, has more than " + limit + " bytes");
        }
        return length;
    }
}
