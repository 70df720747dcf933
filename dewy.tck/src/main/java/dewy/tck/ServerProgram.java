package dewy.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real server that a test starts as a child process, and ends. {@code .ci/install-servers} brings those that are in no
 * folder of programs into {@code ~/.cache/dewy-servers/bin}, or where {@code DEWY_TEST_SERVERS} says.
 */
public final class ServerProgram implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Process process;
    private final Path log;

    private ServerProgram(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Returns where a program is; the test is skipped where it is not there, and fails where it must be ({@code CI=true}). */
    public static Path named(String name) {
        String own = Optional.ofNullable(System.getenv("DEWY_TEST_SERVERS"))
                .orElse(System.getProperty("user.home") + "/.cache/dewy-servers/bin");
        Stream<String> folders = Stream.concat(
                Stream.of(own, "/usr/sbin"), Stream.of(System.getenv("PATH").split(File.pathSeparator, -1)));
        Optional<Path> found = folders.map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
        require(found.isPresent(), "there is no " + name + " in PATH or " + own + ": run .ci/install-servers");
        return found.orElseThrow();
    }

    /** Skips a test that cannot be made here, or has it fail where it must be made. */
    public static void require(boolean condition, String otherwise) {
        if (!condition && "true".equals(System.getenv("CI"))) {
            throw new AssertionError(otherwise);
        }
        assumeTrue(condition, otherwise);
    }

    /** Starts a server, and returns when it listens on a port of this host. */
    public static ServerProgram start(Path log, int port, List<String> command) throws Exception {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        ServerProgram server = new ServerProgram(process, log);
        server.awaitPort(port);
        return server;
    }

    /** Returns a port that nobody listens on. */
    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void awaitPort(int port) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!listens(port)) {
            boolean goesOn = process.isAlive() && System.nanoTime() < deadline;
            assertThat(goesOn).as(() -> "the server listens: " + output()).isTrue();
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private String output() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }
}
