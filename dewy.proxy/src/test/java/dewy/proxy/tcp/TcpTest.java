package dewy.proxy.tcp;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dewy.proxy.Listening;
import dewy.proxy.traffic.TrafficSettings;
import dewy.proxy.traffic.TrafficSettings.Hold;
import dewy.proxy.traffic.TrafficSettings.Mode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TcpTest {
    private static final TrafficSettings TCP = TrafficSettings.of(Mode.TCP);

    private ServerSocket backend;

    @BeforeEach
    void listen() throws IOException {
        backend = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void close() throws IOException {
        backend.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void endsEachDirectionByItself(boolean isNative) throws Exception {
        byte[] much = new byte[3_000_000];
        new Random(1).nextBytes(much);
        try (Listening listening = new Listening(TCP, isNative).to(backend.getLocalPort());
                Socket client = listening.connect()) {
            CompletableFuture<byte[]> received = CompletableFuture.supplyAsync(() -> receiveAllThenSend(much));
            client.getOutputStream().write("one".getBytes(US_ASCII));
            client.shutdownOutput();
            assertThat(client.getInputStream().readAllBytes()).isEqualTo(much);
            assertThat(received.get()).asString().isEqualTo("one");
        }
    }

    /** The backend has gone, and what it said is still on its way when the client begins to read. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void losesNothingThatWasSentBeforeTheEnd(boolean isNative) throws Exception {
        byte[] much = new byte[4_000_000];
        new Random(2).nextBytes(much);
        try (Listening listening = new Listening(TCP, isNative).to(backend.getLocalPort());
                Socket client = listening.connect()) {
            CompletableFuture<byte[]> received = CompletableFuture.supplyAsync(() -> receiveAllThenSend(much));
            client.shutdownOutput();
            received.get();
            assertThat(client.getInputStream().readAllBytes()).isEqualTo(much);
        }
    }

    private byte[] receiveAllThenSend(byte[] bytes) {
        try (Socket socket = backend.accept()) {
            byte[] received = socket.getInputStream().readAllBytes();
            socket.getOutputStream().write(bytes);
            return received;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void goesToAnotherBackendWhenOneRefuses() throws Exception {
        int closed;
        try (ServerSocket soon = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            closed = soon.getLocalPort();
        }
        try (Listening listening = new Listening(TCP).to(closed, backend.getLocalPort());
                Socket client = listening.connect()) {
            CompletableFuture<byte[]> received = CompletableFuture.supplyAsync(() -> receiveAllThenSend(new byte[1]));
            client.shutdownOutput();
            assertThat(client.getInputStream().readAllBytes()).hasSize(1);
            assertThat(received.get()).isEmpty();
        }
    }

    @Test
    void holdsAConnectionUntilThereIsABackend() throws IOException, ExecutionException, InterruptedException {
        try (Listening listening = new Listening(TCP);
                Socket client = listening.connect()) {
            client.getOutputStream().write("early".getBytes(US_ASCII));
            client.shutdownOutput();
            CompletableFuture<byte[]> received = CompletableFuture.supplyAsync(() -> receiveAllThenSend(new byte[1]));
            listening.to(backend.getLocalPort());
            assertThat(client.getInputStream().readAllBytes()).hasSize(1);
            assertThat(received.get()).asString().isEqualTo("early");
        }
    }

    @Test
    @Timeout(20)
    void letsAClientGoThatIsResetWhileItIsHeld() throws Exception {
        TrafficSettings patient = TCP.with(new Hold(Duration.ofHours(1), 10));
        try (Listening listening = new Listening(patient)) {
            Socket client = listening.connect();
            client.getOutputStream().write(1);
            client.setSoLinger(true, 0);
            client.close();
            while (listening.traffic().statistics().failed() == 0) {
                Thread.sleep(2);
            }
        }
    }

    /** The system does not read on behind it by itself. */
    @Test
    void passesWhatIsBehindUrgentData() throws Exception {
        try (Listening listening = new Listening(TCP);
                Socket client = listening.connect()) {
            client.getOutputStream().write("before".getBytes(US_ASCII));
            client.sendUrgentData('!');
            client.getOutputStream().write("behind".getBytes(US_ASCII));
            listening.to(backend.getLocalPort());
            try (Socket server = backend.accept()) {
                server.setSoTimeout(20_000);
                assertThat(server.getInputStream().readNBytes(12)).asString().isEqualTo("beforebehind");
            }
        }
    }
}
