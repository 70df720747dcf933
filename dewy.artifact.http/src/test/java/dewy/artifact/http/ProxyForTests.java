package dewy.artifact.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** A proxy on loopback that takes every host for one server, by tunnel or by forwarding. */
final class ProxyForTests implements AutoCloseable {
    private static final String REFUSED = String.join(
            "\r\n", "HTTP/1.1 407 No", "Proxy-Authenticate: Basic", "Content-Length: 0", "Connection: close", "", "");

    final List<Message> asked = new CopyOnWriteArrayList<>();

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final int target;
    private final Optional<String> authorization;

    /** Makes a proxy that asks for an authorization, or for none. */
    ProxyForTests(WebServer target, Optional<String> authorization) throws IOException {
        this.target = target.port();
        this.authorization = authorization;
        Background.start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                Background.start(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            Message message = Message.read(client.getInputStream());
            asked.add(message);
            if (authorization.isPresent() && !authorization.equals(message.header("Proxy-Authorization"))) {
                say(client.getOutputStream(), REFUSED);
                return;
            }
            try (Socket origin = new Socket(InetAddress.getLoopbackAddress(), target)) {
                if (message.method().equals("CONNECT")) {
                    say(client.getOutputStream(), "HTTP/1.1 200 Connected\r\n\r\n");
                } else {
                    forward(message, origin.getOutputStream());
                }
                Background.start(() -> copy(client, origin));
                origin.getInputStream().transferTo(client.getOutputStream());
            }
        } catch (IOException e) {
            // One of them went away.
        }
    }

    private static void forward(Message message, OutputStream out) throws IOException {
        URI uri = URI.create(message.target());
        StringBuilder head = new StringBuilder(message.method() + " " + uri.getRawPath() + " HTTP/1.1\r\n");
        message.headers().forEach((name, value) -> {
            if (!name.startsWith("proxy-")) {
                head.append(name).append(": ").append(value).append("\r\n");
            }
        });
        say(out, head + "\r\n");
    }

    private static void copy(Socket from, Socket to) {
        try {
            InputStream in = from.getInputStream();
            in.transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException e) {
            // One of them went away.
        }
    }

    private static void say(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }
}
