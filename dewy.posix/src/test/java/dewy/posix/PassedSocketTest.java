package dewy.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.UnreachableException;
import dewy.api.process.ListeningAddress;
import dewy.api.process.ListeningSocket;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A listening socket is given to a process that runs already. */
@Timeout(60)
class PassedSocketTest {
    /** Is given a socket, and answers with its name, and whether it blocks, to whoever connects to that. */
    private static final String RECEIVER =
            """
            import array, os, socket, sys
            server = socket.socket(socket.AF_UNIX)
            server.bind(sys.argv[1])
            server.listen()
            print('ready', flush=True)
            connection, _ = server.accept()
            first, control, _, _ = connection.recvmsg(1, socket.CMSG_SPACE(4))
            passed = socket.socket(fileno=array.array('i', control[0][2])[0])
            name = connection.makefile('rb').read().decode()
            blocks = os.get_blocking(passed.fileno())
            passed.settimeout(30)
            client, _ = passed.accept()
            client.sendall(f'{name} {blocks}'.encode())
            """;

    @TempDir
    Path folder;

    @BeforeEach
    void require() {
        Requirements.linux();
        Requirements.program("python3");
    }

    @Test
    void isServedByWhoeverItIsPassedTo() throws Exception {
        Path socket = folder.resolve("socket");
        Process receiver = new ProcessBuilder("python3", "-c", RECEIVER, socket.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(receiver.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(output.readLine()).isEqualTo("ready");
            ListeningAddress address;
            try (ListeningSocket listening = new PosixSockets().listen(new ListeningAddress("127.0.0.1", 0))) {
                listening.passTo(socket, "the name");
                address = listening.address();
            }
            assertThat(answer(address)).isEqualTo("the name False");
        } finally {
            receiver.destroyForcibly();
        }
    }

    @Test
    void isNotPassedToNobody() throws Exception {
        try (ListeningSocket listening = new PosixSockets().listen(new ListeningAddress("127.0.0.1", 0))) {
            assertThatThrownBy(() -> listening.passTo(folder.resolve("none"), "name"))
                    .isInstanceOf(UnreachableException.class)
                    .hasMessageContaining(folder.resolve("none").toString());
            listening.close();
            assertThatThrownBy(() -> listening.passTo(folder.resolve("none"), "name"))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    private static String answer(ListeningAddress address) throws IOException {
        try (Socket client = new Socket(InetAddress.getByName(address.host()), address.port())) {
            return new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
