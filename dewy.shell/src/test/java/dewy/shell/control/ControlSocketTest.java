package dewy.shell.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.control.Window;
import dewy.shell.control.RawClient.Answer;
import dewy.shell.control.RawClient.Frame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class ControlSocketTest {
    private static final Duration LONG = Duration.ofHours(1);
    private static final Duration SHORT = Duration.ofMillis(200);

    private final List<AutoCloseable> opened = new ArrayList<>();
    private final AtomicInteger commands = new AtomicInteger();
    private Path home;
    private Path runtime;

    @BeforeEach
    void create(@TempDir Path temporary) throws IOException {
        home = Files.createDirectory(temporary.resolve("home"));
        runtime = Files.createDirectory(temporary.resolve("run"));
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
    }

    @Test
    void answersInFramesAndThenHangsUp() throws Exception {
        ControlSocket socket = open(LONG, (request, user, client) -> {
            client.write("hello");
            client.output().write('\n');
            return 258;
        });
        try (RawClient client = new RawClient(socket.path())) {
            client.send(RawClient.request(0, "greet"));
            assertThat(HexFormat.of().formatHex(client.read(100)))
                    .isEqualTo("01" + "00000005" + "68656c6c6f" + "01" + "00000001" + "0a" + "03" + "00000004"
                            + "00000102");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 0xf8, 0xfb})
    void takesArgumentsOfAnyCharactersAndWhetherThereIsATerminal(int flags) throws Exception {
        List<String> arguments = List.of("status", "", "größe 日本 \ud83d\ude80", "\n\u0000\"'\\", "x".repeat(64 << 10));
        ControlSocket socket = open(LONG, (request, user, client) -> {
            assertThat(request.arguments()).isEqualTo(arguments);
            Window window = request.window();
            client.write(user + " " + window.terminal() + " " + window.colours());
            return 0;
        });
        try (RawClient client = new RawClient(socket.path())) {
            client.send(RawClient.request(flags, arguments.toArray(String[]::new)));
            assertThat(client.answer())
                    .isEqualTo(new Answer(
                            System.getProperty("user.name") + " " + ((flags & 1) != 0) + " " + ((flags & 3) == 1), 0));
        }
    }

    @Test
    void takesAsManyArgumentsAsItMay() throws Exception {
        ControlSocket socket =
                open(LONG, (request, user, client) -> request.arguments().size());
        assertThat(RawClient.ask(socket.path(), many(256)).exitCode()).isEqualTo(256);
    }

    @Test
    void splitsALongAnswer() throws Exception {
        byte[] bytes = "0123456789".repeat(20_000).getBytes(StandardCharsets.US_ASCII);
        ControlSocket socket = open(LONG, (request, user, client) -> {
            client.output().write(bytes);
            return 0;
        });
        try (RawClient client = new RawClient(socket.path())) {
            client.send(RawClient.request(0, "long"));
            List<Frame> frames = client.frames();
            assertThat(frames)
                    .extracting(frame -> frame.bytes().capacity())
                    .containsExactly(65_536, 65_536, 65_536, 3_392, 4);
            ByteArrayOutputStream text = new ByteArrayOutputStream();
            frames.subList(0, 4).forEach(frame -> text.writeBytes(frame.bytes().array()));
            assertThat(text.toByteArray()).isEqualTo(bytes);
        }
    }

    @Test
    void takesTheSizeOfTheTerminal() throws Exception {
        ControlSocket socket = open(LONG, (request, user, client) -> {
            client.write(request.window().columns() + "x" + request.window().rows() + " " + request.arguments());
            return 0;
        });
        try (RawClient client = new RawClient(socket.path())) {
            client.send(HexFormat.of().parseHex("05" + "00000078" + "00000028" + "00000001" + "00000003" + "746f70"));
            assertThat(client.answer()).isEqualTo(new Answer("120x40 [top]", 0));
        }
    }

    @Test
    void endsACommandThatGoesOnWhenItsClientHangsUp() throws Exception {
        CompletableFuture<Boolean> watched = new CompletableFuture<>();
        ControlSocket socket = open(LONG, (request, user, client) -> {
            if (!request.arguments().contains("follow")) {
                return commands.getAndIncrement();
            }
            client.live();
            client.write("begun");
            watched.complete(client.pause(Duration.ofMinutes(10)));
            return 0;
        });
        try (RawClient client = new RawClient(socket.path())) {
            client.send(RawClient.request(0, "follow"));
            assertThat(HexFormat.of().formatHex(client.read(15)))
                    .isEqualTo("04" + "00000000" + "01" + "00000005" + "626567756e");
            assertThat(watched).isNotDone();
        }
        assertThat(watched.get(10, TimeUnit.SECONDS)).isFalse();
        assertIsAnswered(socket);
    }

    @Test
    void pausesForAsLongAsItIsToldWhileItsClientIsThere() throws Exception {
        ControlSocket socket = open(LONG, (request, user, client) -> {
            client.write("before ");
            boolean watched = client.pause(Duration.ofMillis(300));
            client.write("after");
            return watched ? 7 : 8;
        });
        assertThat(RawClient.ask(socket.path(), "wait")).isEqualTo(new Answer("before after", 7));
    }

    @Test
    void waitsForDescriptorsWhenThereAreNoneAndSaysSoOnce(@TempDir Path folder) throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String command = "ulimit -n 256; exec '" + java + "' -cp '" + System.getProperty("java.class.path") + "' "
                + OutOfDescriptors.class.getName() + " '" + folder + "' 2>&1";
        Process process = new ProcessBuilder("sh", "-c", command).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        assertThat(said).contains("out of descriptors", "answered").containsOnlyOnce("Control socket failure");
    }

    @Test
    void isItsOwnersOnly() throws Exception {
        ControlSocket socket = open(LONG, this::count);
        assertThat(permissions(socket.path())).isEqualTo("rw-------");
        assertThat(permissions(runtime.resolve("dewy"))).isEqualTo("rwx------");
    }

    @Test
    void tellsInTheHomeWhereItIs() throws Exception {
        ControlSocket socket = open(LONG, this::count);
        assertThat(home).isDirectoryContaining("glob:**/control");
        assertThat(home.resolve("control")).hasContent(socket.path() + "\n");
        assertThat(socket.path()).hasParent(runtime.resolve("dewy"));
    }

    @Test
    void replacesWhatADeadAgentLeft() throws Exception {
        Path left = Files.createFile(SocketPlace.of(home, List.of(runtime)).socket());
        Files.writeString(home.resolve("control"), "/somewhere/else\n");
        ControlSocket socket = open(LONG, this::count);
        assertThat(socket.path()).isEqualTo(left);
        assertThat(home.resolve("control")).hasContent(left + "\n");
        assertIsAnswered(socket);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "474554202f20485454502f312e310d0a", // GET / HTTP/1.1
                "1603010200010001fc0303", // the hello of TLS
                "0000000000", // no arguments
                "00ffffffff", // -1 arguments
                "0080000000", // the fewest arguments
                "0000000101", // one too many
                "007fffffff", // the most
                "0000000001ffffffff", // an argument of -1 bytes
                "000000000180000000", // of the fewest
                "000000000100010001", // of one too many
                "00000000017fffffff" // of the most
            })
    void hangsUpAtOnceOnWhatIsNoRequest(String bytes) throws Exception {
        ControlSocket socket = open(LONG, this::count);
        try (RawClient client = new RawClient(socket.path())) {
            assertThat(client.isRefused(HexFormat.of().parseHex(bytes))).isTrue();
        }
        assertIsAnswered(socket);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 5, 7, 9, 12})
    void hangsUpOnPartOfARequestAndSilence(int length) throws Exception {
        ControlSocket socket = open(SHORT, this::count);
        try (RawClient client = new RawClient(socket.path())) {
            byte[] part = Arrays.copyOf(RawClient.request(0, "apps"), length);
            assertThat(client.isRefused(part)).isTrue();
        }
        assertIsAnswered(socket);
    }

    @Test
    void hangsUpOnARequestThatTrickles() throws Exception {
        ControlSocket socket = open(SHORT, this::count);
        try (RawClient client = new RawClient(socket.path())) {
            client.send(new byte[] {0, 0, 0, 1, 0}); // Of 256 arguments
            assertThatThrownBy(() -> {
                        while (true) {
                            client.send(new byte[] {0, 1, 0, 0}); // of 64 KiB each.
                        }
                    })
                    .isInstanceOf(IOException.class);
        }
        assertIsAnswered(socket);
    }

    @Test
    void givesACommandTheTimeItTakes() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        ControlSocket socket = open(SHORT, (request, user, client) -> {
            if (request.arguments().contains("slow")) {
                await(over);
            }
            return 0;
        });
        try (RawClient slow = new RawClient(socket.path());
                RawClient silent = new RawClient(socket.path())) {
            slow.send(RawClient.request(0, "slow"));
            assertThat(silent.isRefused()).isTrue(); // The limit of a request is over.
            over.countDown();
            assertThat(slow.answer()).isEqualTo(new Answer("", 0));
        }
    }

    @Test
    void survivesAClientThatLeavesInTheMiddleOfItsRequest() throws Exception {
        ControlSocket socket = open(LONG, this::count);
        for (int length = 0; length < 13; length++) {
            try (RawClient client = new RawClient(socket.path())) {
                client.send(Arrays.copyOf(RawClient.request(0, "apps"), length));
            }
        }
        assertIsAnswered(socket);
    }

    @Test
    void endsTheAnswerToAClientThatLeavesInTheMiddleOfIt() throws Exception {
        CompletableFuture<IOException> end = new CompletableFuture<>();
        ControlSocket socket = open(LONG, (request, user, client) -> {
            try {
                while (request.arguments().contains("endless")) {
                    client.output().write(new byte[1 << 10]);
                }
                return commands.getAndIncrement();
            } catch (IOException e) {
                end.complete(e);
                throw e;
            }
        });
        try (RawClient client = new RawClient(socket.path())) {
            client.send(RawClient.request(0, "endless"));
            assertThat(client.read(10_000)).hasSize(10_000);
        }
        assertThat(end.get(10, TimeUnit.SECONDS)).hasMessageMatching("Broken pipe|Connection reset by peer");
        assertIsAnswered(socket);
    }

    @Test
    void servesTheNextClientBesideAHundredThatSayNothing() throws Exception {
        ControlSocket socket = open(LONG, this::count);
        for (int i = 0; i < 100; i++) {
            opened.add(new RawClient(socket.path()));
        }
        assertIsAnswered(socket);
    }

    @Test
    void saysThatACommandFailedUnforeseen() throws Exception {
        ControlSocket socket = open(LONG, (request, user, client) -> {
            throw new IllegalStateException("nobody thought of this");
        });
        Answer answer = RawClient.ask(socket.path(), "apps");
        assertThat(answer.exitCode()).isNotZero();
        assertThat(answer.text()).contains("apps", "nobody thought of this").endsWith("\n");
    }

    @Test
    void stopsWhileACommandRuns() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        CompletableFuture<IOException> end = new CompletableFuture<>();
        ControlSocket socket = open(LONG, (request, user, client) -> {
            started.countDown();
            await(over);
            try {
                client.write("!");
                return 0;
            } catch (IOException e) {
                end.complete(e);
                throw e;
            }
        });
        try (RawClient client = new RawClient(socket.path())) {
            client.send(RawClient.request(0, "deploy"));
            await(started);
            socket.close();
            assertThat(client.isRefused()).isTrue();
            assertThatThrownBy(() -> new RawClient(socket.path())).isInstanceOf(IOException.class);
            over.countDown();
            assertThat(end.get(10, TimeUnit.SECONDS)).isInstanceOf(ClosedChannelException.class);
        }
    }

    @Test
    void hangsUpOnSilentClientsWhenItStops() throws Exception {
        ControlSocket socket = open(LONG, this::count);
        try (RawClient client = new RawClient(socket.path())) {
            client.send((byte) 0);
            assertIsAnswered(socket); // So the one before was accepted.
            socket.close();
            assertThat(client.isRefused()).isTrue();
        }
    }

    @Test
    void leavesNothingBehindAndCanBeOpenedAgain() throws Exception {
        ControlSocket first = open(LONG, this::count);
        first.close();
        assertThat(home).isEmptyDirectory();
        assertThat(runtime.resolve("dewy")).isEmptyDirectory();
        assertIsAnswered(open(LONG, this::count));
    }

    @Test
    void leavesNothingBehindWhenItCannotTellWhereItIs() throws Exception {
        Path missing = home.resolve("missing");
        assertThatThrownBy(() -> ControlSocket.open(missing, List.of(runtime), LONG, this::count))
                .isInstanceOf(IOException.class);
        assertThat(runtime.resolve("dewy")).isEmptyDirectory();
    }

    private ControlSocket open(Duration requestLimit, ControlSocket.Runner runner) throws IOException {
        ControlSocket socket = ControlSocket.open(home, List.of(runtime), requestLimit, runner);
        opened.add(socket);
        return socket;
    }

    private int count(Request request, String user, ClientScreen client) {
        return commands.getAndIncrement();
    }

    /** Nothing was run before, and this is. */
    private void assertIsAnswered(ControlSocket socket) throws IOException {
        assertThat(RawClient.ask(socket.path(), "apps")).isEqualTo(new Answer("", 0));
        assertThat(commands).hasValue(1);
    }

    private static String[] many(int count) {
        return Collections.nCopies(count, "x").toArray(String[]::new);
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
