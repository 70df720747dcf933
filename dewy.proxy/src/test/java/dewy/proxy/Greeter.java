package dewy.proxy;

import dewy.api.process.ListeningAddress;
import dewy.api.route.Backend;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Says its name to whoever says something, and closes. */
final class Greeter implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 60_000;

    private final String name;
    private final ServerSocket server;

    private Greeter(String name, ServerSocket server) {
        this.name = name;
        this.server = server;
    }

    static Greeter start(String name) throws IOException {
        Greeter greeter = new Greeter(name, new ServerSocket(0, 100, InetAddress.getLoopbackAddress()));
        Thread thread = new Thread(greeter::serve, "greeter");
        thread.setDaemon(true);
        thread.start();
        return greeter;
    }

    Backend backend() {
        return Backend.of(name, new ListeningAddress("127.0.0.1", server.getLocalPort()))
                .withVersion(name);
    }

    /** Says something, and returns what is said. */
    static String ask(ListeningAddress address) throws IOException {
        try (Socket socket = new Socket(address.host(), address.port())) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write('?');
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    static String askOrSayWhyNot(ListeningAddress address) {
        try {
            return ask(address);
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private void serve() {
        try {
            while (true) {
                Socket client = server.accept();
                Thread thread = new Thread(() -> greet(client), "greeter");
                thread.setDaemon(true);
                thread.start();
            }
        } catch (IOException e) {
            // It was closed.
        }
    }

    private void greet(Socket client) {
        try (client) {
            if (client.getInputStream().read() >= 0) {
                client.getOutputStream().write(name.getBytes(StandardCharsets.US_ASCII));
            }
        } catch (IOException e) {
            // The client has gone.
        }
    }
}
