package dewy.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.InvalidException;
import dewy.api.StorageException;
import dewy.api.process.ExitStatus;
import dewy.api.process.NotifySocket;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class NotifySocketsTest {
    private static final String TELL = "import os, socket; s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); "
            + "s.connect(os.environ['NOTIFY_SOCKET']); s.send(b'READY=1\\nSTATUS=as %d' % os.getuid())";

    @TempDir
    Path folder;

    private final BlockingQueue<Map<String, String>> told = new LinkedBlockingQueue<>();
    private Children children = Children.of(Path.of("/"));
    private PosixNotifySockets sockets = new PosixNotifySockets();

    @BeforeEach
    void open() throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        children = Children.of(folder);
        sockets = new PosixNotifySockets(List.of(folder.resolve("missing"), folder));
    }

    @AfterEach
    void close() {
        children.close();
    }

    @Test
    void tellsWhatAProcessSends() throws Exception {
        Requirements.program("python3");
        try (NotifySocket socket = sockets.open(Optional.empty(), told::add)) {
            ExitStatus exit = children.run(
                    children.command("python3", "-c", TELL).withEnvironment(Map.of("NOTIFY_SOCKET", socket.address())));
            assertThat(exit).isEqualTo(ExitStatus.exited(0));
            assertThat(next()).containsEntry("READY", "1").containsKey("STATUS");
        }
        assertThat(left()).isEmpty();
    }

    @Test
    void isForTheUserOfTheServerAndNobodyElse() throws Exception {
        Requirements.root();
        Requirements.program("setpriv");
        try (NotifySocket socket = sockets.open(Optional.of("nobody"), told::add)) {
            for (String user : List.of("daemon", "nobody")) {
                children.run(children.command("/usr/bin/python3", "-c", TELL)
                        .withEnvironment(Map.of("NOTIFY_SOCKET", socket.address()))
                        .withUser(Optional.of(user), Optional.empty()));
            }
            assertThat(next()).containsEntry("STATUS", "as 65534");
            assertThat(children.output()).contains("PermissionError");
            assertThat(told).isEmpty();
            Path path = Path.of(socket.address());
            assertThat(path.getFileName().toString()).matches("[0-9a-f]{32}");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path.getParent())))
                    .isEqualTo("rwx--x--x");
        }
    }

    @Test
    void leavesOutWhatIsNoMessage() throws Exception {
        try (NotifySocket socket = sockets.open(Optional.empty(), told::add)) {
            for (String bad : List.of(
                    "", "\n\n", "READY", "=1", "READY=1\nnonsense", "A B=1", "A=\u0001", "A=" + "x".repeat(8191))) {
                send(socket, bad);
            }
            new Notification("A=1", OptionalInt.of(1)).sendTo(new NotifyAddress(socket.address()));
            send(socket, "A=" + "x".repeat(8190));
            send(socket, "A=1\nB==2 \nA=ü\n");
            assertThat(next()).isEqualTo(Map.of("A", "1"));
            assertThat(next().get("A")).hasSize(8190);
            assertThat(next()).isEqualTo(Map.of("A", "ü", "B", "=2 "));
            assertThat(told).isEmpty();
        }
        assertThat(NotifyMessage.parse(new byte[] {'A', '=', (byte) 0xff})).isEmpty();
    }

    @Test
    void keepsTheOrderOfManyMessagesAndGoesOnAfterAFailure() throws Exception {
        try (NotifySocket socket = sockets.open(Optional.empty(), message -> {
            told.add(message);
            if (message.containsValue("0")) {
                throw new IllegalStateException("on purpose");
            }
        })) {
            for (int i = 0; i < 2_000; i++) {
                send(socket, "N=" + i);
            }
            for (int i = 0; i < 2_000; i++) {
                assertThat(next()).isEqualTo(Map.of("N", Integer.toString(i)));
            }
        }
    }

    @Test
    void receivesNothingOnceItIsClosed() throws Exception {
        int descriptors = descriptors();
        for (int i = 0; i < 50; i++) {
            NotifySocket socket = sockets.open(Optional.empty(), told::add);
            socket.close();
            socket.close();
            assertThatThrownBy(() -> send(socket, "A=1")).isInstanceOf(SystemCallException.class);
        }
        assertThat(told).isEmpty();
        assertThat(left()).isEmpty();
        assertThat(descriptors()).isLessThan(descriptors + 25);
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().equals("dewy-notify"));
    }

    @Test
    void canBeClosedByItsListener() throws Exception {
        List<NotifySocket> self = new CopyOnWriteArrayList<>();
        NotifySocket socket = sockets.open(Optional.empty(), message -> {
            self.get(0).close();
            told.add(message);
        });
        self.add(socket);
        send(socket, "A=1");
        assertThat(next()).isEqualTo(Map.of("A", "1"));
        socket.close();
        assertThat(left()).isEmpty();
    }

    @Test
    void removesWhatAKilledAgentLeft() throws Exception {
        Path dead = Files.createDirectory(folder.resolve("dewy-notify-dead"));
        try (RawSocket socket = RawSocket.openDatagram()) {
            socket.bind(SocketAddresses.unix(dead.resolve("s").toString().getBytes(StandardCharsets.UTF_8)));
        }
        Path old = Files.createDirectory(folder.resolve("dewy-notify-old"));
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofMinutes(2))));
        Path opening = Files.createDirectory(folder.resolve("dewy-notify-opening"));
        try (NotifySocket other = new PosixNotifySockets(List.of(folder)).open(Optional.empty(), told::add);
                NotifySocket socket = sockets.open(Optional.empty(), told::add)) {
            assertThat(dead).doesNotExist();
            assertThat(old).doesNotExist();
            assertThat(left()).hasSize(3).contains(opening);
            send(other, "A=1");
            send(socket, "A=2");
            assertThat(List.of(next(), next())).containsExactlyInAnyOrder(Map.of("A", "1"), Map.of("A", "2"));
        }
    }

    @Test
    void saysWhatIsMissing() {
        assertThatThrownBy(() -> sockets.open(Optional.of("nobody-at-all"), told::add))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("there is no such user");
        assertThatThrownBy(() ->
                        new PosixNotifySockets(List.of(folder.resolve("missing"))).open(Optional.empty(), told::add))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("missing");
    }

    private Map<String, String> next() throws InterruptedException {
        return Optional.ofNullable(told.poll(30, TimeUnit.SECONDS)).orElseThrow();
    }

    private List<Path> left() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith("dewy-notify-"))
                    .toList();
        }
    }

    private static void send(NotifySocket socket, String text) throws SystemCallException {
        new Notification(text, OptionalInt.empty()).sendTo(new NotifyAddress(socket.address()));
    }

    private static int descriptors() {
        String[] open = new File("/proc/self/fd").list();
        return open == null ? 0 : open.length;
    }
}
