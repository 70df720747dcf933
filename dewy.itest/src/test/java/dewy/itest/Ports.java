package dewy.itest;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports on loopback that are free, below those that the system gives away by itself: nobody else gets one between the
 * question and its use, save who asks for it by chance.
 */
final class Ports {
    private static final int LOWEST = 10_000;
    private static final int HIGHEST = 32_000;

    private Ports() {}

    static int free() throws IOException {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (BindException taken) {
                // The next one will do.
            }
        }
    }
}
