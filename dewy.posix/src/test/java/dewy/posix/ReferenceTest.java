package dewy.posix;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.process.ChildProcess;
import dewy.api.process.ListeningAddress;
import dewy.api.process.ListeningSocket;
import dewy.api.process.Signal;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ReferenceTest {
    private static final String BOOT = "01234567-89ab-cdef-0123-456789abcdef";

    @TempDir
    Path folder;

    @Test
    void namesAProcessAsLongAsItExists() throws Exception {
        Requirements.linux();
        try (Children children = Children.of(folder)) {
            ChildProcess child = children.start(children.command("sleep", "600"));
            ProcessReference reference = parsed(child);
            assertThat(reference.pid()).isEqualTo((int) child.pid());
            assertThat(reference.isCurrent()).isTrue();
            assertThat(new ProcessReference(reference.pid(), reference.start() - 1, reference.boot()).isCurrent())
                    .isFalse();
            assertThat(new ProcessReference(reference.pid(), reference.start(), BOOT).isCurrent())
                    .isFalse();
            child.signal(Signal.KILL);
            Await.exit(child);
            assertThat(reference.isCurrent()).isFalse();
            assertThat(parsed(child)).isEqualTo(reference);
        }
    }

    @Test
    void readsTheStartOfAProgramWithAStrangeName() throws Exception {
        Requirements.linux();
        try (Children children = Children.of(folder)) {
            Path odd = folder.resolve("a) b ( c) 1 2");
            Files.copy(Path.of("/bin/sleep"), odd);
            ChildProcess child = children.start(children.command(odd.toString(), "600"));
            assertThat(parsed(child).isCurrent()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1", ""})
    void namesASocket(String host) throws Exception {
        Requirements.linux();
        try (ListeningSocket socket = new PosixSockets().listen(new ListeningAddress(host, 0))) {
            assertRoundTrip(socket);
        }
    }

    @Test
    void namesAUnixSocketWithAStrangePath() throws Exception {
        Requirements.linux();
        String path = folder.resolve("a b\n+%25ü").toString();
        try (ListeningSocket socket = new PosixSockets().listen(new ListeningAddress(path, 0))) {
            assertRoundTrip(socket);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "process",
                "process 0 1 " + BOOT,
                "process -1 1 " + BOOT,
                "process 4294967295 1 " + BOOT,
                "process 1 0 " + BOOT,
                "process 1 9999999999999999999 " + BOOT,
                "process 1 1 ",
                "process 1 1 " + BOOT + "\n",
                "socket 1 " + BOOT + " 80 127.0.0.1"
            })
    void refusesWhatNamesNoProcess(String text) {
        assertThat(ProcessReference.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "socket 0 " + BOOT + " 80 127.0.0.1",
                "socket 1 " + BOOT + " 80 %",
                "socket 1 " + BOOT + " 80 %zz",
                "socket 1 " + BOOT + " -1 host",
                "socket 1 " + BOOT + " 65536 host",
                "socket 1 " + BOOT + " 80 %2Ftmp%2Fa%00b",
                "socket 1 " + BOOT + " 80 a b",
                "process 1 1 " + BOOT
            })
    void refusesWhatNamesNoSocket(String text) {
        assertThat(SocketReference.parse(text)).isEmpty();
    }

    private static void assertRoundTrip(ListeningSocket socket) {
        assertThat(socket.reference()).matches("[!-~ ]+");
        SocketReference reference = SocketReference.parse(socket.reference()).orElseThrow();
        assertThat(reference.address()).isEqualTo(socket.address());
        assertThat(reference.inode()).isPositive();
        assertThat(reference).hasToString(socket.reference());
    }

    private static ProcessReference parsed(ChildProcess child) {
        return ProcessReference.parse(child.reference()).orElseThrow();
    }
}
