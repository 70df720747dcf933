package dewy.tck.load;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** What arrives on a connection: messages of HTTP/1.1, and frames of WebSockets after that. Counts the bytes. */
final class Reading {
    private static final int SMALL = 4 << 10;
    private static final int BUFFER = 64 << 10;
    private static final int LONGEST_LINE = 8 << 10;

    private final InputStream in;
    private long count;

    /** Gets a part of a body. */
    @FunctionalInterface
    interface Part {
        void take(byte[] bytes, int length) throws IOException;
    }

    Reading(InputStream in) {
        this.in = new BufferedInputStream(in, SMALL);
    }

    /** Returns how many bytes there were since the last call. */
    long takeCount() {
        long was = count;
        count = 0;
        return was;
    }

    /** Returns how many bytes there were since they were taken last. */
    long count() {
        return count;
    }

    HttpHead head() throws IOException {
        String first = line();
        Map<String, String> fields = new HashMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            fields.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        return new HttpHead(first, fields);
    }

    byte[] body(HttpHead of) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body(of, (bytes, length) -> body.write(bytes, 0, length));
        return body.toByteArray();
    }

    void body(HttpHead of, Part to) throws IOException {
        if (!of.isChunked()) {
            pass(of.length(), to);
            return;
        }
        for (long size = Long.parseLong(line(), 16); size > 0; size = Long.parseLong(line(), 16)) {
            pass(size, to);
            line();
        }
        line();
    }

    private void pass(long length, Part to) throws IOException {
        byte[] buffer = new byte[(int) Math.min(length, BUFFER)];
        for (long left = length; left > 0; ) {
            int some = in.read(buffer, 0, (int) Math.min(left, buffer.length));
            if (some < 0) {
                throw ended();
            }
            count += some;
            left -= some;
            to.take(buffer, some);
        }
    }

    /** Returns the next byte of a frame. */
    int one() throws IOException {
        int one = in.read();
        if (one < 0) {
            throw ended();
        }
        count++;
        return one;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = one(); c != '\n'; c = one()) {
            if (line.length() > LONGEST_LINE) {
                throw new IOException("a line has no end: " + line.substring(0, 80));
            }
            line.append((char) c);
        }
        if (line.length() == 0 || line.charAt(line.length() - 1) != '\r') {
            throw new IOException("this is no line of HTTP: \"" + line + "\"");
        }
        return line.substring(0, line.length() - 1);
    }

    private static EOFException ended() {
        return new EOFException("the connection was closed");
    }
}
