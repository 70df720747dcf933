package dewy.posix;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.process.ChildProcess;
import dewy.api.process.DescriptorLease;
import dewy.api.process.ExitStatus;
import dewy.api.process.ListeningAddress;
import dewy.api.process.ListeningSocket;
import dewy.api.process.Spawn;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Real servers accept on sockets of the agent, through the services as others use them. */
@Timeout(60)
class HandoverTest {
    private static final String PYTHON =
            "import socket; c, _ = socket.socket(fileno=%d).accept(); c.sendall(b'hello'); c.close()";
    private static final String PERL =
            "use IO::Socket; my $c = IO::Socket::INET->new_from_fd(%d, 'r+')->accept; print $c 'hello'; close $c";

    @TempDir
    Path folder;

    static Stream<Arguments> servers() {
        return Stream.of(
                Arguments.of("python3", "-c", PYTHON, 3),
                Arguments.of("python3", "-c", PYTHON, 0),
                Arguments.of("perl", "-e", PERL, 3),
                Arguments.of("perl", "-e", PERL, 7));
    }

    @ParameterizedTest
    @MethodSource("servers")
    void handsASocketOverToAServer(String program, String option, String script, int descriptor) throws Exception {
        Requirements.program(program);
        List<String> command = List.of(program, option, script.formatted(descriptor));
        try (ListeningSocket socket = new PosixSockets().listen(new ListeningAddress("127.0.0.1", 0));
                Socket client = new Socket(
                        InetAddress.getLoopbackAddress(), socket.address().port())) {
            ChildProcess child;
            try (DescriptorLease lease = socket.lease()) {
                child = new PosixProcesses()
                        .spawn(Spawn.of(command, folder, folder.resolve("output.log"))
                                .withDescriptors(Map.of(descriptor, lease)));
            }
            assertThat(new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .isEqualTo("hello");
            assertThat(Await.exit(child)).isEqualTo(ExitStatus.exited(0));
        }
    }
}
