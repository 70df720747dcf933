package dewy.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.InvalidException;
import dewy.api.process.DescriptorLease;
import dewy.api.process.ListeningAddress;
import dewy.api.process.ListeningSocket;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class UnixListenerTest {
    private final PosixSockets sockets = new PosixSockets();

    @TempDir
    Path folder;

    @Test
    void queuesConnectionsAndRemovesItsFileWhenItIsClosed() throws Exception {
        try (ListeningSocket socket = sockets.listen(address("app.sock"))) {
            assertThat(socket.address()).isEqualTo(address("app.sock"));
            connect("app.sock");
        }
        assertThat(path("app.sock")).doesNotExist();
    }

    @Test
    void replacesASocketThatNobodyListensOn() throws Exception {
        try (ServerSocketChannel dead = live("app.sock")) {
            assertThat(dead.isOpen()).isTrue();
        }
        assertThat(path("app.sock")).exists();
        try (ListeningSocket socket = sockets.listen(address("app.sock"))) {
            assertThat(socket.address().isUnix()).isTrue();
            connect("app.sock");
        }
    }

    @Test
    void refusesASocketThatSomebodyListensOn() throws Exception {
        try (ServerSocketChannel other = live("app.sock")) {
            assertRefused("app.sock", "another process listens there");
            connect("app.sock");
            assertThat(other.isOpen()).isTrue();
        }
    }

    @Test
    void refusesASocketWhoseOwnerIsTooBusyToAnswer() throws Exception {
        List<SocketChannel> waiting = new ArrayList<>();
        try (ServerSocketChannel busy = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            busy.bind(UnixDomainSocketAddress.of(path("app.sock")), 1);
            while (enqueue(waiting)) {
                assertThat(waiting).hasSizeLessThan(100);
            }
            assertRefused("app.sock", "another process listens there");
            assertThat(path("app.sock")).exists();
        } finally {
            for (SocketChannel channel : waiting) {
                channel.close();
            }
        }
    }

    @Test
    void refusesASocketThatKeepsUsOut() throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        try (ServerSocketChannel other = live("app.sock")) {
            Files.setPosixFilePermissions(path("app.sock"), PosixFilePermissions.fromString("rwx------"));
            AsNobody.run(() -> {
                assertRefused("app.sock", "another process listens there");
                return other;
            });
            connect("app.sock");
        }
    }

    @Test
    void leavesTheFileToWhoeverListensThereNext() throws Exception {
        try (ListeningSocket old = sockets.listen(address("app.sock"))) {
            Files.delete(path("app.sock"));
            try (ServerSocketChannel next = live("app.sock")) {
                old.close();
                assertThat(path("app.sock")).exists();
                connect("app.sock");
                assertThat(next.isOpen()).isTrue();
            }
        }
    }

    @Test
    void keepsListeningThroughALease() throws Exception {
        ListeningSocket socket = sockets.listen(address("app.sock"));
        Files.createLink(path("other name"), path("app.sock"));
        try (DescriptorLease lease = socket.lease()) {
            socket.close();
            assertThat(lease.descriptor()).isPositive();
            connect("other name");
        }
        assertThatThrownBy(() -> connect("other name")).isInstanceOf(IOException.class);
    }

    @Test
    void touchesNothingThatIsNoSocket() throws Exception {
        Files.writeString(path("data"), "precious");
        Files.createDirectory(path("folder"));
        Files.createSymbolicLink(path("link"), path("data"));
        for (String name : List.of("data", "folder", "link")) {
            assertRefused(name, "a file that is no socket");
        }
        assertThat(path("data")).hasContent("precious");
        assertThat(path("folder")).isDirectory();
        assertThat(path("link")).isSymbolicLink();
    }

    @Test
    void refusesAPathThatCannotBe() {
        assertRefused("no/such/folder.sock", "its folder does not exist");
        assertRefused("x".repeat(108), "the system allows");
    }

    @Test
    void saysWhenTheFolderMayNotBeWritten() throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        AsNobody.run(() -> {
            assertRefused("app.sock", "may not be written");
            return folder;
        });
    }

    private void assertRefused(String name, String why) {
        assertThatThrownBy(() -> sockets.listen(address(name)))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining(name)
                .hasMessageContaining(why);
    }

    private boolean enqueue(List<SocketChannel> waiting) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        waiting.add(channel);
        channel.configureBlocking(false);
        try {
            return channel.connect(UnixDomainSocketAddress.of(path("app.sock")));
        } catch (IOException e) {
            return false;
        }
    }

    private ServerSocketChannel live(String name) throws IOException {
        return ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(path(name)));
    }

    private void connect(String name) throws IOException {
        SocketChannel.open(UnixDomainSocketAddress.of(path(name))).close();
    }

    private ListeningAddress address(String name) {
        return new ListeningAddress(path(name).toString(), 0);
    }

    private Path path(String name) {
        return folder.resolve(name);
    }
}
