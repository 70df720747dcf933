package dewy.proxy.http;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Requests and responses by the grammar of HTTP/1.1, each part of which is now and then something else that somebody might take
 * for it; then some bytes are changed. About every second message is well formed.
 */
final class NearlyHttp {
    private static final int ODDITIES = 60;
    private static final String[] NO_ENDS = {"\n", "\r", "\r\r\n", "\n\r", "\r\n\r\n", "\0\r\n", " \r\n", ""};
    private static final String[] NO_COLONS = {":", ":\t", " : ", "\t:", ":\r\n ", ":\u000b", "", ": ,", ":\0"};
    private static final String[] NO_LENGTHS = {
        "+5",
        "-5",
        "-0",
        "0x5",
        "5,5",
        "5, 6",
        "5 5",
        "",
        "0005",
        "5\t ",
        "5\u000b",
        "5;",
        "\"5\"",
        "4294967301",
        "9223372036854775807",
        "9223372036854775808",
        "18446744073709551621",
        "000000000000000000000000005",
        "\u00b25"
    };
    private static final String[] NO_CODINGS = {
        "Chunked",
        "CHUNKED\t",
        "identity",
        "gzip, chunked",
        "chunked, identity",
        "chunked, chunked",
        "xchunked",
        "chunked;q=1",
        "\u000bchunked",
        "chunked\u000b",
        "\"chunked\"",
        "chunked,",
        ",chunked",
        "chun ked",
        "chun\r\n ked",
        "\r\n chunked",
        ""
    };
    private static final String[] NO_SIZES = {
        "0x5",
        "+5",
        "-5",
        " 5",
        "5 ",
        "5\t",
        "5 ;a",
        "5;a=b",
        "5;a=\"x\"",
        "5;a=\"x\n\"",
        "5;\n",
        "05",
        "0000000000000005",
        "80000000",
        "100000005",
        "1000000000000005",
        "10000000000000005",
        "fffffffffffffffb",
        "5\0",
        "5,",
        "\uff15",
        ""
    };
    private static final String[] LASTS = {"00", "0;a", "0;a=\"\r\n", "-0", "0x0", "000000000000000000", " 0", "0 ", ""
    };
    private static final String[] TRAILERS = {
        "A: b\r\n",
        "A: b\r\nB: c\r\n",
        "Content-Length: 5\r\n",
        "Transfer-Encoding: chunked\r\n",
        "A: b\r\n c\r\n",
        "A : b\r\n",
        "A: b\n",
        " A: b\r\n",
        "A\r\n",
        "A: \0\r\n"
    };
    private static final String[] FIELDS = {
        "X: y",
        "x-y_z:\t y, \u00e4 ",
        "X:",
        "Connection: keep-alive",
        "Connection: close",
        "Connection: Content-Length, x",
        "Connection: transfer-encoding",
        "Connection: Host,close",
        "Connection: upgrade",
        "Upgrade: x",
        "Upgrade: h2c",
        "Expect: 100-continue",
        "TE: trailers, chunked",
        "Trailer: A",
        "Keep-Alive: 5",
        "Proxy-Connection: close",
        "HTTP2-Settings: AAMAAABkAAQAAP__",
        "X-Forwarded-Host: b",
        "Content_Length: 5",
        "Sec-WebSocket-Key1: 1\r\nSec-WebSocket-Key2: 2",
        "X: a\r\n folded",
        "X",
        ": y",
        "X y: z",
        "X\0: y",
        "X: \0",
        "X: \u007f",
        "X: y\rZ: a"
    };
    private static final String[] BODIES = {
        "",
        "hello",
        "0\r\n\r\n",
        "\r\n",
        "GET /within HTTP/1.1\r\nHost: a\r\n\r\n",
        "HTTP/1.1 200 OK\r\n\r\n",
        "5\r\nhello\r\n"
    };
    private static final String[] PIECES = {
        "\r\n",
        "\n",
        "\r",
        " ",
        "\t",
        "\0",
        "\u000b",
        ":",
        ";",
        ",",
        "0",
        "5",
        "a",
        "-",
        "+",
        "0x",
        "\u00e4",
        "\r\n ",
        "chunked",
        "Content-Length: 5\r\n",
        "Transfer-Encoding: chunked\r\n",
        "0\r\n\r\n",
        "5\r\nhello\r\n",
        "GET / HTTP/1.1\r\n"
    };

    private final Random random;

    NearlyHttp(Random random) {
        this.random = random;
    }

    /** Returns one request or several behind each other. */
    String requests() {
        StringBuilder all = new StringBuilder();
        for (int i = random.nextInt(4); i >= 0; i--) {
            all.append(oddly("", "\r\n", "\r\n\r\n", "\n", "\r")).append(request());
        }
        return mutated(all);
    }

    private String request() {
        String line =
                any("GET", "POST", "PUT", "HEAD", "OPTIONS", "DELETE", oddly("X", "get", "CONNECT", "", "G(T", "G\0"))
                        + oddly(" ", "  ", "\t", "\u000b", "")
                        + any(
                                "/",
                                "/x?y=1",
                                "/%2e%2e/a",
                                oddly("/", "*", "http://a/", "http://b/", "a", "", "/\u00e4", "/\0", "/ HTTP/1.0"))
                        + oddly(" ", "  ", "\t", "")
                        + oddly(
                                "HTTP/1.1",
                                "HTTP/1.0",
                                "HTTP/1.0",
                                "HTTP/1.2",
                                "HTTP/2.0",
                                "HTTP/0.9",
                                "http/1.1",
                                "HTTP/1.1 ",
                                "HTTP/1.10");
        List<String> fields = new ArrayList<>();
        fields.add(field("Host", oddly("a", "b", "", "a:80", "a/", "a, b", "a b", "\u00e4")));
        if (isOdd()) {
            fields.remove(0);
        }
        return withBody(line, fields, false);
    }

