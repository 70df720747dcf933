package dewy.proxy.http;

import static dewy.proxy.RawBackend.readHead;
import static dewy.proxy.RawBackend.write;
import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.proxy.ProxyStatistics.OfBackend;
import dewy.proxy.Listening;
import dewy.proxy.RawBackend;
import dewy.proxy.traffic.TrafficSettings;
import dewy.proxy.traffic.TrafficSettings.Mode;
import dewy.proxy.traffic.TrafficSettings.Timeouts;
import dewy.tck.Await;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clients and backends that break off wherever they are. */
class ChaosTest {
    private static final String BODY = "x".repeat(300_000);
    private static final String[] REQUESTS = {
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 300000\r\n\r\n" + BODY,
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\nafter",
        "GET / HTTP/1.0\r\n\r\n",
        "no request\r\n\r\n",
        "\26\3\1 something"
    };
    private static final String[] RESPONSES = {
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n" + BODY,
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\nto the end",
        "HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nmore",
        "no response\r\n\r\n"
    };

    /** After each byte of the response, the client gets all of it, or can see that it does not. */
    @ParameterizedTest
    @CsvSource({"false, Content-Length: 9", "true, Content-Length: 9", "false, Transfer-Encoding: chunked", "true,"})
    void showsThatAResponseIsNotAll(boolean isReset, @Nullable String framing) throws IOException {
        String response = "HTTP/1.1 200 OK\r\n" + (framing == null ? "" : framing + "\r\n") + "\r\n4\r\nhell\r\n";
        AtomicInteger length = new AtomicInteger();
        try (RawBackend backend = new RawBackend(client -> {
                    if (!readHead(client.getInputStream()).isEmpty()) {
                        write(client, response.substring(0, length.get()));
                        client.setSoLinger(isReset, 0);
                    }
                });
                Listening listening = new Listening(TrafficSettings.of(Mode.HTTP)).to(backend.port())) {
            for (int i = 1; i <= response.length() - 1; i++) {
                length.set(i);
                StringBuilder answer = new StringBuilder();
                boolean isWhole = readUntilReset(listening, answer);
                assertThat(isWhole).as("%d bytes: %s", i, answer).isEqualTo(answer.indexOf("HTTP/1.1 502 ") == 0);
            }
        }
    }

    /** Returns whether the connection was closed as it should be. */
    private static boolean readUntilReset(Listening listening, StringBuilder answer) throws IOException {
        try (Socket client = listening.connect()) {
            write(client, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            for (int c = client.getInputStream().read();
                    c >= 0;
                    c = client.getInputStream().read()) {
                answer.append((char) c);
            }
            return true;
        } catch (SocketException e) {
            assertThat(e).hasMessageContaining("reset");
            return false;
        }
    }

    @Test
    @Tag("long")
    @Timeout(600)
    @EnabledOnOs(value = OS.LINUX, disabledReason = "descriptors are counted in /proc")
    void leavesNothingBehind() throws Exception {
        long seed = Long.getLong("dewy.test.seed", 1);
        System.out.println("-Ddewy.test.seed=" + seed);
        Duration quick = Duration.ofMillis(200);
        TrafficSettings settings =
                TrafficSettings.of(Mode.HTTP).with(new Timeouts(quick, quick, quick, quick, quick, quick));
        int rounds = Boolean.getBoolean("dewy.long") ? 5_000 : 150;
        try (RawBackend backend = new RawBackend(client -> answerSomehow(client, new Random(seed + client.getPort())));
                Listening listening = new Listening(settings).to(backend.port())) {
            for (int i = 0; i < 10; i++) { // What is opened once and for all is open then.
                ask(listening, new Random(seed + i));
            }
            settle(listening, backend);
            long before = descriptors();
            ExecutorService clients = Executors.newFixedThreadPool(16);
            List<Future<?>> asked = new ArrayList<>();
            for (int i = 0; i < rounds; i++) {
                Random random = new Random(seed * rounds + i);
                asked.add(clients.submit(() -> ask(listening, random)));
            }
            for (Future<?> one : asked) {
                one.get();
            }
            clients.shutdown();
            settle(listening, backend);
            Await.until("the descriptors there were before", () -> descriptors() <= before);
        }
    }

    /** Nothing is in flight any more, and no connection is open. */
    private static void settle(Listening listening, RawBackend backend) {
        Await.until("nothing to be in flight", () -> active(listening) == 0);
        Await.until("no connection to be open", () -> backend.open() == 0);
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

    private static void ask(Listening listening, Random random) {
        try (Socket client = listening.connect()) {
            sendSomehow(client, REQUESTS[random.nextInt(REQUESTS.length)], random);
            int wanted = random.nextInt(3) * 100;
            client.setSoTimeout(100);
            client.getInputStream().readNBytes(wanted);
        } catch (IOException e) {
            assertThat(e.getMessage()).containsAnyOf("reset", "Broken pipe", "timed out", "closed");
        }
    }

    private static void answerSomehow(Socket client, Random random) throws IOException {
        while (!readHead(client.getInputStream()).isEmpty() && random.nextInt(4) > 0) {
            sendSomehow(client, RESPONSES[random.nextInt(RESPONSES.length)], random);
            if (client.isClosed() || client.isOutputShutdown()) {
                return;
            }
        }
    }

    /** Sends all of it, or a part, and then nothing, or closes, or resets. */
    private static void sendSomehow(Socket socket, String text, Random random) throws IOException {
        boolean all = random.nextBoolean();
        write(socket, all ? text : text.substring(0, random.nextInt(text.length())));
        switch (random.nextInt(4)) {
            case 0 -> socket.shutdownOutput();
            case 1 -> {
                socket.setSoLinger(true, 0);
                socket.close();
            }
            default -> {}
        }
    }
}
