package dewy.proxy.tcp;

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
import dewy.proxy.traffic.Channels;
import dewy.proxy.traffic.Traffic;
import dewy.proxy.traffic.TrafficSettings;
import dewy.proxy.traffic.TrafficSettings.Announced;
import dewy.proxy.traffic.TrafficSettings.Mode;
import dewy.proxy.traffic.TrafficSettings.Timeouts;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyProtocolTest {
    private static final TrafficSettings BY_CLIENTS =
            TrafficSettings.of(Mode.HTTP).with(new Announced(true, false));
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String SIGNATURE = "\r\n\r\n\0\r\nQUIT\n";
    private static final int BYTE_BY_BYTE = 1;
    private static final int AT_ONCE = 1000;

    /** A backend that tells what it was asked. */
    private static RawBackend telling() throws IOException {
        return new RawBackend(client -> {
            String head = readHead(client.getInputStream());
            write(client, "HTTP/1.1 200 OK\r\nContent-Length: " + head.length() + "\r\n\r\n" + head);
        });
    }

    private static void send(Socket client, String text, int step) throws IOException {
        for (int i = 0; i < text.length(); i += step) {
            write(client, text.substring(i, Math.min(text.length(), i + step)));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "PROXY TCP4 192.0.2.7 127.0.0.1 1234 80\\r\\n, 192.0.2.7",
        "PROXY TCP6 2001:db8::7 ::1 1234 80\\r\\n, 2001:db8:0:0:0:0:0:7",
        "PROXY UNKNOWN anything\\r\\n, 127.0.0.1",
        "SIGNATURE\\41\\21\\0\\14\\300\\0\\2\\7\\177\\0\\0\\1\\4\\322\\0\\120, 192.0.2.7",
        "SIGNATURE\\41\\21\\0\\17\\300\\0\\2\\7\\177\\0\\0\\1\\4\\322\\0\\120\\1\\0\\0, 192.0.2.7",
        "SIGNATURE\\40\\0\\0\\0, 127.0.0.1",
    })
    void readsWhoseConnectionItIs(String header, String client) throws IOException {
        String text = header.translateEscapes().replace("SIGNATURE", SIGNATURE);
        for (int step : new int[] {BYTE_BY_BYTE, AT_ONCE}) {
            try (RawBackend backend = telling();
                    Listening listening = new Listening(BY_CLIENTS).to(backend.port());
                    Socket socket = listening.connect()) {
                socket.setTcpNoDelay(true);
                send(socket, text + GET, step);
                readHead(socket.getInputStream());
                assertThat(readHead(socket.getInputStream())).contains("\r\nX-Forwarded-For: " + client + "\r\n");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                GET,
                "PROXY TCP4 a.example 127.0.0.1 1234 80\r\n",
                "PROXY TCP4 192.0.2.7\r\n",
                "PROXY TCP4 192.0.2.7 127.0.0.1 1234 80\n",
                "PROXY UNKNOWN 1234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901",
                SIGNATURE + "\61\21\0\14",
                SIGNATURE + "\41\21\0\1a",
            })
    void closesAConnectionThatBeginsOtherwise(String header) throws IOException {
        try (Listening listening = new Listening(BY_CLIENTS);
                Socket socket = listening.connect()) {
            write(socket, header + " ".repeat(20));
            assertThat(readAll(socket)).isEmpty();
        } catch (SocketException e) {
            assertThat(e).hasMessageContaining("reset"); // Something was left that nobody has read.
        }
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void tellsTheBackendWhoseConnectionItIs(Mode mode) throws IOException {
        TrafficSettings settings = TrafficSettings.of(mode).with(new Announced(true, true));
        int length = SIGNATURE.length() + 4 + 12;
        try (RawBackend backend = new RawBackend(client -> {
                    String header = read(client, length);
                    readHead(client.getInputStream());
                    write(client, "HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n" + header);
                    client.getInputStream().readAllBytes();
                });
                Listening listening = new Listening(settings).to(backend.port())) {
            for (String client : new String[] {"192.0.2.7", "192.0.2.8", "192.0.2.7", "192.0.2.8"}) {
                try (Socket socket = listening.connect()) {
                    write(socket, "PROXY TCP4 " + client + " 127.0.0.1 1234 80\r\n" + GET);
                    readHead(socket.getInputStream());
                    byte[] header = read(socket, length).getBytes(ISO_8859_1);
                    assertThat(header).startsWith((SIGNATURE + "\41\21\0\14").getBytes(ISO_8859_1));
                    assertThat(header[16 + 3]).isEqualTo(client.endsWith("7") ? (byte) 7 : 8);
                }
            }
            assertThat(backend.connections()).isEqualTo(4);
        }
    }

    /** There is never nothing for long. */
    @Test
    void closesAConnectionThatDoesNotSayInTime() throws Exception {
        Timeouts usual = Timeouts.DEFAULT;
        Timeouts quick = new Timeouts(
                usual.connect(),
                Duration.ofMillis(100),
                usual.response(),
                usual.keepAlive(),
                usual.backendKeepAlive(),
                usual.idle());
        try (Listening listening = new Listening(BY_CLIENTS.with(quick));
                Socket silent = listening.connect();
                Socket slow = listening.connect()) {
            write(silent, "PROXY TCP4 ");
            assertThat(readAll(silent)).isEmpty();
            assertThatThrownBy(() -> drip(slow, "PROXY UNKNOWN and what nobody has to read"))
                    .isInstanceOf(SocketException.class);
        }
    }

    private static void drip(Socket client, String text) throws Exception {
        client.setTcpNoDelay(true);
        for (byte b : text.getBytes(ISO_8859_1)) {
            client.getOutputStream().write(b);
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    @Test
    void readsTheLongestHeaderHoweverManyPartsItHas() {
        Traffic traffic = new Traffic(BY_CLIENTS);
        EmbeddedChannel client = new EmbeddedChannel();
        AtomicBoolean begun = new AtomicBoolean();
        ProxyProtocol.begin(traffic, client, channel -> begun.set(true));
        byte[] header = (SIGNATURE + "\41\21\377\377" + "\1".repeat(0xffff)).getBytes(ISO_8859_1);
        int parts = 5_000;
        for (int i = 0; i < parts; i++) {
            client.writeInbound(Channels.ALLOCATOR.directBuffer(1).writeByte(header[i]));
        }
        assertThat(begun).isFalse();
        client.writeInbound(Channels.ALLOCATOR.directBuffer().writeBytes(header, parts, header.length - parts));
        assertThat(begun).isTrue();
        assertThat(client.finish()).isFalse();
        assertThat(BuffersInUse.bytes()).isZero();
    }
}
