package dewy.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.InvalidException;
import dewy.api.process.DescriptorLease;
import dewy.api.process.ListeningAddress;
import dewy.api.process.ListeningSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PosixSocketsTest {
    private final PosixSockets sockets = new PosixSockets();

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"127.0.0.1, 127.0.0.1", "::1, ::1", "'', 127.0.0.1", "'', ::1", "localhost, 127.0.0.1"})
    void queuesConnectionsBeforeAnybodyAccepts(String host, String target) throws Exception {
        try (ListeningSocket socket = sockets.listen(new ListeningAddress(host, 0));
                Socket client = new Socket()) {
            assertThat(socket.address().port()).isPositive();
            client.connect(new InetSocketAddress(target, socket.address().port()), 5_000);
            assertThat(client.isConnected()).isTrue();
        }
    }

    @Test
    void keepsListeningThroughALeaseWhenItIsClosed() throws Exception {
        ListeningSocket socket = sockets.listen(new ListeningAddress("127.0.0.1", 0));
        int port = socket.address().port();
        try (DescriptorLease first = socket.lease();
                DescriptorLease second = socket.lease()) {
            assertThat(first.descriptor()).isNotEqualTo(second.descriptor());
            socket.close();
            first.close();
            new Socket(InetAddress.getLoopbackAddress(), port).close();
        }
        assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port))
                .hasMessageContaining("refused");
        assertThatThrownBy(socket::lease).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void refusesAPortThatSomebodyElseListensOn() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> sockets.listen(new ListeningAddress("127.0.0.1", other.getLocalPort())))
                    .isInstanceOf(InvalidException.class)
                    .hasMessageContaining("127.0.0.1:" + other.getLocalPort())
                    .hasMessageContaining("in use");
        }
    }

    @Test
    void refusesAPortThatAnotherAgentListensOn() throws Exception {
        try (ListeningSocket other = sockets.listen(new ListeningAddress("127.0.0.1", 0))) {
            assertThatThrownBy(() -> sockets.listen(other.address())).isInstanceOf(InvalidException.class);
        }
    }

    @Test
    void refusesAnAddressOfAnotherHost() {
        assertThatThrownBy(() -> sockets.listen(new ListeningAddress("192.0.2.1", 0)))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("Use an address of this host");
    }

    @Test
    void opensAWholeRange() throws Exception {
        List<ListeningSocket> open = new ArrayList<>();
        try {
            for (int i = 0; i < 256; i++) {
                open.add(sockets.listen(new ListeningAddress("127.0.0.1", 0)));
            }
            assertThat(open).extracting(socket -> socket.address().port()).doesNotHaveDuplicates();
        } finally {
            open.forEach(ListeningSocket::close);
        }
    }

    @Test
    void replacesAUnixSocketThatNobodyListensOnAndRemovesItsOwn() throws Exception {
        Path path = folder.resolve("app.sock");
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(path));
        }
        assertThat(path).exists();
        try (ListeningSocket unused = sockets.listen(new ListeningAddress(path.toString(), 0))) {
            SocketChannel.open(UnixDomainSocketAddress.of(path)).close();
        }
        assertThat(path).doesNotExist();
    }

    @Test
    void refusesAUnixSocketThatSomebodyListensOnAndAFileThatIsNone() throws Exception {
        Path path = folder.resolve("app.sock");
        try (ServerSocketChannel live = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            live.bind(UnixDomainSocketAddress.of(path));
            assertThatThrownBy(() -> sockets.listen(new ListeningAddress(path.toString(), 0)))
                    .isInstanceOf(InvalidException.class)
                    .hasMessageContaining("another process listens there");
        }
        Path file = Files.writeString(folder.resolve("data"), "precious");
        assertThatThrownBy(() -> sockets.listen(new ListeningAddress(file.toString(), 0)))
                .isInstanceOf(InvalidException.class);
        assertThat(file).hasContent("precious");
    }
}
