package dewy.proxy.traffic;

import static dewy.proxy.RawBackend.read;
import static dewy.proxy.RawBackend.readAll;
import static dewy.proxy.RawBackend.readHead;
import static dewy.proxy.RawBackend.write;
import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.proxy.ProxyStatistics.Transfer;
import dewy.proxy.Listening;
import dewy.proxy.RawBackend;
import dewy.proxy.traffic.TrafficSettings.Mode;
import dewy.tck.Await;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is told of how much passed, and for how long. */
class TransferTest {
    private static final TrafficSettings HTTP = TrafficSettings.of(Mode.HTTP);
    private static final String POST = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody";
    private static final String HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

    private final AtomicInteger received = new AtomicInteger();

    @Test
    void isWhatBackendsGotAndClientsGotFromThem() throws Exception {
        try (RawBackend backend = new RawBackend(client -> {
                    for (String head = readHead(client.getInputStream()); !head.isEmpty(); ) {
                        received.addAndGet(head.length() + read(client, 4).length());
                        write(client, HELLO);
                        head = readHead(client.getInputStream());
                    }
                });
                Listening listening = new Listening(HTTP).to(backend.port());
                Socket client = listening.connect()) {
            for (int request = 1; request <= 3; request++) {
                write(client, POST);
                assertThat(read(client, HELLO.length())).isEqualTo(HELLO);
                awaitTransfer(listening, received.get() + request * HELLO.length(), request);
            }
        }
    }

    @Test
    void hasAnswersOfTheProxyItselfTakeTheirTime() throws Exception {
        try (Listening listening = new Listening(HTTP);
                Socket client = listening.connect()) {
            write(client, "GARBAGE\r\n\r\n");
            assertThat(readAll(client)).startsWith("HTTP/1.1 400 ");
            awaitTransfer(listening, 0, 1);
        }
    }

    @Test
    void goesOnWhereBothAgreedOnAnotherProtocol() throws Exception {
        String switching = "HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n";
        try (RawBackend backend = new RawBackend(client -> {
                    received.addAndGet(readHead(client.getInputStream()).length());
                    write(client, switching);
                    assertThat(read(client, 4)).isEqualTo("ping");
                    write(client, "pong!");
                });
                Listening listening = new Listening(HTTP).to(backend.port());
                Socket client = listening.connect()) {
            write(client, "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
            assertThat(readHead(client.getInputStream())).isEqualTo(switching);
            awaitTransfer(listening, received.get() + switching.length(), 0);
            write(client, "ping");
            assertThat(readAll(client)).isEqualTo("pong!");
            client.close();
            awaitTransfer(listening, received.get() + switching.length() + 9, 1);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void isToldOfAConnectionThatIsOpenYet(boolean kept) throws Exception {
        try (RawBackend backend = new RawBackend(client -> {
                    assertThat(read(client, 5)).isEqualTo("abcde");
                    write(client, "answer");
                    assertThat(read(client, 3)).isEqualTo("end");
                });
                Listening listening = new Listening(TrafficSettings.of(Mode.TCP));
                Socket client = listening.connect()) {
            if (kept) { // It is there before a backend is.
                write(client, "abcde");
                Await.until(
                        "the connection", () -> listening.traffic().backends().held() == 1);
            }
            listening.to(backend.port());
            if (!kept) {
                write(client, "abcde");
            }
            assertThat(read(client, 6)).isEqualTo("answer");
            awaitTransfer(listening, 11, 0);
            write(client, "end");
            assertThat(readAll(client)).isEmpty();
            client.close();
            awaitTransfer(listening, 14, 1);
        }
    }

    private static void awaitTransfer(Listening listening, long bytes, long over) {
        Await.until(bytes + " bytes, " + over + " over", () -> {
            Transfer now = listening.traffic().statistics().transfer().orElseThrow();
            return now.bytes() == bytes && now.durations().count() == over;
        });
    }
}
