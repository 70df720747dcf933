package dewy.tck;

import dewy.tck.HttpStandIn.Asked;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** A proxy on loopback that takes every host for one server, by tunnel or by forwarding, or else refuses everything. */
public final class ProxyStandIn implements AutoCloseable {
    public final List<Asked> asked = new CopyOnWriteArrayList<>();

    private final StandInServer server;
    private final Optional<HttpStandIn> target;
    private final Optional<String> authorization;

    private ProxyStandIn(Optional<HttpStandIn> target, Optional<String> authorization) throws IOException {
        this.target = target;
        this.authorization = authorization;
        this.server = new StandInServer(this::serve);
    }

    /** Returns a proxy that leads to a server, whoever asks. */
    public static ProxyStandIn to(HttpStandIn target) throws IOException {
        return new ProxyStandIn(Optional.of(target), Optional.empty());
    }

    /** Returns a proxy that leads to a server, if it is shown this as {@code Proxy-Authorization}. */
    public static ProxyStandIn to(HttpStandIn target, String authorization) throws IOException {
        return new ProxyStandIn(Optional.of(target), Optional.of(authorization));
    }

    /** Returns a proxy that leads nowhere. */
    public static ProxyStandIn refusing() throws IOException {
        return new ProxyStandIn(Optional.empty(), Optional.empty());
    }

    public int port() {
        return server.port();
    }

    public String address() {
        return "http://127.0.0.1:" + port();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private void serve(Socket client) throws IOException {
        Asked question = HttpStandIn.read(client.getInputStream());
        asked.add(question);
        if (authorization.isPresent() && !authorization.equals(question.header("Proxy-Authorization"))) {
            say(client.getOutputStream(), "HTTP/1.1 407 No\r\nProxy-Authenticate: Basic");
        } else if (target.isEmpty()) {
            say(client.getOutputStream(), "HTTP/1.1 502 Bad Gateway");
        } else {
            lead(question, client, target.get().port());
        }
    }

    private static void lead(Asked question, Socket client, int port) throws IOException {
        try (Socket origin = new Socket(InetAddress.getLoopbackAddress(), port)) {
            if (question.method().equals("CONNECT")) {
                client.getOutputStream().write("HTTP/1.1 200 Connected\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            } else {
                forward(question, origin.getOutputStream());
            }
            StandInServer.start(() -> copy(client, origin));
            origin.getInputStream().transferTo(client.getOutputStream());
        }
    }

    private static void forward(Asked question, OutputStream out) throws IOException {
        URI uri = URI.create(question.target());
        StringBuilder head = new StringBuilder(question.method() + " " + uri.getRawPath() + " HTTP/1.1\r\n");
        question.headers().forEach((name, value) -> {
            if (!name.startsWith("proxy-")) {
                head.append(name).append(": ").append(value).append("\r\n");
            }
        });
        out.write((head + "\r\n" + question.body()).getBytes(StandardCharsets.UTF_8));
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

    private static void say(OutputStream out, String head) throws IOException {
        String text = head + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        out.write(text.getBytes(StandardCharsets.US_ASCII));
    }
}
