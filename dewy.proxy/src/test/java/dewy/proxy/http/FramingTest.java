package dewy.proxy.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is read of a message, and what is refused; each case as a whole, and in two parts, however it is divided. */
class FramingTest {
    private static final int LIMIT = 4096;
    private static final String GET = "GET / HTTP/1.1\\r\\nHost: a\\r\\n";
    private static final String POST = "POST / HTTP/1.1\\r\\nHost: a\\r\\n";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                GET + "\\r\\n | 0",
                "\\r\\n\\r\\n" + GET + "\\r\\n | 0",
                "GET / HTTP/1.0\\r\\n\\r\\n | 0",
                "GET http://a/x?y HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n | 0",
                "OPTIONS * HTTP/1.1\\r\\nHost: a:80\\r\\n\\r\\n | 0",
                "GET / HTTP/1.1\\r\\nhOST:\\t[::1]:8 \\r\\n\\r\\n | 0",
                POST + "Content-Length: 5\\r\\n\\r\\n12345 | 5",
                POST + "Content-Length: 005\\r\\n\\r\\n12345GET | 5",
                POST + "Transfer-Encoding: Chunked\\r\\n\\r\\n0\\r\\n\\r\\nGET | 5",
                POST
                        + "Transfer-Encoding: chunked\\r\\n\\r\\n5;a=\"b\"\\r\\n12345\\r\\n00\\r\\nA: b\\r\\n\\r\\nGET | 28",
                POST + "Transfer-Encoding: chunked\\r\\n\\r\\n5;a=\"\\\\\";\"\\r\\n12345\\r\\n0\\r\\n\\r\\n | 23",
                POST + "Transfer-Encoding: chunked\\r\\n\\r\\na\\r\\n0123456789\\r\\n1\\r\\n \\r\\n0\\r\\n\\r\\n | 26",
            })
    void isRead(String message, int bodyLength) {
        eachDivision(message, (first, second) -> assertThat(read(first, second)).isEqualTo("" + bodyLength));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // One message, two lengths.
                POST + "Content-Length: 5\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n | 400",
                POST + "Transfer-Encoding: chunked\\r\\nContent-Length: 5\\r\\n\\r\\n | 400",
                POST + "Content-Length: 5\\r\\nContent-Length: 6\\r\\n\\r\\n | 400",
                POST + "Content-Length: 5\\r\\nContent-Length: 5\\r\\n\\r\\n | 400",
                POST + "Content-Length: 5, 5\\r\\n\\r\\n | 400",
                POST + "Content-Length: +5\\r\\n\\r\\n | 400",
                POST + "Content-Length: -5\\r\\n\\r\\n | 400",
                POST + "Content-Length: 0x5\\r\\n\\r\\n | 400",
                POST + "Content-Length: 5 5\\r\\n\\r\\n | 400",
                POST + "Content-Length:\\r\\n\\r\\n | 400",
                POST + "Content-Length: 1234567890123456789\\r\\n\\r\\n | 400",
                POST + "Content-Length: 99999999999999999999999\\r\\n\\r\\n | 400",
                POST + "Transfer-Encoding: chunked\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n | 400",
                POST + "Transfer-Encoding: identity\\r\\n\\r\\n | 501",
                POST + "Transfer-Encoding: gzip, chunked\\r\\n\\r\\n | 501",
                POST + "Transfer-Encoding: chunked, identity\\r\\n\\r\\n | 501",
                POST + "Transfer-Encoding: xchunked\\r\\n\\r\\n | 501",
                POST + "Transfer-Encoding: \"chunked\"\\r\\n\\r\\n | 501",
                POST + "Transfer-Encoding:\\13chunked\\r\\n\\r\\n | 400",
                POST + "Transfer-Encoding : chunked\\r\\n\\r\\n | 400",
                POST + "Transfer-Encoding\\t: chunked\\r\\n\\r\\n | 400",
                POST + " Transfer-Encoding: chunked\\r\\n\\r\\n | 400",
                POST + "X: y\\r\\n\\tTransfer-Encoding: chunked\\r\\n\\r\\n | 400",
                POST + "Transfer-Encoding:\\r\\n chunked\\r\\n\\r\\n | 400",
                "POST / HTTP/1.0\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n | 400",
                // Lines and characters.
                "GET / HTTP/1.1\\nHost: a\\n\\n | 400",
                "GET / HTTP/1.1\\r\\nHost: a\\n\\r\\n | 400",
                "GET / HTTP/1.1\\r\\nHost: a\\rX: y\\r\\n\\r\\n | 400",
                GET + "X: a\\r\\r\\n\\r\\n | 400",
                GET + "X: a\\0b\\r\\n\\r\\n | 400",
                GET + "X: a\\177b\\r\\n\\r\\n | 400",
                GET + "X: a\\1\\r\\n\\r\\n | 400",
                GET + "X\\0: a\\r\\n\\r\\n | 400",
                GET + "X\\344: a\\r\\n\\r\\n | 400",
                GET + ": a\\r\\n\\r\\n | 400",
                GET + "X\\r\\n\\r\\n | 400",
                "\\n" + GET + "\\r\\n | 400",
                // The first line.
                "GET  / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n | 400",
                "GET /  HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n | 400",
                "\\40GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n | 400",
                "GET /\\ta HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n | 400",
                "GET / HTTP/1.1 \\r\\nHost: a\\r\\n\\r\\n | 400",
                "GET / http/1.1\\r\\nHost: a\\r\\n\\r\\n | 400",
                "GET /\\r\\n\\r\\n | 400",
                "G(T / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n | 400",
                "GET a HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n | 400",
                "GET * HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n | 400",
                "GET / HTTP/2.0\\r\\nHost: a\\r\\n\\r\\n | 505",
                "GET / HTTP/1.2\\r\\nHost: a\\r\\n\\r\\n | 505",
                "CONNECT a:80 HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n | 405",
                // Whom it is for.
                "GET / HTTP/1.1\\r\\n\\r\\n | 400",
                "GET / HTTP/1.1\\r\\nHost: a\\r\\nHost: a\\r\\n\\r\\n | 400",
                "GET / HTTP/1.1\\r\\nHost: a/b\\r\\n\\r\\n | 400",
                "GET / HTTP/1.1\\r\\nHost: a b\\r\\n\\r\\n | 400",
                "GET / HTTP/1.1\\r\\nHost: b@a\\r\\n\\r\\n | 400",
                "GET http://b/ HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n | 400",
                "GET http://a HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n | 400",
                "GET http://b@a/ HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n | 400",
                "GET ftp://a/ HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n | 400",
                // Chunks and trailers.
                POST + "Transfer-Encoding: chunked\\r\\n\\r\\n\\r\\n | 400",
                POST + "Transfer-Encoding: chunked\\r\\n\\r\\ng\\r\\n | 400",
                POST + "Transfer-Encoding: chunked\\r\\n\\r\\n0x5\\r\\n | 400",
                POST + "Transfer-Encoding: chunked\\r\\n\\r\\n-5\\r\\n | 400",
                POST + "Transfer-Encoding: chunked\\r\\n\\r\\n 5\\r\\n | 400",
                POST + "Transfer-Encoding: chunked\\r\\n\\r\\n5 \\r\\n | 400",
                POST + "Transfer-Encoding: chunked\\r\\n\\r\\n;a\\r\\n | 400",
                POST + "Transfer-Encoding: chunked\\r\\n\\r\\n5\\n12345 | 400",
                POST + "Transfer-Encoding: chunked\\r\\n\\r\\n5;\\n12345\\r\\n | 400",
                POST + "Transfer-Encoding: chunked\\r\\n\\r\\n5;a\\rb\\r\\n | 400",
                POST + "Transfer-Encoding: chunked\\r\\n\\r\\n5;a=\"b\\r\\n\"\\r\\n | 400",
                POST + "Transfer-Encoding: chunked\\r\\n\\r\\n5;a=\"b\\\\\"\\r\\n | 400",
                POST + "Transfer-Encoding: chunked\\r\\n\\r\\n100000005\\r\\n | 400",
                POST + "Transfer-Encoding: chunked\\r\\n\\r\\n5\\r\\n123456\\r\\n | 400",
                POST + "Transfer-Encoding: chunked\\r\\n\\r\\n5\\r\\n12345\\n0\\r\\n\\r\\n | 400",
                POST + "Transfer-Encoding: chunked\\r\\n\\r\\n1000000000000000\\r\\n | 400",
                POST + "Transfer-Encoding: chunked\\r\\n\\r\\n0\\r\\nA : b\\r\\n\\r\\n | 400",
                POST + "Transfer-Encoding: chunked\\r\\n\\r\\n0\\r\\nA: b\\r\\n c\\r\\n\\r\\n | 400",
                POST + "Transfer-Encoding: chunked\\r\\n\\r\\n0\\r\\nA: b\\n\\r\\n | 400",
                POST + "Transfer-Encoding: chunked\\r\\n\\r\\n0\\r\\n\\n | 400",
            })
    void isRefused(String message, int status) {
        eachDivision(message, (first, second) -> assertThat(read(first, second)).startsWith("refused " + status));
    }

    private interface Division {
        void read(String first, String second);
    }

    private static void eachDivision(String escaped, Division division) {
        String message = escaped.strip().translateEscapes();
        for (int i = 0; i < message.length(); i++) {
            division.read(message.substring(0, i), message.substring(i));
        }
    }

    /** Returns how much of it is the body, or how it is refused. */
    private static String read(String first, String second) {
        Incoming incoming = new Incoming();
        Body body = new Body();
        boolean inBody = false;
        int length = 0;
        try {
            for (String part : new String[] {first, second}) {
                incoming.add(Unpooled.copiedBuffer(part, ISO_8859_1));
                int head = inBody ? -1 : incoming.findHead(LIMIT);
                if (head >= 0) {
                    Fields.ofThread().read(incoming.bytes(), head);
                    RequestHead request = RequestHead.parse(Fields.ofThread());
                    body.begin(request.length());
                    inBody = true;
                }
                ByteBuf passed = inBody ? passOn(body, incoming) : null;
                while (passed != null) {
                    length += passed.readableBytes();
                    passed.release();
                    passed = passOn(body, incoming);
                }
            }
            return inBody && body.isDone() ? "" + length : "not all of it";
        } catch (Malformed e) {
            return "refused " + e.status() + ": " + e.why();
        } finally {
            incoming.release();
        }
    }

    private static @Nullable ByteBuf passOn(Body body, Incoming incoming) throws Malformed {
        return body.isDone() || incoming.size() == 0 ? null : body.passOn(incoming);
    }
}
