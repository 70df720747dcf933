package dewy.proxy.http;

import static dewy.proxy.RawBackend.read;
import static dewy.proxy.RawBackend.readAll;
import static dewy.proxy.RawBackend.readHead;
import static dewy.proxy.RawBackend.write;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.proxy.Listening;
import dewy.proxy.RawBackend;
import dewy.proxy.traffic.BuffersInUse;
import dewy.proxy.traffic.TrafficSettings;
import dewy.proxy.traffic.TrafficSettings.Hold;
import dewy.proxy.traffic.TrafficSettings.Mode;
import dewy.proxy.traffic.TrafficSettings.Timeouts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@SuppressWarnings("StringConcatToTextBlock") // Lines end with a carriage return here.
class HttpTest {
    private static final TrafficSettings HTTP = TrafficSettings.of(Mode.HTTP);
    private static final String GET = "GET /a?b HTTP/1.1\r\nHost: a.example\r\n\r\n";
    private static final String HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    private static final String ENDS = "Connection: close\r\n\r\n";
    private static final Duration SHORT = Duration.ofMillis(50);

    /** What a client gets to read until the connection is closed, when it sends something and ends its side. */
    private static String exchange(Listening listening, String request) throws IOException {
        try (Socket client = listening.connect()) {
            write(client, request);
            client.shutdownOutput();
            return readAll(client);
        }
    }

