package dewy.proxy.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpObjectDecoder;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.util.ReferenceCountUtil;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/**
 * How long it takes to read header sections, beside the decoders of Netty, in turns. No build runs it: it is asked for by name,
 * without what looks for forgotten buffers, as CONTRIBUTING.md says. A harness of its own, such as JMH, would run one after the
 * other, where the same is wanted of both under whatever else the host does, and would generate code into all these tests.
 */
class ParserComparison {
    private static final int PAIRS = 15;
    private static final int WARM_UP_PAIRS = 5;
    private static final int TIMES = 20_000;
    private static final int LIMIT = 32 << 10;

    private static final String SMALL = "GET /128 HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n\r\n";
    private static final String BROWSER =
            """
            GET /articles/2026/11/30/of-proxies?page=2&order=newest HTTP/1.1
            Host: www.example.com
            Connection: keep-alive
            Cache-Control: max-age=0
            Upgrade-Insecure-Requests: 1
            User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36
            Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8
            Sec-Fetch-Site: same-origin
            Sec-Fetch-Mode: navigate
            Referer: https://www.example.com/articles
            Accept-Encoding: gzip, deflate, br
            Accept-Language: en-GB,en;q=0.9,de;q=0.8
            Cookie: session=2f1c9a7be04d4e5d9a1b8c7d6e5f4a3b; theme=dark; consent=2026-01-01; _id=GA1.2.1234567890.1234567890
            If-None-Match: "5f3c-61b2c3d4e5f60"

            """
                    .replace("\n", "\r\n");
    private static final String RESPONSE =
            """
            HTTP/1.1 200 OK
            Server: nginx/1.22.1
            Date: Mon, 30 Nov 2026 00:00:00 GMT
            Content-Type: application/octet-stream
            Content-Length: 0
            Last-Modified: Mon, 30 Nov 2026 00:00:00 GMT
            Connection: keep-alive
            ETag: "656d2f00-80"
            Accept-Ranges: bytes

            """
                    .replace("\n", "\r\n");

    /** Reads what a buffer has. */
    private interface Reader {
        void read(ByteBuf bytes) throws Malformed;
    }

    @Test
    void readsRequestsAndResponses() throws Malformed {
        compare("request of a program", SMALL, this::readRequest, decoding(new HttpRequestDecoder()));
        compare("request of a browser", BROWSER, this::readRequest, decoding(new HttpRequestDecoder()));
        RequestHead asked =
                request(PooledByteBufAllocator.DEFAULT.directBuffer().writeBytes(SMALL.getBytes(US_ASCII)));
        compare("response", RESPONSE, bytes -> readResponse(bytes, asked), decoding(new HttpResponseDecoder()));
    }

    private static void compare(String what, String text, Reader own, Reader other) throws Malformed {
        byte[] content = text.getBytes(US_ASCII);
        double[] ratios = new double[PAIRS];
        double[] nanos = new double[PAIRS];
        for (int i = -WARM_UP_PAIRS; i < PAIRS; i++) {
            double mine = nanosEach(content, own);
            double theirs = nanosEach(content, other);
            if (i >= 0) {
                ratios[i] = mine / theirs;
                nanos[i] = mine;
            }
        }
        Arrays.sort(ratios);
        Arrays.sort(nanos);
        System.out.printf(
                Locale.ROOT,
                "%s, %d bytes: %.0f ns, %.2f of Netty's (%.2f-%.2f)%n",
                what,
                content.length,
                nanos[PAIRS / 2],
                ratios[PAIRS / 2],
                ratios[0],
                ratios[PAIRS - 1]);
        assertThat(ratios[0]).isPositive();
    }

    private static double nanosEach(byte[] content, Reader reader) throws Malformed {
        long began = System.nanoTime();
        for (int i = 0; i < TIMES; i++) {
            ByteBuf bytes =
                    PooledByteBufAllocator.DEFAULT.directBuffer(content.length).writeBytes(content);
            reader.read(bytes);
        }
        return (double) (System.nanoTime() - began) / TIMES;
    }

    private void readRequest(ByteBuf bytes) throws Malformed {
        RequestHead unused = request(bytes);
    }

    private static RequestHead request(ByteBuf bytes) throws Malformed {
        return RequestHead.parse(fields(bytes));
    }

    private static void readResponse(ByteBuf bytes, RequestHead asked) throws Malformed {
        ResponseHead unused = ResponseHead.parse(fields(bytes), asked);
    }

    private static Fields fields(ByteBuf bytes) throws Malformed {
        Incoming incoming = new Incoming();
        incoming.add(bytes);
        Fields fields = Fields.ofThread();
        fields.read(incoming.bytes(), incoming.findHead(LIMIT));
        incoming.clean();
        return fields;
    }

    private static Reader decoding(HttpObjectDecoder decoder) {
        EmbeddedChannel channel = new EmbeddedChannel(decoder);
        return bytes -> {
            channel.writeInbound(bytes);
            for (Object read = channel.readInbound(); read != null; read = channel.readInbound()) {
                ReferenceCountUtil.release(read);
            }
        };
    }
}
