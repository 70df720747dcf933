package dewy.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.DewyException;
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
