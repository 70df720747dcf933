package dewy.engine;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * An answer of HTTP/1.1 (RFC 9112), read from a connection that carries nothing behind it.
 *
 * @param status its status code
 * @param headers its fields, by names in whatever case
 * @param body what follows, up to its end
 */
record HttpAnswer(int status, Map<String, List<String>> headers, InputStream body) {
    private static final int LONGEST_LINE = 64 << 10;

    static HttpAnswer read(InputStream in, String method) throws IOException {
        String[] first = line(in).split(" ", 3);
        if (first.length < 2 || !first[0].startsWith("HTTP/1.") || !first[1].matches("\\d{3}")) {
            throw new IOException("what answers does not speak HTTP/1.1");
        }
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = Math.max(line.indexOf(':'), 0);
            headers.computeIfAbsent(line.substring(0, colon), name -> new ArrayList<>())
                    .add(line.substring(colon + 1).strip());
        }
        int status = Integer.parseInt(first[1]);
        return new HttpAnswer(status, headers, body(in, status, method, headers));
    }

    private static InputStream body(InputStream in, int status, String method, Map<String, List<String>> headers)
            throws IOException {
        if (status == 204 || status == 304 || "HEAD".equals(method)) {
            return InputStream.nullInputStream();
        }
        if (headers.getOrDefault("Transfer-Encoding", List.of()).contains("chunked")) {
            return new Chunks(in);
        }
        List<String> length = headers.getOrDefault("Content-Length", List.of());
        return length.isEmpty() ? in : new Chunks(in, length(length.get(0), 10));
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0 || line.length() > LONGEST_LINE) {
                throw new EOFException("the answer broke off");
            }
            line.append((char) next);
        }
        return new String(line.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8)
                .stripTrailing();
    }

    private static long length(String text, int radix) throws IOException {
        try {
            return Long.parseLong(text.strip(), radix);
        } catch (NumberFormatException e) {
            throw new IOException("the length of its answer cannot be read: " + text, e);
        }
    }

    /** A body that comes in one chunk, or in several whose lengths stand before them. */
    private static final class Chunks extends FilterInputStream {
        private final boolean several;
        private long left;
        private boolean ended;

        Chunks(InputStream in) {
            super(in);
            several = true;
        }

        Chunks(InputStream in, long length) {
            super(in);
            several = false;
            left = length;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (left == 0 && !ended) {
                next();
            }
            if (ended || length == 0) {
                return ended ? -1 : 0;
            }
            int count = super.read(bytes, offset, (int) Math.min(length, left));
            if (count < 0) {
                throw new EOFException("the answer broke off");
            }
            left -= count;
            if (left == 0 && several) {
                line(in);
            }
            return count;
        }

        private void next() throws IOException {
            left = several ? length(line(in).replaceFirst(";.*", ""), 16) : 0;
            ended = left == 0;
        }

        @Override
        public int available() throws IOException {
            return (int) Math.min(left, super.available());
        }

        @Override
        public boolean markSupported() {
            return false;
        }
    }
}
