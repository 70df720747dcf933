package dewy.proxy.http;

import static dewy.proxy.RawBackend.read;
import static dewy.proxy.RawBackend.readHead;
import static dewy.proxy.RawBackend.write;
import static org.assertj.core.api.Assertions.assertThat;

import dewy.proxy.Listening;
import dewy.proxy.RawBackend;
import dewy.proxy.traffic.TrafficSettings;
import dewy.proxy.traffic.TrafficSettings.Mode;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The fields behind a body in chunks, in both directions. */
@Timeout(60)
@SuppressWarnings("StringConcatToTextBlock") // Lines end with a carriage return here.
class TrailersTest {
    private static final TrafficSettings HTTP = TrafficSettings.of(Mode.HTTP);
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String CHUNKED = "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n";
    private static final String POST = "POST / HTTP/1.1\r\nHost: a\r\n" + CHUNKED;
    private static final String ANSWER = "HTTP/1.1 200 OK\r\n" + CHUNKED;
    private static final String EMPTY = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    private static final String MIXED =
            "Digest: 1\r\nContent-Length: 5\r\nX-Forwarded-For: 1.2.3.4\r\nServer-Timing: a\r\n"
                    + "AUTHORIZATION: b\r\nset_cookie: c\r\nTransfer-Encoding: chunked\r\nHost: b\r\nConnection: close\r\n"
                    + "grpc-status: 0\r\nContent-Type: d\r\nX_Forwarded_Proto: https\r\nIf-Match: e\r\n\r\n";
    private static final String ALLOWED = "Digest: 1\r\nServer-Timing: a\r\ngrpc-status: 0\r\n\r\n";

    /** Requests that follow are read as before, on both sides. */
    @ParameterizedTest
    @ValueSource(ints = {1, 7, 1000})
    void ofARequestArePassedOnUnlessTheyBelongBeforeTheBody(int step) throws IOException {
        List<String> trailers = new ArrayList<>();
        try (RawBackend backend = new RawBackend(client -> {
                    while (!readHead(client.getInputStream()).isEmpty()) {
                        read(client, "5\r\nhello\r\n0\r\n".length());
                        trailers.add(readHead(client.getInputStream()));
                        write(client, EMPTY);
                    }
                });
                Listening listening = new Listening(HTTP).to(backend.port());
                Socket client = listening.connect()) {
            for (int i = 0; i < 3; i++) {
                send(client, POST + MIXED, step);
                assertThat(readHead(client.getInputStream())).isEqualTo(EMPTY);
            }
            assertThat(trailers).containsExactly(ALLOWED, ALLOWED, ALLOWED);
            assertThat(backend.connections()).isOne();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 1000})
    void ofAResponseArePassedOnUnlessTheyBelongBeforeTheBody(int step) throws IOException {
        try (RawBackend backend = new RawBackend(client -> {
                    while (!readHead(client.getInputStream()).isEmpty()) {
                        send(client, ANSWER + MIXED, step);
                    }
                });
                Listening listening = new Listening(HTTP).to(backend.port());
                Socket client = listening.connect()) {
            for (int i = 0; i < 3; i++) {
                write(client, GET);
                assertThat(read(client, ANSWER.length())).isEqualTo(ANSWER);
                assertThat(readHead(client.getInputStream())).isEqualTo(ALLOWED);
            }
            assertThat(backend.connections()).isOne();
        }
    }

    @Test
    void areLeftOutForAClientThatKnowsNone() throws IOException {
        try (RawBackend backend = RawBackend.answering(ANSWER + MIXED);
                Listening listening = new Listening(HTTP).to(backend.port());
                Socket client = listening.connect()) {
            write(client, "GET / HTTP/1.0\r\n\r\n");
            readHead(client.getInputStream());
            assertThat(client.getInputStream().readAllBytes()).asString().isEqualTo("hello");
        }
    }

    @Test
    void areRefusedWhenThereAreTooMany() throws IOException {
        try (RawBackend backend = RawBackend.answering(EMPTY);
                Listening listening = new Listening(HTTP).to(backend.port());
                Socket client = listening.connect()) {
            write(client, POST + "A: b\r\n".repeat(4000));
            assertThat(readHead(client.getInputStream())).startsWith("HTTP/1.1 431 ");
        }
    }

    private static void send(Socket socket, String text, int step) throws IOException {
        socket.setTcpNoDelay(true);
        for (int i = 0; i < text.length(); i += step) {
            write(socket, text.substring(i, Math.min(text.length(), i + step)));
        }
    }
}
