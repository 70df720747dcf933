package dewy.proxy.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The header section of a message: where its fields are, and which of them are passed on. One a thread, used for one message
 * after the other.
 *
 * <p>It is stricter than <a href="https://www.rfc-editor.org/rfc/rfc9112#section-5">RFC 9112</a> asks for, since what two
 * parsers read in two ways is how requests are smuggled: no folded lines, no space before the colon, no control characters,
 * no line that ends without a carriage return.
 */
final class Fields {
    private static final FastThreadLocal<Fields> OF_THREAD = new FastThreadLocal<>() {
        @Override
        protected Fields initialValue() {
            return new Fields();
        }
    };

    private static final int MOST = 128;
    private static final int FIRST_SIZE = 4096;
    private static final boolean[] TOKEN = new boolean[256];
    private static final boolean[] VALUE = new boolean[256];

    static {
        for (int c = 0x21; c < 0x7f; c++) {
            TOKEN[c] = "\"(),/:;<=>?@[\\]{}".indexOf(c) < 0;
        }
        for (int c = 0x20; c < 256; c++) {
            VALUE[c] = c != 0x7f;
        }
        VALUE['\t'] = true;
    }

    byte[] bytes = new byte[FIRST_SIZE];
    private int firstLineEnd;
    private int firstField;
    private int end;
    private int count;
    private final int[] starts = new int[MOST + 1];
    private final int[] nameEnds = new int[MOST];
    private final int[] valueStarts = new int[MOST];
    private final int[] valueEnds = new int[MOST];
    private final @Nullable KnownField[] known = new KnownField[MOST];
    private final boolean[] dropped = new boolean[MOST];

    private Fields() {}

    static Fields ofThread() {
        return OF_THREAD.get();
    }

    /** Reads a header section, which ends with an empty line. */
    void read(ByteBuf from, int length) throws Malformed {
        load(from, length);
        firstLineEnd = 0;
        while (bytes[firstLineEnd] != '\r') {
            firstLineEnd++;
        }
        readFields(afterLine(firstLineEnd, "the first line has a control character"));
    }

    /** Reads the fields behind a body, which end with an empty line as well. */
    void readTrailers(ByteBuf from, int length) throws Malformed {
        load(from, length);
        readFields(0);
    }

    private void load(ByteBuf from, int length) {
        if (bytes.length < length) {
            bytes = new byte[Integer.highestOneBit(length) * 2];
        }
        from.readBytes(bytes, 0, length);
        end = length - 2;
    }

    private void readFields(int from) throws Malformed {
        firstField = from;
        int at = from;
        for (count = 0; at < end; count++) {
            if (count == MOST) {
                throw new Malformed(431, "it has more than " + MOST + " fields");
            }
            at = readField(count, at);
        }
        starts[count] = end;
    }

    private int readField(int i, int from) throws Malformed {
        int at = endOfToken(from);
        if (at == from || bytes[at] != ':') {
            throw new Malformed("a field has no name, or its name has a character that none may have");
        }
        starts[i] = from;
        nameEnds[i] = at;
        known[i] = KnownField.of(bytes, from, at);
        dropped[i] = false;
        at++;
        while (bytes[at] == ' ' || bytes[at] == '\t') {
            at++;
        }
        valueStarts[i] = at;
        while (VALUE[bytes[at] & 0xff]) {
            at++;
        }
        int next = afterLine(at, "a field has a control character in its value");
        while (at > valueStarts[i] && (bytes[at - 1] == ' ' || bytes[at - 1] == '\t')) {
            at--;
        }
        valueEnds[i] = at;
        return next;
    }

    private int afterLine(int at, String why) throws Malformed {
        if (bytes[at] != '\r' || bytes[at + 1] != '\n') {
            throw new Malformed(why);
        }
        return at + 2;
    }

    int endOfToken(int from) {
        int at = from;
        while (TOKEN[bytes[at] & 0xff]) {
            at++;
        }
        return at;
    }

    int firstLineEnd() {
        return firstLineEnd;
    }

    int count() {
        return count;
    }

    @Nullable
    KnownField known(int i) {
        return known[i];
    }

    String name(int i) {
        return new String(bytes, starts[i], nameEnds[i] - starts[i], US_ASCII);
    }

    int valueStart(int i) {
        return valueStarts[i];
    }

