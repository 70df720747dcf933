package dewy.bench.proxy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A program that was started, and listens. It is ended with this program, see {@link ProxyBenchmark}. */
final class Server {
    private static final long START_SECONDS = 20;

    private final Process process;

    private Server(Process process) {
        this.process = process;
    }

    /**
     * Starts a program in a folder, which is its home as well, and waits until it accepts connections at a port.
     *
     * @throws IOException if it does not, with what it said last
     */
    static Server start(Path folder, int port, List<String> command) throws IOException, InterruptedException {
        Path output = folder.resolve("output");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("HOME", folder.toString());
        builder.environment().put("XDG_RUNTIME_DIR", folder.toString());
        Process process = builder.start();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (!accepts(port)) {
            if (!process.isAlive() || System.nanoTime() > end) {
                process.destroyForcibly();
                throw new IOException("it does not listen: " + lastLine(Files.readString(output)));
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        return new Server(process);
    }

    private static boolean accepts(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** Runs a program to its end, and returns what it printed. */
    static String run(Path folder, List<String> command) throws IOException, InterruptedException {
        Path output = Files.createTempFile(folder, "output", "");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        int status = process.waitFor();
        String printed = Files.readString(output);
        Files.delete(output);
        if (status != 0) {
            throw new IOException(
                    String.join(" ", command.subList(0, Math.min(2, command.size()))) + ": " + lastLine(printed));
        }
        return printed;
    }

    private static String lastLine(String text) {
        String[] lines = text.strip().split("\n", -1);
        return lines[lines.length - 1].strip();
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Returns its process and those that this has started. */
    List<ProcessHandle> processes() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .toList();
    }
}
