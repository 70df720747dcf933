package dewy.itest;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Listens as a service manager does, to what the service that it started tells by sd_notify(3). */
final class ServiceManagerStandIn implements AutoCloseable {
    private static final String LISTENER =
            """
            import socket, struct, sys
            heard = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            heard.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
            heard.bind(sys.argv[1])
            print('BOUND', flush=True)
            while True:
                message, ancillary, _, _ = heard.recvmsg(65536, 4096)
                sender = struct.unpack('iii', ancillary[0][2])[0]
                print(message.decode().strip().replace('\\n', ' '), 'from', sender, flush=True)
            """;

    private final Path address;
    private final Process listener;
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    private ServiceManagerStandIn(Path address, Process listener) {
        this.address = address;
        this.listener = listener;
    }

    static ServiceManagerStandIn in(Path folder) throws IOException, InterruptedException {
        Path address = folder.resolve("notify");
        Process listener = new ProcessBuilder("python3", "-c", LISTENER, address.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        ServiceManagerStandIn manager = new ServiceManagerStandIn(address, listener);
        Thread reader = new Thread(manager::read, "notify-reader");
        reader.setDaemon(true);
        reader.start();
        manager.await("that it listens", "BOUND"::equals);
        return manager;
    }

    /** Returns what a service finds in its environment, with a watchdog that wants to hear of it that often. */
    Map<String, String> environment(long watchdogMicros) {
        return Map.of("NOTIFY_SOCKET", address.toString(), "WATCHDOG_USEC", Long.toString(watchdogMicros));
    }

    /** Returns the next message that is wanted; those before it are gone then. */
    String await(String what, Predicate<String> wanted) throws InterruptedException {
        while (true) {
            String message = heard.poll(AgentProcess.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (message == null) {
                throw new AssertionError("the service manager did not hear " + what);
            }
            if (wanted.test(message)) {
                return message;
            }
        }
    }

    /** Returns what has come meanwhile. */
    List<String> rest() {
        return List.copyOf(heard);
    }

    @Override
    public void close() {
        listener.destroyForcibly();
    }

    private void read() {
        try (BufferedReader lines = listener.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                heard.add(line);
            }
        } catch (IOException e) {
            // It was closed.
        }
    }
}