    /** Returns one response, or an interim one and that behind it, now and then with something more. */
    String response() {
        StringBuilder all = new StringBuilder();
        if (random.nextInt(5) == 0) {
            List<String> none = new ArrayList<>();
            all.append(isOdd() ? withBody("HTTP/1.1 103 Soon", none, true) : "HTTP/1.1 100 Continue\r\n\r\n");
        }
        for (int i = isOdd() ? 1 : 0; i >= 0; i--) {
            String line = oddly("HTTP/1.1", "HTTP/1.0", "HTTP/1.0", "HTTP/2.0", "HTTP/1.2", "http/1.1", "ICY", "")
                    + oddly(" ", "  ", "\t", "")
                    + any(
                            "200",
                            "404",
                            "500",
                            "204",
                            "304",
                            oddly("200", "099", "20", "2000", "2 0", "999", "101", "199", "-20"))
                    + oddly(" OK", "", " ", "  OK", "\tOK", " \u00e4", " \0", " OK\r");
            all.append(withBody(line, new ArrayList<>(), true));
        }
        return mutated(all);
    }

    private String withBody(String line, List<String> fields, boolean isResponse) {
        for (int i = random.nextInt(3); i > 0; i--) {
            fields.add(FIELDS[Math.min(random.nextInt(FIELDS.length), random.nextInt(FIELDS.length))]);
        }
        String text = random.nextInt(20) == 0 ? "x".repeat(random.nextInt(9000)) : any(BODIES);
        String body = "";
        int framing = random.nextInt(10);
        if (framing < 3 || framing == 9) {
            fields.add(field(name("Content-Length"), oddly("" + text.length(), NO_LENGTHS)));
            body = text;
        }
        if (framing > 5) {
            fields.add(field(name("Transfer-Encoding"), oddly("chunked", NO_CODINGS)));
            body = chunked(text);
        }
        if (isOdd() && !fields.isEmpty()) {
            String other = any(fields.toArray(String[]::new)) + oddly("", "0", "\t");
            fields.add(other);
        }
        if (framing > 2 && framing < 6) {
            body = isResponse || isOdd() ? text : "";
        }
        Collections.shuffle(fields, random);
        StringBuilder all = new StringBuilder(line).append(end());
        fields.forEach(field -> all.append(field).append(end()));
        return all.append(end()).append(body).toString();
    }

    private String field(String name, String value) {
        return name + oddly(": ", NO_COLONS) + value;
    }

    private String name(String usual) {
        return oddly(
                usual,
                usual.toLowerCase(Locale.ROOT),
                usual + " ",
                " " + usual,
                usual + "\t",
                usual + "\0",
                usual.replace('-', '_'),
                "X: y\r\n " + usual,
                "\u000b" + usual,
                usual + "s");
    }

    private String chunked(String text) {
        StringBuilder all = new StringBuilder();
        int from = 0;
        while (from < text.length()) {
            int to = Math.min(text.length(), from + 1 + random.nextInt(random.nextBoolean() ? 5 : 4000));
            String size = Integer.toHexString(to - from);
            String tooLong = String.format(Locale.ROOT, "%s%08x", any("1", "10", "100000000"), to - from);
            all.append(oddly(size, tooLong, tooLong, tooLong, any(NO_SIZES)))
                    .append(end())
                    .append(text, from, to)
                    .append(end());
            from = to;
        }
        all.append(oddly("0", LASTS)).append(end());
        if (random.nextInt(6) == 0) {
            all.append(any(TRAILERS));
        }
        return all.append(end()).toString();
    }

    private String mutated(StringBuilder bytes) {
        for (int i = Math.max(0, random.nextInt(5) - 2); i > 0 && !bytes.isEmpty(); i--) {
            int at = random.nextInt(bytes.length());
            int to = Math.min(bytes.length(), at + 1 + random.nextInt(6));
            switch (random.nextInt(6)) {
                case 0 -> bytes.insert(at, any(PIECES));
                case 1 -> bytes.insert(bytes.indexOf("\n", at) + 1, any(PIECES));
                case 2 -> bytes.delete(at, to);
                case 3 -> bytes.insert(at, bytes.substring(at, to));
                case 4 -> bytes.setLength(at);
                default -> bytes.setCharAt(at, (char) random.nextInt(256));
            }
        }
        for (int i = 0; i < bytes.length(); i++) {
            bytes.setCharAt(i, (char) (bytes.charAt(i) & 0xff)); // What does not fit is of no use as a byte.
        }
        return bytes.toString();
    }

    /** Returns the parts in which something arrives: all at once, in some, or each byte alone. */
    List<String> divided(String bytes) {
        List<String> parts = new ArrayList<>();
        int kind = random.nextInt(8);
        int longest = kind == 0 ? 1 : kind < 4 ? Math.max(1, bytes.length()) : 1 + bytes.length() / kind;
        for (int from = 0; from < bytes.length(); ) {
            int to = Math.min(bytes.length(), from + 1 + random.nextInt(longest));
            parts.add(bytes.substring(from, to));
            from = to;
        }
        return parts;
    }

    private String end() {
        return oddly("\r\n", NO_ENDS);
    }

    private String oddly(String usual, String... odd) {
        return isOdd() ? any(odd) : usual;
    }

    private boolean isOdd() {
        return random.nextInt(ODDITIES) == 0;
    }

    private String any(String... some) {
        return some[random.nextInt(some.length)];
    }
}
