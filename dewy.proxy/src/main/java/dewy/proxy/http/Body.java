package dewy.proxy.http;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * How much of the body of a message is still to come, by what its header section said. It is told what arrives, and tells how
 * much of it is the body's; chunks are taken as they are with their sizes, once they are found to be well formed, and {@link
 * Trailers} without some.
 */
final class Body {
    static final long CHUNKED = -1;
    static final long UNTIL_CLOSE = -2;

    private static final int MOST_OF_LINES = 16 << 10;
    private static final int MOST_DIGITS = 15;
    /** What does not fit into 32 bits is another size for some. */
    private static final long LARGEST_CHUNK = 0xffff_ffffL;

    private enum Part {
        SIZE,
        EXTENSION,
        QUOTED,
        ESCAPED,
        SIZE_END,
        DATA,
        DATA_CR,
        DATA_END,
        /** Behind the last chunk, of which the end may be all that follows. */
        LAST,
        LAST_END,
        TRAILERS,
        DONE
    }

    private boolean chunked;
    private boolean untilClose;
    private long left;
    private long taken;
    private Part part = Part.DONE;
    private int digits;
    /** Bytes of lines since the last data: an endless extension is refused. */
    private int ofLines;

    /** Begins a body of that many bytes, {@link #CHUNKED} or {@link #UNTIL_CLOSE}. */
    void begin(long length) {
        chunked = length == CHUNKED;
        untilClose = length == UNTIL_CLOSE;
        left = chunked ? 0 : untilClose ? Long.MAX_VALUE : length;
        part = chunked ? Part.SIZE : Part.DONE;
        digits = 0;
        ofLines = 0;
        taken = 0;
    }

    /** Returns how many bytes of it there were so far. */
    long taken() {
        return taken;
    }

    boolean isDone() {
        return chunked ? part == Part.DONE : left == 0;
    }

    boolean isUntilClose() {
        return untilClose;
    }

    /** Returns whether all that is still to come are trailers, which {@link #take} leaves where they are. */
    boolean isAtTrailers() {
        return part == Part.TRAILERS;
    }

    /** Takes what is to be passed on of what has arrived, which the caller owns; null if more of it has to arrive. */
    @Nullable
    ByteBuf passOn(Incoming from) throws Malformed {
        int some = take(from.bytes(), null);
        if (some > 0) {
            return from.take(some);
        }
        ByteBuf trailers = isAtTrailers() ? Trailers.passOn(from) : null;
        if (trailers != null) {
            part = Part.DONE;
            taken += trailers.readableBytes();
        }
        return trailers;
    }

    /**
     * Returns how many of the readable bytes are the body's, from the first on, and counts them. The buffer is left as it is.
     *
     * @param data where to write the data that is in chunks, if anywhere
     */
    int take(ByteBuf in, @Nullable ByteBuf data) throws Malformed {
        int some = chunked ? takeChunks(in, data) : (int) Math.min(left, in.readableBytes());
        if (!chunked && !untilClose) {
            left -= some;
        }
        taken += some;
        return some;
    }

    private int takeChunks(ByteBuf in, @Nullable ByteBuf data) throws Malformed {
        int from = in.readerIndex();
        int to = in.writerIndex();
        int at = from;
        while (at < to && part != Part.DONE && part != Part.TRAILERS) {
            if (part == Part.LAST && in.getByte(at) != '\r') {
                part = Part.TRAILERS;
            } else if (part == Part.DATA) {
                int some = (int) Math.min(left, to - at);
                if (data != null) {
                    data.writeBytes(in, at, some);
                }
                at += some;
                left -= some;
                part = left == 0 ? Part.DATA_CR : Part.DATA;
            } else {
                part = next(in.getByte(at++) & 0xff);
                if (++ofLines > MOST_OF_LINES) {
                    throw new Malformed("the lines of a chunk have more than " + MOST_OF_LINES + " bytes");
                }
            }
        }
        return at - from;
    }

    private Part next(int c) throws Malformed {
        return switch (part) {
            case SIZE -> size(c);
            case EXTENSION -> c == '\r' ? Part.SIZE_END : text(c, c == '"' ? Part.QUOTED : Part.EXTENSION);
            case QUOTED -> text(c, c == '"' ? Part.EXTENSION : c == '\\' ? Part.ESCAPED : Part.QUOTED);
            case ESCAPED -> text(c, Part.QUOTED);
            case SIZE_END -> sizeEnd(c);
            case DATA_CR -> expect('\r', c, Part.DATA_END);
            case DATA_END -> dataEnd(c);
            case LAST -> Part.LAST_END;
            case LAST_END -> expect('\n', c, Part.DONE);
            case DATA, TRAILERS, DONE -> throw new IllegalStateException(part + " has no lines");
        };
    }

    private Part size(int c) throws Malformed {
        int digit = c < 0x80 ? Character.digit(c, 16) : -1;
        if (digit >= 0) {
            if (++digits > MOST_DIGITS) {
                throw new Malformed("the size of a chunk has more than " + MOST_DIGITS + " digits");
            }
            left = left * 16 + digit;
            if (left > LARGEST_CHUNK) {
                throw new Malformed("a chunk has more than " + LARGEST_CHUNK + " bytes");
            }
            return Part.SIZE;
        }
        if (digits == 0) {
            throw new Malformed("a chunk has no size");
        }
        return switch (c) {
            case '\r' -> Part.SIZE_END;
            case ';' -> Part.EXTENSION;
            default -> throw new Malformed("the size of a chunk is no number");
        };
    }

    private Part sizeEnd(int c) throws Malformed {
        expect('\n', c, Part.DATA);
        digits = 0;
        return left == 0 ? Part.LAST : Part.DATA;
    }

    private Part dataEnd(int c) throws Malformed {
        expect('\n', c, Part.SIZE);
        ofLines = 0;
        return Part.SIZE;
    }

    private static Part text(int c, Part next) throws Malformed {
        if (!Fields.isText(c)) {
            throw new Malformed("a chunk has a control character");
        }
        return next;
    }

    private static Part expect(int wanted, int c, Part next) throws Malformed {
        if (c != wanted) {
            throw new Malformed("a chunk does not end where it should");
        }
        return next;
    }
}
