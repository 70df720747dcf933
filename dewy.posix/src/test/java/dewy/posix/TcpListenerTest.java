package dewy.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.InvalidException;
import dewy.api.process.DescriptorLease;
import dewy.api.process.ListeningAddress;
import dewy.api.process.ListeningSocket;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class TcpListenerTest {
    private static final int O_CLOEXEC = 02000000;

    private final PosixSockets sockets = new PosixSockets();

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1",
        "0.0.0.0, 127.0.0.1",
        "::1, ::1",
        "::, ::1",
        "'', 127.0.0.1",
        "'', ::1",
        "localhost, 127.0.0.1"
    })
    void queuesConnectionsBeforeAnybodyAccepts(String host, String target) throws Exception {
        try (ListeningSocket socket = sockets.listen(new ListeningAddress(host, 0));
                Socket client = new Socket()) {
            assertThat(socket.address().port()).isPositive();
            client.connect(new InetSocketAddress(target, socket.address().port()), 5_000);
            assertThat(client.isConnected()).isTrue();
        }
    }

    @Test
    void leavesIpv4AloneWhenAnIpv6AddressIsNamed() throws Exception {
        try (ListeningSocket six = sockets.listen(new ListeningAddress("::", 0));
                ListeningSocket four = sockets.listen(
                        new ListeningAddress("0.0.0.0", six.address().port()))) {
            assertThat(four.address().port()).isEqualTo(six.address().port());
        }
    }

    @Test
    void takesIpv4WhereThereIsNoIpv6() throws Exception {
        List<InetAddress> hosts = List.of(InetAddress.getByName("2001:db8::1"), InetAddress.getByName("0.0.0.0"));
        try (ListeningSocket socket = TcpListener.open(new ListeningAddress("", 0), hosts)) {
            connect(socket.address().port());
        }
    }

    @Test
    void queuesAThousandConnections() throws Exception {
        Requirements.linux();
        int most = setting("net/core/somaxconn");
        Requirements.setting(most > 1_100, "net.core.somaxconn is only " + most);
        List<SocketChannel> clients = new ArrayList<>();
        try (ListeningSocket socket = sockets.listen(new ListeningAddress("127.0.0.1", 0))) {
            for (int i = 0; i < 1_100; i++) {
                clients.add(SocketChannel.open(new InetSocketAddress(
                        InetAddress.getLoopbackAddress(), socket.address().port())));
            }
            assertThat(clients).hasSize(1_100).allMatch(SocketChannel::isConnected);
        } finally {
            for (SocketChannel client : clients) {
                client.close();
            }
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
            first.close();
            connect(port);
        }
        assertThatThrownBy(() -> connect(port)).isInstanceOf(ConnectException.class);
        assertThatThrownBy(socket::lease).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void keepsListeningWhenALeaseIsClosed() throws Exception {
        try (ListeningSocket socket = sockets.listen(new ListeningAddress("127.0.0.1", 0))) {
            socket.lease().close();
            connect(socket.address().port());
        }
    }

    @Test
    void leasesWhatIsClosedOnExec() throws Exception {
        Requirements.linux();
        try (ListeningSocket socket = sockets.listen(new ListeningAddress("127.0.0.1", 0));
                DescriptorLease lease = socket.lease()) {
            String flags = Files.readAllLines(Path.of("/proc/self/fdinfo/" + lease.descriptor())).stream()
                    .filter(line -> line.startsWith("flags:"))
                    .findFirst()
                    .orElseThrow()
                    .substring("flags:".length())
                    .strip();
            assertThat(Integer.parseInt(flags, 8) & O_CLOEXEC).isNotZero();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1, false",
        "127.0.0.1, 127.0.0.1, true",
        "0.0.0.0, 127.0.0.1, true",
        "127.0.0.1, '', true",
        "::, 127.0.0.1, true",
        "::1, '', false"
    })
    void refusesAPortThatSomebodyElseListensOn(String theirs, String ours, boolean reusePort) throws Exception {
        try (ServerSocketChannel other = ServerSocketChannel.open()) {
            other.setOption(StandardSocketOptions.SO_REUSEPORT, reusePort);
            other.bind(new InetSocketAddress(theirs, 0));
            int port = other.socket().getLocalPort();
            assertThatThrownBy(() -> sockets.listen(new ListeningAddress(ours, port)))
                    .isInstanceOf(InvalidException.class)
                    .hasMessageContaining("port " + port)
                    .hasMessageContaining(ours.isEmpty() ? "on all addresses is in use" : "on 127.0.0.1 is in use");
        }
    }

    @Test
    void takesAPortAgainWhoseConnectionsAreStillClosing() throws Exception {
        int port;
        try (ServerSocket before = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket client = new Socket(before.getInetAddress(), before.getLocalPort())) {
            port = before.getLocalPort();
            before.accept().close();
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
        sockets.listen(new ListeningAddress("127.0.0.1", port)).close();
    }

    @Test
    void letsALaterAgentShareThePortToTakeOver() throws Exception {
        try (ListeningSocket socket = sockets.listen(new ListeningAddress("127.0.0.1", 0));
                ServerSocketChannel later = ServerSocketChannel.open()) {
            later.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            later.bind(new InetSocketAddress(
                    InetAddress.getLoopbackAddress(), socket.address().port()));
            assertThat(later.socket().getLocalPort()).isEqualTo(socket.address().port());
        }
    }

    @Test
    void givesAPortToOneOfThoseWhoAskAtOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (int round = 0; round < 50; round++) {
                int port = freePorts(1);
                CyclicBarrier together = new CyclicBarrier(4);
                List<Future<ListeningSocket>> tries = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    tries.add(threads.submit(() -> {
                        together.await();
                        return sockets.listen(new ListeningAddress("127.0.0.1", port));
                    }));
                }
                assertThat(closeOpened(tries)).isEqualTo(1);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void opensTheLargestRange() throws Exception {
        int first = freePorts(256);
        List<ListeningSocket> open = new ArrayList<>();
        try {
            for (ListeningAddress address : ListeningAddress.parseList("127.0.0.1:" + first + "-" + (first + 255))) {
                open.add(sockets.listen(address));
            }
            assertThat(open).hasSize(256);
            connect(first);
            connect(first + 255);
        } finally {
            open.forEach(ListeningSocket::close);
        }
    }

    @Test
    void findsAnotherFreePortForEachWhoAsks() throws Exception {
        List<ListeningSocket> open = new ArrayList<>();
        try {
            for (int i = 0; i < 100; i++) {
                open.add(sockets.listen(new ListeningAddress("", 0)));
            }
            assertThat(open).extracting(socket -> socket.address().port()).doesNotHaveDuplicates();
        } finally {
            open.forEach(ListeningSocket::close);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.1", "2001:db8::1"})
    void refusesAnAddressOfAnotherHost(String host) {
        assertThatThrownBy(() -> sockets.listen(new ListeningAddress(host, 0)))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining(host + " is no address of this host");
    }

    @Test
    void refusesAHostThatNobodyKnows() {
        assertThatThrownBy(() -> sockets.listen(new ListeningAddress("no-such-host.invalid", 0)))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("no host of that name");
    }

    @Test
    void saysWhoMayListenOnALowPort() throws Exception {
        Requirements.linux();
        Requirements.setting(setting("net/ipv4/ip_unprivileged_port_start") > 1, "every port is open to everybody");
        AsNobody.run(() -> assertThatThrownBy(() -> sockets.listen(new ListeningAddress("127.0.0.1", 1)))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("port 1 is not permitted")
                .hasMessageContaining("CAP_NET_BIND_SERVICE"));
    }

    private static int closeOpened(List<Future<ListeningSocket>> tries) throws InterruptedException {
        List<ListeningSocket> opened = new ArrayList<>();
        for (Future<ListeningSocket> one : tries) {
            try {
                opened.add(one.get());
            } catch (ExecutionException e) {
                assertThat(e).hasCauseInstanceOf(InvalidException.class);
            }
        }
        opened.forEach(ListeningSocket::close);
        return opened.size();
    }

    /** These files must be read at once: their second byte is nothing to a second read. */
    private static int setting(String name) throws IOException {
        return Integer.parseInt(
                Files.readAllLines(Path.of("/proc/sys", name)).get(0).strip());
    }

    /** Returns the first of so many ports in a row to which nobody listens. */
    private static int freePorts(int count) {
        int first = 20_000 + (int) (ProcessHandle.current().pid() % 5_000);
        for (int port = first; port < first + count; port++) {
            try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                assertThat(probe.isBound()).isTrue();
            } catch (IOException e) {
                first = port + 1;
            }
        }
        return first;
    }

    private static void connect(int port) throws IOException {
        new Socket(InetAddress.getLoopbackAddress(), port).close();
    }
}
