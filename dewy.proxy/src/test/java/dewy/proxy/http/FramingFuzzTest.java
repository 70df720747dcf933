package dewy.proxy.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What passes here is read in the same way by another parser: the same requests, with bodies of the same length. */
class FramingFuzzTest {
    private static final int LIMIT = 4096;
    private static final String[] PIECES = {
        "GET / HTTP/1.1\r\n",
        "POST /x HTTP/1.1\r\n",
        "PUT /y HTTP/1.0\r\n",
        "HEAD / HTTP/1.1\r\n",
        "Host: a\r\n",
        "Content-Length: 5\r\n",
        "Content-Length: 0\r\n",
        "Content-Length: 17\r\n",
        "Transfer-Encoding: chunked\r\n",
        "Transfer-Encoding: identity\r\n",
        "Connection: close\r\n",
        "X: y\r\n",
        " folded\r\n",
        "Expect: 100-continue\r\n",
        "\r\n",
        "\n",
        "\r",
        "0\r\n\r\n",
        "5\r\nhello\r\n",
        "5;x=y\r\nhello\r\n",
        "0\r\nA: b\r\n\r\n",
        "hello",
        " ",
        "\t",
        "\0",
        "\u000b",
        ":",
        ";",
        ",",
        "1",
        "a",
        "-",
        "+",
        "0x",
        "\u00e4"
    };
    private static final String[] WELL = {
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nA: b\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    };

    @Test
    @Tag("long")
    void passesOnNothingThatIsReadInTwoWays() {
        long seed = Long.getLong("dewy.test.seed", 1);
        System.out.println("-Ddewy.test.seed=" + seed);
        Random random = new Random(seed);
        int rounds = Boolean.getBoolean("dewy.long") ? 3_000_000 : 3_000;
        int passed = 0;
        for (int i = 0; i < rounds; i++) {
            String bytes = bytes(random);
            List<String> here = here(bytes);
            List<String> there = there(bytes);
            // The other one refuses extensions of chunks, even those that are well formed.
            int compared = bytes.contains(";") ? Math.min(here.size(), there.size()) : here.size();
            assertThat(there.subList(0, Math.min(compared, there.size())))
                    .as("seed %d, round %d: %s", seed, i, escaped(bytes))
                    .isEqualTo(here.subList(0, compared));
            passed += here.size();
        }
        assertThat(passed).isGreaterThan(rounds / 4);
    }

    /** Requests that are well, with pieces put in, taken out or doubled. */
    private static String bytes(Random random) {
        StringBuilder bytes = new StringBuilder();
        for (int i = random.nextInt(3); i >= 0; i--) {
            bytes.append(WELL[random.nextInt(WELL.length)]);
        }
        for (int i = random.nextInt(3); i > 0; i--) {
            int at = random.nextInt(bytes.length());
            switch (random.nextInt(4)) {
                case 0 -> bytes.insert(at, PIECES[random.nextInt(PIECES.length)]);
                case 1 -> bytes.insert(bytes.indexOf("\n", at) + 1, PIECES[random.nextInt(PIECES.length)]);
                case 2 -> bytes.delete(at, Math.min(bytes.length() - 1, at + 1 + random.nextInt(4)));
                default -> bytes.setCharAt(at, (char) random.nextInt(256));
            }
        }
        return bytes.toString();
    }

    private static String escaped(String bytes) {
        return bytes.chars()
                .mapToObj(c -> c > ' ' && c < 0x7f ? String.valueOf((char) c) : String.format("\\%o", c))
                .collect(Collectors.joining());
    }

    /** The requests that are passed on as a whole, until one is not. */
    private static List<String> here(String bytes) {
        List<String> requests = new ArrayList<>();
        Incoming incoming = new Incoming();
        Body body = new Body();
        incoming.add(Unpooled.copiedBuffer(bytes, ISO_8859_1));
        try {
            for (int length = incoming.findHead(LIMIT); length >= 0; length = incoming.findHead(LIMIT)) {
                Fields fields = Fields.ofThread();
                fields.read(incoming.bytes(), length);
                RequestHead request = RequestHead.parse(fields);
                String line = request.described().line();
                body.begin(request.length());
                var data = Unpooled.buffer();
                int taken = body.take(incoming.bytes(), data);
                if (request.length() != Body.CHUNKED) {
                    data.writeBytes(incoming.bytes(), incoming.bytes().readerIndex(), taken);
                }
                incoming.bytes().skipBytes(taken);
                if (!body.isDone()) {
                    break;
                }
                requests.add(line + " " + data.toString(ISO_8859_1));
            }
        } catch (Malformed e) {
            // Nothing more is passed on.
        } finally {
            incoming.release();
        }
        return requests;
    }

    private static List<String> there(String bytes) {
        List<String> requests = new ArrayList<>();
        EmbeddedChannel channel = new EmbeddedChannel(new HttpRequestDecoder());
        channel.writeInbound(Unpooled.copiedBuffer(bytes, ISO_8859_1));
        StringBuilder current = new StringBuilder();
        for (HttpObject read = channel.readInbound(); read != null; read = channel.readInbound()) {
            if (read.decoderResult().isFailure()) {
                ReferenceCountUtil.release(read);
                break;
            }
            if (read instanceof HttpRequest request) {
                current.setLength(0);
                current.append(request.method())
                        .append(' ')
                        .append(request.uri())
                        .append(' ');
                current.append(request.protocolVersion()).append(' ');
            }
            if (read instanceof HttpContent content) {
                current.append(content.content().toString(ISO_8859_1));
            }
            if (read instanceof LastHttpContent) {
                requests.add(current.toString());
            }
            ReferenceCountUtil.release(read);
        }
        channel.finishAndReleaseAll();
        return requests;
    }
}
