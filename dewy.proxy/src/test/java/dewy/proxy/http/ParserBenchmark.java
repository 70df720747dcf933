package dewy.proxy.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * How long it takes to read a header section, by the proxy and by the decoders of Netty. No build runs it: it is asked for by
 * name, as CONTRIBUTING.md says.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(3)
public class ParserBenchmark {
    private static final int LIMIT = 32 << 10;

    /** What is read. */
    public enum Section {
        PROGRAM("GET /128 HTTP/1.1\nHost: 127.0.0.1:8080\n\n"),
        BROWSER(
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

                """),
        RESPONSE(
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

                """);

        private final String lines;

        Section(String lines) {
            this.lines = lines;
        }

        private byte[] bytes() {
            return lines.replace("\n", "\r\n").getBytes(US_ASCII);
        }
    }

    @Param
    public Section section = Section.PROGRAM;

    private byte[] bytes = {};
    private EmbeddedChannel netty = new EmbeddedChannel();
    private final RequestHead asked = asked();

    private static RequestHead asked() {
        try {
            return RequestHead.parse(fields(buffer(Section.PROGRAM.bytes())));
        } catch (Malformed e) {
            throw new AssertionError(e);
        }
    }

    @Setup
    public void choose() {
        bytes = section.bytes();
        netty = new EmbeddedChannel(section == Section.RESPONSE ? new HttpResponseDecoder() : new HttpRequestDecoder());
    }

    @Benchmark
    public Object proxy() throws Malformed {
        Fields fields = fields(buffer(bytes));
        return section == Section.RESPONSE ? ResponseHead.parse(fields, asked) : RequestHead.parse(fields);
    }

    @Benchmark
    public Object netty() {
        Object first = netty.writeInbound(buffer(bytes));
        for (Object read = netty.readInbound(); read != null; read = netty.readInbound()) {
            ReferenceCountUtil.release(read);
        }
        return first;
    }

    @Test
    void measure() throws RunnerException {
        String all = ParserBenchmark.class.getName();
        assertThat(new Runner(new OptionsBuilder().include(all).build()).run()).hasSize(2 * Section.values().length);
    }

    private static ByteBuf buffer(byte[] of) {
        return PooledByteBufAllocator.DEFAULT.directBuffer(of.length).writeBytes(of);
    }

    private static Fields fields(ByteBuf bytes) throws Malformed {
        Incoming incoming = new Incoming();
        incoming.add(bytes);
        Fields fields = Fields.ofThread();
        fields.read(incoming.bytes(), incoming.findHead(LIMIT));
        incoming.clean();
        return fields;
    }
}
