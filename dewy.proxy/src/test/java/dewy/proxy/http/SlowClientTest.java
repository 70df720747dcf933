package dewy.proxy.http;

import static dewy.proxy.RawBackend.read;
import static dewy.proxy.RawBackend.readAll;
import static dewy.proxy.RawBackend.readHead;
import static dewy.proxy.RawBackend.write;
import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.proxy.ProxyStatistics.OfBackend;
import dewy.proxy.Listening;
import dewy.proxy.RawBackend;
import dewy.proxy.traffic.BuffersInUse;
import dewy.proxy.traffic.TrafficSettings;
import dewy.proxy.traffic.TrafficSettings.Mode;
import dewy.proxy.traffic.TrafficSettings.Timeouts;
import dewy.tck.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that send a byte every so often, or take one, so that there is never nothing for long. */
@Timeout(60)
class SlowClientTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String POST = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n";
    private static final String HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    private static final Duration SHORT = Duration.ofMillis(100);
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final int BETWEEN_BYTES = 10;
    private static final int LITTLE = 32 << 10;

    private static TrafficSettings settings(Duration request, Duration response, Duration keepAlive, Duration idle) {
        return TrafficSettings.of(Mode.HTTP).with(new Timeouts(LONG, request, response, keepAlive, LONG, idle));
    }

    /** Sends byte after byte until the proxy takes none any more, of which nothing is reported. */
    private static void drip(Socket client, String text) {
        CompletableFuture<Void> unused = CompletableFuture.runAsync(() -> {
            try {
                client.setTcpNoDelay(true);
                for (int i = 0; ; i++) {
                    client.getOutputStream().write(text.charAt(i % text.length()));
                    TimeUnit.MILLISECONDS.sleep(BETWEEN_BYTES);
                }
            } catch (IOException e) {
                // It was closed.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** A second request has as much time as the first one. */
    @ParameterizedTest
    @ValueSource(strings = {"", GET})
    void haveAllOfAHeaderSectionThereInTime(String before) throws IOException {
        try (RawBackend backend = RawBackend.answering(HELLO);
                Listening listening = new Listening(settings(SHORT, LONG, LONG, LONG)).to(backend.port());
                Socket slow = listening.connect();
                Socket other = listening.connect()) {
            write(slow, before);
            assertThat(read(slow, before.isEmpty() ? 0 : HELLO.length())).isEqualTo(before.isEmpty() ? "" : HELLO);
            write(slow, "GET / HTTP/1.1\r\n");
            drip(slow, "A: b\r\n");
            write(other, GET);
            assertThat(read(other, HELLO.length())).isEqualTo(HELLO);
            assertThat(readHead(slow.getInputStream())).startsWith("HTTP/1.1 408 ");
        }
    }

    /** What they send besides is no matter of the request that is with a backend. */
    @Test
    void doNotKeepABackendFromHavingToAnswerInTime() throws IOException {
        try (RawBackend backend = new RawBackend(client -> {
                    readHead(client.getInputStream());
                    readAll(client);
                });
                Listening listening = new Listening(settings(LONG, SHORT, LONG, LONG)).to(backend.port());
                Socket slow = listening.connect()) {
            write(slow, POST + "ab");
            drip(slow, GET);
            assertThat(readHead(slow.getInputStream())).startsWith("HTTP/1.1 504 ");
        }
    }

    /** As long as something of a body arrives, it is on its way; after that, everything is given back. */
    @Test
    void mayTakeTheirTimeForABodyAsLongAsSomethingArrives() throws IOException {
        try (RawBackend backend = new RawBackend(client -> {
                    readHead(client.getInputStream());
                    readAll(client);
                });
                Listening listening = new Listening(settings(LONG, LONG, LONG, SHORT)).to(backend.port());
                Socket slow = listening.connect()) {
            String head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10000\r\n\r\n";
            write(slow, head);
            drip(slow, "b");
            for (int i = 0; i < 3; i++) { // By then, it has taken longer than any of them may.
                try (Socket slower = listening.connect()) {
                    write(slower, head + "a");
                    assertThat(readHead(slower.getInputStream())).startsWith("HTTP/1.1 408 ");
                }
                assertThat(active(listening)).isOne();
            }
            slow.close();
            Await.until("nothing to be in flight", () -> active(listening) == 0 && backend.open() == 0);
        }
    }

    /** The answer is in the memory of the proxy, and the connection to the backend is used by others already. */
    @Test
    void getTheEndOfAnAnswerHoweverLateTheyReadIt() throws Exception {
        int length = 90_000;
        try (RawBackend backend = RawBackend.answering(answer(length));
                Listening listening = Listening.sending(LITTLE, settings(SHORT, LONG, SHORT, LONG))
                        .to(backend.port());
                Socket slow = receivingLittle(listening)) {
            write(slow, GET);
            Await.until(
                    "the answer of the backend",
                    () -> listening.traffic().statistics().requests() == 1);
            try (Socket unused = listening.connect()) { // When this is closed, the time for another request is over.
                write(unused, GET);
                readAll(unused);
            }
            readHead(slow.getInputStream());
            assertThat(read(slow, length)).hasSize(length);
        }
    }

    /** Each of them asks for little, and gets much. */
    @Test
    void doNotFillTheMemoryWithAnswersThatTheyDoNotRead() throws Exception {
        int length = 50_000;
        int requests = 100;
        try (RawBackend backend = RawBackend.answering(answer(length));
                Listening listening = Listening.sending(LITTLE, settings(LONG, LONG, LONG, LONG))
                        .to(backend.port());
                Socket slow = listening.connect()) {
            write(slow, GET.repeat(requests));
            awaitStill(listening);
            assertThat(BuffersInUse.bytes()).isLessThan(600_000);
            for (int i = 0; i < requests; i++) {
                readHead(slow.getInputStream());
                assertThat(read(slow, length)).hasSize(length);
            }
        }
    }

    /** Were it too short, less would have been read, not more. */
    private static void awaitStill(Listening listening) throws InterruptedException {
        long before = -1;
        for (long now = 0;
                now > before || now == 0;
                now = listening.traffic().statistics().requests()) {
            before = now;
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    @Test
    void areGivenUpWhenTheyTakeTooLittleOfAnAnswer() throws Exception {
        try (RawBackend backend = new RawBackend(client -> {
                    readHead(client.getInputStream());
                    write(client, answer(1_000_000));
                });
                Listening listening = Listening.sending(LITTLE, settings(LONG, LONG, LONG, SHORT))
                        .to(backend.port());
                Socket slow = receivingLittle(listening)) {
            write(slow, GET);
            do {
                assertThat(slow.getInputStream().read()).isNotNegative();
                TimeUnit.MILLISECONDS.sleep(BETWEEN_BYTES);
            } while (active(listening) > 0);
            Await.until("no connection to be open", () -> backend.open() == 0);
        }
    }

    private static String answer(int length) {
        return "HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n" + "x".repeat(length);
    }

    /** Connects so that the system keeps little of what was not read. */
    private static Socket receivingLittle(Listening listening) throws IOException {
        Socket client = new Socket();
        client.setReceiveBufferSize(4096);
        client.setSoTimeout(30_000);
        client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), listening.port()));
        return client;
    }

    private static long active(Listening listening) {
        return listening.traffic().statistics().backends().stream()
                .mapToLong(OfBackend::active)
                .sum();
    }
}