    /** What the client reads when the backend answers every request with the same, and closes. */
    private static String exchange(String request, String response) throws IOException {
        try (RawBackend backend = new RawBackend(client -> {
                    readHead(client.getInputStream());
                    write(client, response);
                });
                Listening listening = new Listening(HTTP).to(backend.port())) {
            return exchange(listening, request);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void keepsConnectionsToBothSides(boolean isNative) throws IOException {
        try (RawBackend backend = RawBackend.answering(HELLO);
                Listening listening = new Listening(HTTP, isNative).to(backend.port());
                Socket client = listening.connect()) {
            for (int i = 0; i < 10; i++) {
                write(client, GET);
                assertThat(read(client, HELLO.length())).isEqualTo(HELLO);
            }
            assertThat(backend.connections()).isOne();
        }
    }

    @Test
    void answersInOrderWhatIsSentAtOnce() throws IOException {
        AtomicInteger number = new AtomicInteger();
        try (RawBackend backend = new RawBackend(client -> {
                    while (!readHead(client.getInputStream()).isEmpty()) {
                        write(client, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n" + number.getAndIncrement());
                    }
                });
                Listening listening = new Listening(HTTP).to(backend.port())) {
            assertThat(exchange(listening, GET.repeat(5)).replaceAll("(?s)HTTP.*?\r\n\r\n", ""))
                    .isEqualTo("01234");
        }
    }

    /** That the client sends nothing more is heard between an answer and the look at what it has sent besides. */
    @Test
    void answersAllThatWasSentBeforeTheEnd() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        CountDownLatch answered = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        try (RawBackend backend = new RawBackend(client -> {
                    while (!readHead(client.getInputStream()).isEmpty()) {
                        asked.countDown();
                        await(answer);
                        write(client, HELLO);
                        answered.countDown();
                    }
                });
                Listening listening = new Listening(HTTP).to(backend.port());
                Socket client = listening.connect()) {
            write(client, GET.repeat(2));
            asked.await();
            listening.runOnEachLoop(() -> await(go));
            answer.countDown();
            answered.await();
            client.shutdownOutput();
            go.countDown();
            assertThat(readAll(client)).containsPattern("(?s)hello.*hello$");
        }
    }

    @Test
    void tellsTheBackendWhoAsks() throws IOException {
        List<String> heads = new ArrayList<>();
        try (RawBackend backend = new RawBackend(client -> {
                    heads.add(readHead(client.getInputStream()));
                    write(client, HELLO);
                });
                Listening listening = new Listening(HTTP).to(backend.port())) {
            exchange(
                    listening,
                    "GET http://a.example/a HTTP/1.1\r\nX-Forwarded-For: 1.2.3.4\r\nHost: a.example\r\nKeep-Alive: 5\r\n"
                            + "x-forwarded-PROTO: https\r\nAccept: *\r\nTE: trailers\r\nX-Hop: 1\r\nForwarded: for=9\r\n"
                            + "Connection: x-hop, Host , close\r\nUpgrade: h2c\r\nX-Forwarded-Host: b\r\nLast: 1\r\n\r\n");
        }
        assertThat(heads)
                .containsExactly("GET /a HTTP/1.1\r\nHost: a.example\r\nAccept: *\r\nLast: 1\r\n"
                        + "X-Forwarded-For: 127.0.0.1\r\nX-Forwarded-Proto: http\r\n"
                        + "Forwarded: for=127.0.0.1;proto=http;host=\"a.example\"\r\n"
                        + "X-Forwarded-Host: a.example\r\n\r\n");
    }

    @Test
    void doesNotPassOnWhatABackendMayTakeForMoreThanItIs() throws IOException {
        List<String> heads = new ArrayList<>();
        try (RawBackend backend = new RawBackend(client -> {
                    heads.add(readHead(client.getInputStream()));
                    write(client, HELLO);
                });
                Listening listening = new Listening(HTTP).to(backend.port())) {
            exchange(
                    listening,
                    "GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: H2C\r\nUpgrade: websocket\r\n"
                            + "Sec-WebSocket-Key1: 1\r\nSec-WebSocket-Key2: 2\r\nX_Forwarded_For: 6\r\nforwarded: 6\r\n"
                            + "x-forwarded_PROTO: https\r\nContent_Length: 5\r\nX_Forwarded: 7\r\n\r\n");
        }
        assertThat(heads)
                .singleElement()
                .asString()
                .doesNotContainIgnoringCase("h2c", "upgrade", "key", ": 6", "https", "length")
                .contains("\r\nX_Forwarded: 7\r\n");
    }

    @Test
    void passesOnAResponseWithoutWhatIsAboutTheConnection() throws IOException {
        String response =
                "HTTP/1.0 200 Very well\r\nKeep-Alive: 5\r\nX: y\r\nX-Hop: 1\r\nConnection: keep-alive, x-hop\r\n"
                        + "Content-Length: 2\r\nContent-Type: a/b\r\n\r\nok";
        assertThat(exchange(GET, response))
                .isEqualTo(
                        "HTTP/1.1 200 Very well\r\nX: y\r\nContent-Length: 2\r\nContent-Type: a/b\r\n" + ENDS + "ok");
    }

    @Test
    void passesOnABodyThatEndsWithTheConnection() throws IOException {
        assertThat(exchange(GET, "HTTP/1.1 200 OK\r\n\r\nto the end"))
                .isEqualTo("HTTP/1.1 200 OK\r\n" + ENDS + "to the end");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 204 None\r\nX: y\r\n\r\n",
                "HTTP/1.1 304 Same\r\nContent-Length: 5\r\n\r\n",
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Soon\r\nLink: a\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n0\r\nChecked: yes\r\n\r\n"
            })
    void knowsWhereAResponseEnds(String response) throws IOException {
        try (RawBackend backend = RawBackend.answering(response);
                Listening listening = new Listening(HTTP).to(backend.port());
                Socket client = listening.connect()) {
            for (int i = 0; i < 3; i++) {
                write(client, GET);
                assertThat(read(client, response.length())).isEqualTo(response);
            }
            assertThat(backend.connections()).isOne();
        }
    }

    @Test
    void knowsThatAResponseToHeadHasNoBody() throws IOException {
        String response = "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n";
        try (RawBackend backend = RawBackend.answering(response);
                Listening listening = new Listening(HTTP).to(backend.port());
                Socket client = listening.connect()) {
            for (int i = 0; i < 3; i++) {
                write(client, "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
                assertThat(read(client, response.length())).isEqualTo(response);
            }
        }
    }

    @Test
    void speaksTheOldVersionWithThoseThatDo() throws IOException {
        String chunked = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "3\r\nabc\r\n2\r\nde\r\n0\r\nChecked: yes\r\n\r\n";
        assertThat(exchange("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", chunked))
                .isEqualTo("HTTP/1.1 200 OK\r\n" + ENDS + "abcde");
        try (RawBackend backend = RawBackend.answering(HELLO);
                Listening listening = new Listening(HTTP).to(backend.port());
                Socket client = listening.connect()) {
            String kept = HELLO.replace("\r\n\r\n", "\r\nConnection: keep-alive\r\n\r\n");
            for (int i = 0; i < 2; i++) {
                write(client, "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
                assertThat(read(client, kept.length())).isEqualTo(kept);
            }
            write(client, "GET / HTTP/1.0\r\n\r\n");
            assertThat(readAll(client)).isEqualTo(HELLO.replace("\r\n\r\n", "\r\n" + ENDS));
        }
    }

    @Test
    void hasAClientWaitForTheBackendToWantItsBody() throws IOException {
        try (RawBackend backend = new RawBackend(client -> {
                    readHead(client.getInputStream());
                    write(client, "HTTP/1.1 100 Continue\r\n\r\n");
                    assertThat(read(client, 4)).isEqualTo("body");
                    write(client, HELLO);
                });
                Listening listening = new Listening(HTTP).to(backend.port());
                Socket client = listening.connect()) {
            write(client, "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
            assertThat(readHead(client.getInputStream())).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
            write(client, "body");
            assertThat(read(client, HELLO.length())).isEqualTo(HELLO);
        }
    }

    @Test
    void passesOnAnAnswerThatComesBeforeTheBodyAndCloses() throws IOException {
        try (RawBackend backend = new RawBackend(client -> {
                    readHead(client.getInputStream());
                    write(client, "HTTP/1.1 413 No\r\nContent-Length: 0\r\n\r\n");
                    client.getInputStream().readAllBytes();
                });
                Listening listening = new Listening(HTTP).to(backend.port());
                Socket client = listening.connect()) {
            write(client, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 400\r\n\r\n");
            assertThat(readAll(client)).isEqualTo("HTTP/1.1 413 No\r\nContent-Length: 0\r\n" + ENDS);
        }
    }

    @Test
    void passesOnMuchInBothDirections() throws Exception {
        int size = 5_000_000;
        try (RawBackend backend = new RawBackend(client -> {
                    readHead(client.getInputStream());
                    byte[] body = client.getInputStream().readNBytes(size);
                    write(client, "HTTP/1.1 200 OK\r\nContent-Length: " + size + "\r\n\r\n");
                    client.getOutputStream().write(body);
                });
                Listening listening = new Listening(HTTP).to(backend.port());
                Socket client = listening.connect()) {
            String body = "0123456789".repeat(size / 10);
            CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> {
                try {
                    write(client, "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: " + size + "\r\n\r\n" + body);
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            readHead(client.getInputStream());
            assertThat(read(client, size)).isEqualTo(body);
            sent.get(30, TimeUnit.SECONDS);
        }
    }

    /** The client reads nothing: what the backend sends fills the sockets, and little more, however much is there at once. */
    @ParameterizedTest
    @EnumSource(Mode.class)
    void readsNoMoreThanTheOtherSideTakes(Mode mode) throws Exception {
        int size = 30_000_000;
        AtomicInteger sent = new AtomicInteger();
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch begin = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        try (RawBackend backend = new RawBackend(client -> {
                    readHead(client.getInputStream());
                    asked.countDown();
                    await(begin);
                    write(client, "HTTP/1.1 200 OK\r\nContent-Length: " + size + "\r\n\r\n");
                    for (byte[] part = new byte[100_000]; sent.get() < size; sent.addAndGet(part.length)) {
                        client.getOutputStream().write(part);
                    }
                    client.getInputStream().readAllBytes();
                });
                Listening listening = new Listening(TrafficSettings.of(mode)).to(backend.port());
                Socket client = listening.connect()) {
            write(client, GET);
            asked.await();
            listening.runOnEachLoop(() -> await(go));
            begin.countDown();
            untilStill(sent);
            go.countDown();
            untilStill(sent);
            assertThat(sent.get()).isLessThan(size);
            assertThat(BuffersInUse.bytes()).isLessThan(400_000);
            readHead(client.getInputStream());
            assertThat(read(client, size)).hasSize(size);
        }
    }

    /** Were it too short, less would have been read, not more. */
    private static void untilStill(AtomicInteger number) throws InterruptedException {
        int before = -1;
        while (number.get() > before) {
            before = number.get();
            Thread.sleep(100);
        }
    }

    @Test
    void relaysWhatBothHaveAgreedToSpeak() throws Exception {
        List<String> heads = new ArrayList<>();
        CompletableFuture<String> last = new CompletableFuture<>();
        try (RawBackend backend = new RawBackend(client -> {
                    heads.add(readHead(client.getInputStream()));
                    write(client, "HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nfirst");
                    assertThat(read(client, 4)).isEqualTo("ping");
                    write(client, "pong");
                    client.shutdownOutput();
                    last.complete(readAll(client));
                });
                Listening listening = new Listening(HTTP).to(backend.port());
                Socket client = listening.connect()) {
            write(client, "GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n\r\n");
            assertThat(readHead(client.getInputStream()))
                    .isEqualTo("HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n");
            write(client, "ping");
            assertThat(readAll(client)).isEqualTo("firstpong");
            write(client, "end");
            client.shutdownOutput();
            assertThat(last.get(30, TimeUnit.SECONDS)).isEqualTo("end");
        }
        assertThat(heads.get(0)).contains("\r\nUpgrade: websocket\r\n").contains("\r\nConnection: upgrade\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "\u0016\u0003\u0001 anything"})
    void relaysWhatIsAnotherProtocol(String start) throws IOException {
        try (RawBackend backend = new RawBackend(client -> {
                    assertThat(read(client, start.length())).isEqualTo(start);
                    write(client, "anything");
                });
                Listening listening = new Listening(HTTP).to(backend.port());
                Socket client = listening.connect()) {
            for (byte b : start.getBytes(ISO_8859_1)) {
                client.getOutputStream().write(b);
            }
            assertThat(readAll(client)).isEqualTo("anything");
        }
    }

    @Test
    void asksAnotherBackendWhenOneRefuses() throws IOException {
        try (RawBackend backend = RawBackend.answering(HELLO);
                Listening listening = new Listening(HTTP).to(closedPort(), backend.port());
                Socket client = listening.connect()) {
            for (int i = 0; i < 4; i++) {
                write(client, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
                assertThat(read(client, HELLO.length())).isEqualTo(HELLO);
            }
        }
    }

    private static int closedPort() throws IOException {
        try (ServerSocket soon = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            return soon.getLocalPort();
        }
    }

    @Test
    void asksAgainWhenABackendClosesWithoutAWord() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        try (RawBackend backend = new RawBackend(client -> {
                    if (!readHead(client.getInputStream()).isEmpty() && asked.incrementAndGet() > 2) {
                        write(client, HELLO);
                    }
                });
                Listening listening = new Listening(HTTP).to(backend.port());
                Socket client = listening.connect()) {
            write(client, GET);
            assertThat(read(client, HELLO.length())).isEqualTo(HELLO);
            assertThat(asked).hasValue(3);
        }
    }

    @Test
    void asksOnceWhatCannotBeAskedTwice() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        try (RawBackend backend = new RawBackend(client -> {
                    readHead(client.getInputStream());
                    asked.incrementAndGet();
                });
                Listening listening = new Listening(HTTP).to(backend.port())) {
            assertThat(exchange(listening, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab"))
                    .startsWith("HTTP/1.1 502 Bad Gateway\r\n");
            assertThat(asked).hasValue(1);
            assertThat(listening.traffic().statistics().failed()).isOne();
        }
    }

    /** The request is there first, and while nobody looks at it, the connection that it would go to is closed. */
    @Test
    void sendsNothingOnAConnectionThatTheBackendHasClosed() throws Exception {
        String post = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n";
        CountDownLatch close = new CountDownLatch(1);
        try (RawBackend backend = new RawBackend(client -> {
                    readHead(client.getInputStream());
                    write(client, HELLO);
                    await(close);
                });
                Listening listening = new Listening(HTTP).to(backend.port());
                Socket client = listening.connect()) {
            write(client, post);
            assertThat(read(client, HELLO.length())).isEqualTo(HELLO);
            CountDownLatch go = new CountDownLatch(1);
            listening.runOnEachLoop(() -> await(go));
            write(client, post);
            close.countDown();
            while (backend.open() > 0) {
                Thread.onSpinWait();
            }
            go.countDown();
            assertThat(read(client, HELLO.length())).isEqualTo(HELLO);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void holdsWhatArrivesBeforeThereIsABackend() throws IOException {
        try (RawBackend backend = RawBackend.answering(HELLO);
                Listening listening = new Listening(HTTP);
                Socket client = listening.connect()) {
            write(client, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
            listening.to(backend.port());
            assertThat(read(client, HELLO.length())).isEqualTo(HELLO);
        }
    }

    @Test
    void refusesAfterAWhileWhatNobodyServes() throws IOException {
        try (Listening listening = new Listening(HTTP.with(new Hold(SHORT, 1)));
                Socket client = listening.connect()) {
            for (int i = 0; i < 2; i++) {
                write(client, GET);
                assertThat(readHead(client.getInputStream()))
                        .startsWith("HTTP/1.1 503 Service Unavailable\r\n")
                        .contains("\r\nRetry-After: 1\r\n");
                client.getInputStream().skipNBytes(client.getInputStream().available());
            }
            listening.to(closedPort());
            assertThat(exchange(listening, GET)).startsWith("HTTP/1.1 503 ");
        }
    }

    @Test
    void refusesAtOnceWhatIsTooMuchToHold() throws IOException {
        try (Listening listening = new Listening(HTTP.with(new Hold(Duration.ofSeconds(30), 1)));
                Socket held = listening.connect()) {
            write(held, GET);
            // Whichever of both comes first is held.
            try (Socket other = listening.connect()) {
                write(other, GET);
                CompletableFuture<Object> first = CompletableFuture.anyOf(answer(held), answer(other));
                assertThat(first.join().toString()).startsWith("HTTP/1.1 503 ");
            }
        }
    }

    private static CompletableFuture<String> answer(Socket client) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return readHead(client.getInputStream());
            } catch (IOException e) {
                return "closed";
            }
        });
    }

    @Test
    void givesUpOnWhoIsSlow() throws IOException {
        Timeouts quick = new Timeouts(SHORT, SHORT, SHORT, SHORT, SHORT, SHORT);
        try (RawBackend backend = new RawBackend(client -> {
                    String head = readHead(client.getInputStream());
                    if (head.contains("/some")) {
                        write(client, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nsome");
                    }
                    readAll(client);
                });
                Listening listening = new Listening(HTTP.with(quick)).to(backend.port())) {
            assertThat(untilClosed(listening, "")).startsWith("HTTP/1.1 408 ").contains("--proxy-mode tcp");
            assertThat(untilClosed(listening, "GET / HT")).startsWith("HTTP/1.1 408 ");
            assertThat(untilClosed(listening, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab"))
                    .startsWith("HTTP/1.1 408 ");
            assertThat(exchange(listening, GET)).startsWith("HTTP/1.1 504 ");
        }
    }

    private static String untilClosed(Listening listening, String request) throws IOException {
        try (Socket client = listening.connect()) {
            write(client, request);
            return readAll(client);
        }
    }

    @Test
    void closesAnUnusedConnectionOfAClientInTime() throws IOException {
        Timeouts normal = Timeouts.DEFAULT;
        Timeouts quick = new Timeouts(
                normal.connect(), normal.request(), normal.response(), SHORT, normal.backendKeepAlive(), normal.idle());
        try (RawBackend backend = RawBackend.answering(HELLO);
                Listening listening = new Listening(HTTP.with(quick)).to(backend.port())) {
            assertThat(untilClosed(listening, GET)).isEqualTo(HELLO);
        }
    }

    @Test
    void refusesAHeaderSectionThatIsTooLong() throws IOException {
        try (Listening listening = new Listening(HTTP.withHeaderLimit(1024))) {
            String tooLong = "GET / HTTP/1.1\r\nHost: a\r\nX: " + "x".repeat(2000);
            assertThat(untilClosed(listening, tooLong)).startsWith("HTTP/1.1 431 ");
            assertThat(untilClosed(listening, "GET / HTTP/1.1\r\nHost: a\r\n" + "X: y\r\n".repeat(150) + "\r\n"))
                    .startsWith("HTTP/1.1 431 ");
        }
    }

    @Test
    void doesNotLetARequestGoOnBehindOneThatIsRefused() throws IOException {
        try (RawBackend backend = RawBackend.answering(HELLO);
                Listening listening = new Listening(HTTP).to(backend.port())) {
            String smuggled =
                    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
                            + GET;
            assertThat(exchange(listening, smuggled))
                    .startsWith("HTTP/1.1 400 Bad Request\r\n")
                    .doesNotContain("hello");
            assertThat(backend.connections()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SSH-2.0-Open\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
                "HTTP/1.1 200 OK\nContent-Length: 0\n\n",
                "HTTP/1.1 200 OK\r\nX: y\r\n folded\r\n\r\n",
                "HTTP/1.1 101 Switching\r\n\r\n"
            })
    void refusesToPassOnWhatIsNoResponse(String response) throws IOException {
        assertThat(exchange("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", response))
                .startsWith("HTTP/1.1 502 Bad Gateway\r\n");
    }

    @Test
    void showsThatABodyWithoutALengthIsNotAll() throws IOException {
        CountDownLatch received = new CountDownLatch(1);
        try (RawBackend backend = new RawBackend(client -> {
                    readHead(client.getInputStream());
                    write(client, "HTTP/1.1 200 OK\r\n\r\npart");
                    await(received);
                    client.setSoLinger(true, 0);
                });
                Listening listening = new Listening(HTTP).to(backend.port());
                Socket client = listening.connect()) {
            write(client, GET);
            readHead(client.getInputStream());
            assertThat(read(client, 4)).isEqualTo("part");
            received.countDown();
            assertThatThrownBy(() -> client.getInputStream().read()).hasMessageContaining("reset");
        }
    }

    @Test
    void usesNoConnectionOfABackendThatSaidMoreThanItsLength() throws IOException {
        try (RawBackend backend = RawBackend.answering("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello, and more");
                Listening listening = new Listening(HTTP).to(backend.port());
                Socket client = listening.connect()) {
            for (int i = 0; i < 3; i++) {
                write(client, GET);
                assertThat(read(client, HELLO.length())).isEqualTo(HELLO);
            }
            assertThat(backend.connections()).isEqualTo(3);
        }
    }

    @Test
    void usesNoConnectionOfABackendThatSendsChunksInTheOldVersion() throws IOException {
        String response = "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
        try (RawBackend backend = RawBackend.answering(response);
                Listening listening = new Listening(HTTP).to(backend.port());
                Socket client = listening.connect()) {
            for (int i = 0; i < 2; i++) {
                write(client, GET);
                assertThat(readHead(client.getInputStream())).contains("chunked");
                assertThat(read(client, 5)).isEqualTo("0\r\n\r\n");
            }
            assertThat(backend.connections()).isEqualTo(2);
        }
    }

    @Test
    void closesAnUnusedConnectionOnWhichABackendSpeaks() throws Exception {
        Timeouts usual = Timeouts.DEFAULT;
        Timeouts patient = new Timeouts(
                usual.connect(),
                usual.request(),
                usual.response(),
                usual.keepAlive(),
                Duration.ofMinutes(5),
                usual.idle());
        CountDownLatch answered = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        try (RawBackend backend = new RawBackend(client -> {
                    readHead(client.getInputStream());
                    write(client, HELLO);
                    await(answered);
                    write(client, HELLO);
                    client.getInputStream().readAllBytes();
                    closed.countDown();
                });
                Listening listening = new Listening(HTTP.with(patient)).to(backend.port());
                Socket client = listening.connect()) {
            write(client, GET);
            read(client, HELLO.length());
            answered.countDown();
            assertThat(closed.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void takesBackendsInTurnByTheirWeights() throws IOException {
        List<RawBackend> backends = new ArrayList<>();
        for (String name : List.of("a", "b", "c")) {
            backends.add(RawBackend.answering("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n" + name));
        }
        try (RawBackend a = backends.get(0);
                RawBackend b = backends.get(1);
                RawBackend c = backends.get(2);
                Listening listening = new Listening(HTTP)) {
            listening
                    .traffic()
                    .route(List.of(
                            Listening.backend(a.port()).withWeight(5),
                            Listening.backend(b.port()),
                            Listening.backend(c.port())));
            StringBuilder order = new StringBuilder();
            for (int i = 0; i < 14; i++) { // Each on a connection, and so on an event loop, of its own.
                String answer = exchange(listening, GET);
                order.append(answer.charAt(answer.length() - 1));
            }
            assertThat(order).hasToString("aabacaaaabacaa");
        }
    }

    @Test
    void readsWhatArrivesByteByByte() throws IOException {
        try (RawBackend backend = new RawBackend(client -> {
                    while (!readHead(client.getInputStream()).isEmpty()) {
                        for (byte b : HELLO.getBytes(ISO_8859_1)) {
                            client.getOutputStream().write(b);
                        }
                    }
                });
                Listening listening = new Listening(HTTP).to(backend.port());
                Socket client = listening.connect()) {
            client.setTcpNoDelay(true);
            for (byte b : GET.repeat(3).getBytes(ISO_8859_1)) {
                client.getOutputStream().write(b);
            }
            assertThat(read(client, 3 * HELLO.length())).isEqualTo(HELLO.repeat(3));
        }
    }
}
