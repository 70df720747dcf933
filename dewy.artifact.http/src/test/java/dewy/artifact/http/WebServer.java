package dewy.artifact.http;

import dewy.tck.TestCertificate;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.net.ServerSocketFactory;

/** A web server on loopback, with or without TLS; each connection carries one request. */
final class WebServer implements AutoCloseable {
    final List<Message> asked = new CopyOnWriteArrayList<>();
    /** Goes down when a connection hangs. */
    final CountDownLatch hanging = new CountDownLatch(1);
    /** Goes down when a client closed a connection that hung. */
    final CountDownLatch abandoned = new CountDownLatch(1);

    private final String scheme;
    private final ServerSocket server;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile Function<Message, Answer> answers = message -> Answer.of(500, "nothing was prepared");

    private WebServer(String scheme, ServerSocketFactory sockets) throws IOException {
        this.scheme = scheme;
        this.server = sockets.createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Background.start(this::accept);
    }

    static WebServer plain() throws IOException {
        return new WebServer("http", ServerSocketFactory.getDefault());
    }

    static WebServer secured(TestCertificate certificate) throws Exception {
        return new WebServer("https", certificate.context().getServerSocketFactory());
    }

    int port() {
        return server.getLocalPort();
    }

    String address() {
        return scheme + "://127.0.0.1:" + port();
    }

    void answer(Function<Message, Answer> with) {
        answers = with;
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : open) {
            socket.close();
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                open.add(socket);
                Background.start(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            Message message = Message.read(socket.getInputStream());
            asked.add(message);
            Answer answer = answers.apply(message);
            send(socket.getOutputStream(), answer, message.method());
            if (answer.hangs()) {
                hanging.countDown();
                awaitEnd(socket.getInputStream());
            }
        } catch (IOException e) {
            // The client went away, or the test is over.
            abandoned.countDown();
        } finally {
            open.remove(socket);
        }
    }

    private void awaitEnd(InputStream in) throws IOException {
        while (in.read() >= 0) {
            // Nothing more is expected.
        }
        abandoned.countDown();
    }

    private static void send(OutputStream out, Answer answer, String method) throws IOException {
        StringBuilder head = new StringBuilder("HTTP/1.1 " + answer.status() + " Said\r\nConnection: close\r\n");
        answer.headers()
                .forEach((name, value) ->
                        head.append(name).append(": ").append(value).append("\r\n"));
        out.write((head + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        if (!"HEAD".equals(method)) {
            out.write(answer.body().array(), 0, answer.sent());
        }
        out.flush();
    }

    static boolean within(CountDownLatch latch) throws InterruptedException {
        return latch.await(20, TimeUnit.SECONDS);
    }
}