    int valueEnd(int i) {
        return valueEnds[i];
    }

    /** Has a field not be passed on. */
    void drop(int i) {
        dropped[i] = true;
    }

    /** Has a field be passed on after all. */
    void keep(int i) {
        dropped[i] = false;
    }

    /** Drops the fields that are about the connection, by their names or since the field Connection names them. */
    void dropThoseOfConnection() {
        for (int i = 0; i < count; i++) {
            KnownField field = known[i];
            if (field == KnownField.CONNECTION) {
                dropNamed(valueStarts[i], valueEnds[i]);
            }
            if (field != null && field.isOfConnection()) {
                dropped[i] = true;
            }
        }
    }

    /** What frames the message, and says whom it is for, is passed on whoever names it. */
    private void dropNamed(int from, int to) {
        for (int at = from; at < to; at = endOfItem(at, to) + 1) {
            int start = startOfItem(at, to);
            int stop = endOfToken(start);
            for (int i = 0; i < count; i++) {
                if (known[i] == null && isSame(bytes, start, stop, starts[i], nameEnds[i])) {
                    dropped[i] = true;
                }
            }
        }
    }

    /** Returns whether a list, such as the value of Connection, has a word, in whatever case. */
    boolean hasItem(int i, byte[] lowerCase) {
        int to = valueEnds[i];
        for (int at = valueStarts[i]; at < to; at = endOfItem(at, to) + 1) {
            int start = startOfItem(at, to);
            if (isSame(lowerCase, bytes, start, endOfToken(start))) {
                return true;
            }
        }
        return false;
    }

    private int startOfItem(int from, int to) {
        int at = from;
        while (at < to && (bytes[at] == ' ' || bytes[at] == '\t')) {
            at++;
        }
        return at;
    }

    private int endOfItem(int from, int to) {
        int at = from;
        while (at < to && bytes[at] != ',') {
            at++;
        }
        return at;
    }

    /** Returns whether the value is a word, in whatever case. */
    boolean isValue(int i, byte[] lowerCase) {
        return isSame(lowerCase, bytes, valueStarts[i], valueEnds[i]);
    }

    /** Returns the value as a number of bytes. */
    long length(int i) throws Malformed {
        int from = valueStarts[i];
        int to = valueEnds[i];
        long length = 0;
        for (int at = from; at < to; at++) {
            int digit = bytes[at] - '0';
            if (digit < 0 || digit > 9) {
                throw new Malformed("Content-Length is no number");
            }
            length = length * 10 + digit;
        }
        if (from == to || to - from > 18) {
            throw new Malformed("Content-Length has no digit, or more than 18");
        }
        return length;
    }

    boolean startsWith(int from, int to, byte[] prefix) {
        return to - from >= prefix.length && isSame(prefix, bytes, from, from + prefix.length);
    }

    /** Writes the fields that are passed on, without the empty line. */
    void writeTo(ByteBuf out) {
        int from = firstField;
        for (int i = 0; i < count; i++) {
            if (dropped[i]) {
                out.writeBytes(bytes, from, starts[i] - from);
                from = starts[i + 1];
            }
        }
        out.writeBytes(bytes, from, end - from);
    }

    /** Returns how many bytes are written at most. */
    int size() {
        return end;
    }

    private static boolean isSame(byte[] bytes, int from, int to, int otherFrom, int otherTo) {
        if (to - from != otherTo - otherFrom) {
            return false;
        }
        for (int i = 0; i < to - from; i++) {
            if (lower(bytes[from + i]) != lower(bytes[otherFrom + i])) {
                return false;
            }
        }
        return true;
    }

    static boolean isSame(byte[] lowerCase, byte[] bytes, int from, int to) {
        if (to - from != lowerCase.length) {
            return false;
        }
        for (int i = 0; i < lowerCase.length; i++) {
            if (lowerCase[i] != lower(bytes[from + i])) {
                return false;
            }
        }
        return true;
    }

    /** Returns whether a value may have the character. */
    static boolean isText(int c) {
        return VALUE[c];
    }

    static int lower(byte b) {
        return b >= 'A' && b <= 'Z' ? b + 0x20 : b;
    }

    boolean isEqual(int from, int to, int otherFrom, int otherTo) {
        return Arrays.equals(bytes, from, to, bytes, otherFrom, otherTo);
    }
}
