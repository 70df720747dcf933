package dewy.runtime.process;

import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.UnreachableException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports of the loopback address for servers that are told theirs. Between the choice of a port and the moment in which the
 * server binds it, somebody else may take it. So they are of a range from which the system takes none by itself, as it does
 * for each connection to a server; what remains is a program that binds one of these in that moment. It is noticed, because
 * only what the server itself accepts counts as ready, and another port is tried then.
 */
class PrivatePorts {
    static final String HOST = "127.0.0.1";

    private static final Path SYSTEM_RANGE = Path.of("/proc/sys/net/ipv4/ip_local_port_range");
    private static final int LOWEST = 10_000;
    private static final int USUAL_END = 32_768;
    private static final int FEWEST = 1_000;
    private static final int TRIES = 1_000;

    /** Returns a port at which nobody listens. */
    int choose() throws DewyException {
        int end = end();
        for (int tried = 0; tried < TRIES; tried++) {
            // Where the system's own range leaves too little, it is asked for one of its own.
            int port = end - LOWEST < FEWEST ? 0 : ThreadLocalRandom.current().nextInt(LOWEST, end);
            try {
                return bind(port);
            } catch (IOException e) {
                // Somebody has it.
            }
        }
        throw new UnreachableException(new Problem(
                "find a free port", HOST, "the ports from " + LOWEST + " to " + (end - 1) + " seem to be taken", ""));
    }

    /** Returns whether somebody listens at a port. */
    boolean isTaken(int port) {
        try {
            return bind(port) != port;
        } catch (IOException e) {
            return true;
        }
    }

    private static int bind(int port) throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            // What is left of closed connections keeps no server from a port.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port), 1);
            return socket.getLocalPort();
        }
    }

    private static int end() {
        try {
            return Integer.parseInt(Files.readString(SYSTEM_RANGE).strip().split("\\s+", -1)[0]);
        } catch (IOException | NumberFormatException e) {
            return USUAL_END;
        }
    }
}
