package dewy.tck;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real server that a test runs as its child. It is found in the folder that {@code .ci/install-servers} fills
 * (the variable {@code DEWY_TEST_SERVERS}, or else {@code ~/.cache/dewy-servers/bin}), or in the {@code PATH}. Where it is
 * not there a test is skipped, and fails where the variable {@code CI} is {@code true}.
 */
public final class ServerProgram implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(90);

    private final Process process;
    private final Path log;

    private ServerProgram(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Returns where a program is; ends the test where it is not there. */
    public static Path require(String program) {
        Optional<Path> found = find(program);
        String otherwise = "there is no " + program + " in " + installed() + " or in PATH: .ci/install-servers has it";
        require(found.isPresent(), otherwise);
        return found.orElseThrow();
    }

    /** Returns where a program is, where it is there. */
    static Optional<Path> find(String program) {
        return Stream.concat(
                        Stream.of(installed(), Path.of("/usr/sbin")),
                        Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                                .map(Path::of))
                .map(folder -> folder.resolve(program))
                .filter(Files::isRegularFile)
                .findFirst();
    }

    private static Path installed() {
        String named = System.getenv("DEWY_TEST_SERVERS");
        return named == null ? Path.of(System.getProperty("user.home"), ".cache/dewy-servers/bin") : Path.of(named);
    }

    /** Skips a test that cannot be made here, or has it fail where it must be made. */
    public static void require(boolean condition, String otherwise) {
        if (!condition && "true".equals(System.getenv("CI"))) {
            throw new AssertionError(otherwise);
        }
        assumeTrue(condition, otherwise);
    }

    /** Returns a port of loopback for a program that is told its port; see {@link TestPorts}. */
    public static int freePort() throws IOException {
        return TestPorts.reserve();
    }

    /** Returns several, of which each is another one. */
    public static List<Integer> freePorts(int count) throws IOException {
        List<Integer> ports = new ArrayList<>();
        while (ports.size() < count) {
            ports.add(TestPorts.reserve());
        }
        return ports;
    }

    /** Starts a program, with its output in a file, and returns once something listens at the port. */
    public static ServerProgram start(Path folder, int port, String program, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(require(program).toString()));
        command.addAll(List.of(arguments));
        return start(folder, folder.resolve(program + "-" + port + ".log"), port, command);
    }

    /** Starts a command in a folder, with its output in a file, and returns once something listens at the port. */
    public static ServerProgram start(Path folder, Path log, int port, List<String> command) throws IOException {
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        ServerProgram started = new ServerProgram(process, log);
        started.await(port);
        return started;
    }

    private void await(int port) throws IOException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!listens(port)) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                process.destroyForcibly();
                throw new IOException("it does not listen at " + port + ":\n" + Files.readString(log));
            }
        }
    }

    private static boolean listens(int port) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
            return true;
        } catch (IOException e) {
            try {
                TimeUnit.MILLISECONDS.sleep(20);
            } catch (InterruptedException interrupted) {
                throw new IOException(interrupted);
            }
            return false;
        }
    }

    /** Returns what it printed. */
    public String output() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends it a signal, such as {@code STOP}. */
    public void signal(String name) throws IOException, InterruptedException {
        int code = new ProcessBuilder("kill", "-s", name, Long.toString(process.pid()))
                .start()
                .waitFor();
        if (code != 0) {
            throw new IOException("kill -s " + name + " " + process.pid() + " failed");
        }
    }

    /** Kills it, and returns when it is gone. */
    public void kill() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        kill();
    }
}
