package dewy.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.DewyException;
import dewy.api.Registration;
import dewy.api.process.Inheritable;
import dewy.api.process.ListeningAddress;
import dewy.api.process.ListeningSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedSocketTest {
    @TempDir
    Path folder;

    @Test
    void listensUntilTheLastOneIsClosed() throws Exception {
        ListeningSocket first = new PosixSockets().listen(new ListeningAddress("127.0.0.1", 0));
        ListeningSocket second = first.duplicate();
        assertThat(second.address()).isEqualTo(first.address());
        assertThat(second.reference()).isEqualTo(first.reference());
        first.close();
        new Socket(InetAddress.getLoopbackAddress(), second.address().port()).close();
        second.close();
        assertThatThrownBy(() -> new Socket(
                                InetAddress.getLoopbackAddress(),
                                second.address().port())
                        .close())
                .isInstanceOf(IOException.class);
        assertThatThrownBy(second::duplicate).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void hasItsPathUntilTheLastOneIsClosed() throws Exception {
        Path path = folder.resolve("socket");
        ListeningSocket first = new PosixSockets().listen(new ListeningAddress(path.toString(), 0));
        ListeningSocket second = first.duplicate();
        second.close();
        SocketChannel.open(UnixDomainSocketAddress.of(path)).close();
        first.close();
        assertThat(path).doesNotExist();
    }

    /** It was passed to somebody for whom it must not block. */
    @Test
    void isLeftToWhoListensThereNextAsIfItWereNew() throws Exception {
        PosixSockets sockets = new PosixSockets();
        OpenSocket first = (OpenSocket) sockets.listen(new ListeningAddress("127.0.0.1", 0));
        assertThat(first.use(descriptor -> unblock(descriptor))).isTrue();
        ListeningSocket shared = first.duplicate();
        try (Registration open = sockets.keepOpen()) {
            first.close();
            shared.close();
            new Socket(InetAddress.getLoopbackAddress(), first.address().port()).close();
            OpenSocket next = (OpenSocket) sockets.listen(first.address());
            open.close();
            assertThat(next.reference()).isEqualTo(first.reference());
            assertThat(next.use(descriptor -> assertThat(
                                    CLibrary.fcntl(descriptor, Constants.F_GETFL, 0) & Constants.O_NONBLOCK)
                            .isZero()))
                    .isTrue();
            next.close();
        }
        assertThatThrownBy(() -> connect(first)).isInstanceOf(IOException.class);
    }

    @Test
    void isClosedWhereNobodyListensThereNext() throws Exception {
        PosixSockets sockets = new PosixSockets();
        ListeningSocket socket = sockets.listen(new ListeningAddress("127.0.0.1", 0));
        try (Registration open = sockets.keepOpen();
                Registration other = sockets.keepOpen()) {
            socket.close();
            other.close();
            connect(socket);
        }
        assertThatThrownBy(() -> connect(socket)).isInstanceOf(IOException.class);
    }

    private static void connect(ListeningSocket to) throws IOException {
        new Socket(InetAddress.getLoopbackAddress(), to.address().port()).close();
    }

    private static void unblock(int descriptor) {
        try {
            Descriptors.unblock(descriptor);
        } catch (SystemCallException e) {
            throw new AssertionError(e);
        }
    }

    /** Two apps of an agent that was killed have each kept a reference to it. */
    @Test
    void isFoundOnceForAllWhoLookForIt() throws Exception {
        Path path = folder.resolve("socket");
        ListeningSocket lost = new PosixSockets().listen(new ListeningAddress(path.toString(), 0));
        ListeningSocket first = found(lost.reference());
        ListeningSocket second = found(lost.reference());
        assertThat(second.reference()).isEqualTo(first.reference());
        lost.close();
        first.close();
        SocketChannel.open(UnixDomainSocketAddress.of(path)).close();
        second.close();
        assertThat(path).doesNotExist();
    }

    private static ListeningSocket found(String reference) throws DewyException {
        Map<String, Inheritable> found = new PosixSurvivors().find(Map.of("socket", reference));
        return (ListeningSocket) Objects.requireNonNull(found.get("socket"));
    }
}
