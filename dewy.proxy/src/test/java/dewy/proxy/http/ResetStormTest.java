package dewy.proxy.http;

import static dewy.proxy.RawBackend.read;
import static dewy.proxy.RawBackend.readAll;
import static dewy.proxy.RawBackend.readHead;
import static dewy.proxy.RawBackend.write;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.proxy.ProxyStatistics.OfBackend;
import dewy.proxy.Listening;
import dewy.proxy.RawBackend;
import dewy.proxy.traffic.TrafficSettings;
import dewy.proxy.traffic.TrafficSettings.Mode;
import dewy.tck.Await;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Hundreds of connections, or thousands, that are reset at the same place, while somebody else is served. */
@Tag("long")
@Timeout(600)
@EnabledOnOs(value = OS.LINUX, disabledReason = "descriptors are counted in /proc")
class ResetStormTest {
    private static final int THREADS = 4;
    private static final int CONNECTIONS = Boolean.getBoolean("dewy.long") ? 500 : 25;
    private static final int MUCH = 200_000;
    private static final String NORMAL = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    private static final byte[] BIG =
            ("HTTP/1.1 200 OK\r\nContent-Length: " + MUCH + "\r\n\r\n" + "x".repeat(MUCH)).getBytes(ISO_8859_1);

    /** Where a client is when it resets its connection. */
    private enum ByClient {
        BEFORE_A_BYTE("", 0),
        IN_THE_HEADER_SECTION("GET / HT", 0),
        WITHOUT_AN_ANSWER("GET /silent HTTP/1.1\r\nHost: a\r\n\r\n", 0),
        IN_THE_BODY("POST /silent HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n" + "x".repeat(20_000), 0),
        IN_THE_ANSWER("GET /big HTTP/1.1\r\nHost: a\r\n\r\n", 100),
        AFTER_THE_ANSWER(NORMAL, HELLO.length()),
        BEHIND_THE_NEXT_REQUEST(NORMAL + NORMAL, HELLO.length());

        private final String sent;
        private final int received;

        ByClient(String sent, int received) {
            this.sent = sent;
            this.received = received;
        }
    }

    @ParameterizedTest
    @EnumSource(ByClient.class)
    void leavesNothingBehindWhenClientsResetTheirConnections(ByClient stage) throws Exception {
        try (RawBackend backend = new RawBackend(ResetStormTest::serve);
                Listening listening = new Listening(TrafficSettings.of(Mode.HTTP)).to(backend.port())) {
            storm(listening, backend, stage.sent, stage.received);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ByClient.class,
            names = {"BEFORE_A_BYTE", "WITHOUT_AN_ANSWER", "IN_THE_ANSWER", "AFTER_THE_ANSWER"})
    void leavesNothingBehindWhereItRelays(ByClient stage) throws Exception {
        try (RawBackend backend = new RawBackend(ResetStormTest::serve);
                Listening listening = new Listening(TrafficSettings.of(Mode.TCP)).to(backend.port())) {
            storm(listening, backend, stage.sent, stage.received);
        }
    }

    /** Where a backend is, by what it was asked. */
    @ParameterizedTest
    @CsvSource({"/reset/0", "/reset/20", "/reset/300", "/reset/100000", "/after"})
    void leavesNothingBehindWhenBackendsResetTheirs(String path) throws Exception {
        try (RawBackend backend = new RawBackend(ResetStormTest::serve);
                Listening listening = new Listening(TrafficSettings.of(Mode.HTTP)).to(backend.port())) {
            storm(listening, backend, "POST " + path + " HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", 10);
        }
    }

    /** Answers as it is asked to. */
    private static void serve(Socket client) throws IOException {
        for (String head = readHead(client.getInputStream());
                !head.isEmpty();
                head = readHead(client.getInputStream())) {
            String path = head.split(" ", 3)[1];
            if (path.equals("/silent")) {
                readAll(client);
            } else if (path.startsWith("/reset/")) {
                client.setSoLinger(true, 0);
                client.getOutputStream().write(BIG, 0, Integer.parseInt(path.substring("/reset/".length())));
                return;
            } else {
                client.getOutputStream().write(path.equals("/big") ? BIG : HELLO.getBytes(ISO_8859_1));
            }
            if (path.equals("/after")) {
                client.setSoLinger(true, 0);
                return;
            }
        }
    }

    private static void storm(Listening listening, RawBackend backend, String sent, int received) throws Exception {
        String answer = ask(listening);
        settle(listening, backend);
        long before = descriptors();
        AtomicBoolean over = new AtomicBoolean();
        CountDownLatch served = new CountDownLatch(1);
        CompletableFuture<Void> others =
                CompletableFuture.runAsync(() -> askUntil(over, listening, served), task -> new Thread(task).start());
        Await.until("somebody else to be served", () -> served.getCount() == 0 || others.isDone());
        List<CompletableFuture<Void>> clients = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            clients.add(CompletableFuture.runAsync(
                    () -> reset(listening, sent, received), task -> new Thread(task).start()));
        }
        clients.forEach(CompletableFuture::join);
        over.set(true);
        others.join();
        settle(listening, backend);
        Await.until(() -> "the " + before + " descriptors there were before", () -> descriptors() <= before);
        assertThat(ask(listening)).isEqualTo(answer);
    }

    private static void reset(Listening listening, String sent, int received) {
        for (int i = 0; i < CONNECTIONS; i++) {
            try (Socket client = listening.connect()) {
                client.setSoLinger(true, 0);
                write(client, sent);
                String unused = read(client, received);
            } catch (SocketException e) {
                assertThat(e.getMessage()).containsAnyOf("reset", "Broken pipe"); // The backend was the first.
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static void askUntil(AtomicBoolean over, Listening listening, CountDownLatch served) {
        while (!over.get()) {
            assertThat(ask(listening)).startsWith("HTTP/1.1 200 OK\r\n").endsWith("hello");
            served.countDown();
        }
    }

    private static String ask(Listening listening) {
        try (Socket client = listening.connect()) {
            write(client, NORMAL);
            return read(client, HELLO.length());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Nothing is in flight any more, and what is open to the backend serves whoever comes next. */
    private static void settle(Listening listening, RawBackend backend) {
        Await.until("nothing to be in flight", () -> active(listening) == 0);
        listening.to();
        Await.until("no connection to be open", () -> backend.open() == 0);
        listening.to(backend.port());
    }

    private static long active(Listening listening) {
        return listening.traffic().statistics().backends().stream()
                .mapToLong(OfBackend::active)
                .sum();
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.count();
        }
    }
}
