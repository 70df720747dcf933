package dewy.tck;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLServerSocket;

/**
 * An HTTP server on loopback, with or without TLS, that says what it is told to, also what no server should. Each connection
 * carries one request.
 */
public final class HttpStandIn implements AutoCloseable {
    /**
     * What was asked.
     *
     * @param target the path and query, or what else the first line holds
     * @param headers by their names in lower case
     */
    public record Asked(String method, String target, Map<String, String> headers, String body) {
        public Optional<String> header(String name) {
            return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
        }
    }

    /**
     * What is answered.
     *
     * @param status 0 says nothing at all
     * @param from where in the content the body begins
     * @param sent how many bytes of the body are sent before the connection is closed
     * @param hangs whether the connection then stays open, until the client or the test closes it
     */
    public record Answer(
            int status, Map<String, String> headers, Content content, long from, long sent, boolean hangs) {
        /** A connection on which nothing is said, until the client or the test closes it. */
        public static final Answer SILENCE = new Answer(0, Map.of(), Content.NONE, 0, 0, true);

        public static Answer of(int status, String body) {
            return of(status, Content.of(body), 0);
        }

        /** Returns an answer whose body is what follows a place in a content. */
        public static Answer of(int status, Content content, long from) {
            boolean bare = status == 304 || status == 204;
            long length = content.length() - from;
            Map<String, String> headers = bare ? Map.of() : Map.of("Content-Length", "" + length);
            return new Answer(status, headers, content, from, length, false);
        }

        public static Answer redirect(String location) {
            return of(302, "").with("Location", location);
        }

        public Answer with(String header, String value) {
            Map<String, String> more = new LinkedHashMap<>(headers);
            more.put(header, value);
            return new Answer(status, more, content, from, sent, hangs);
        }

        public Answer without(String header) {
            Map<String, String> fewer = new LinkedHashMap<>(headers);
            fewer.remove(header);
            return new Answer(status, fewer, content, from, sent, hangs);
        }

        /** Returns the same that breaks off before the byte at this offset of the content. */
        public Answer cutAt(long offset) {
            return new Answer(status, headers, content, from, Math.max(0, Math.min(sent, offset - from)), hangs);
        }

        public Answer hanging() {
            return new Answer(status, headers, content, from, sent, true);
        }
    }

    public final List<Asked> asked = new CopyOnWriteArrayList<>();
    /** Goes down when a connection hangs. */
    public final CountDownLatch hanging = new CountDownLatch(1);
    /** Goes down when a client closed a connection that hung. */
    public final CountDownLatch abandoned = new CountDownLatch(1);

    private final StandInServer server;
    private final String scheme;
    private volatile Function<Asked, Answer> answers = asked -> Answer.of(500, "nothing was prepared");

    public HttpStandIn() throws IOException {
        this("http", StandInServer.listen(ServerSocketFactory.getDefault()));
    }

    private HttpStandIn(String scheme, ServerSocket listening) {
        this.scheme = scheme;
        this.server = new StandInServer(listening, this::serve);
    }

    /** Returns one that is asked by HTTPS. */
    public static HttpStandIn secured(TestCertificate certificate) throws IOException {
        return secured(certificate, false);
    }

    /** Returns one that is asked by HTTPS, by those alone that show a certificate of its authority. */
    public static HttpStandIn securedForKnownClients(TestCertificate certificate) throws IOException {
        return secured(certificate, true);
    }

    private static HttpStandIn secured(TestCertificate certificate, boolean forKnownClients) throws IOException {
        ServerSocket listening = StandInServer.listen(certificate.context().getServerSocketFactory());
        ((SSLServerSocket) listening).setNeedClientAuth(forKnownClients);
        return new HttpStandIn("https", listening);
    }

    public String address() {
        return scheme + "://127.0.0.1:" + port();
    }

    public int port() {
        return server.port();
    }

    public void answer(Function<Asked, Answer> with) {
        answers = with;
    }

    /** Waits for one of the latches. */
    public static boolean within(CountDownLatch latch) throws InterruptedException {
        return latch.await(20, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private void serve(Socket socket) {
        try {
            Asked question = read(socket.getInputStream());
            asked.add(question);
            Answer answer = answers.apply(question);
            send(question, answer, socket.getOutputStream());
            if (answer.hangs()) {
                hanging.countDown();
                awaitEnd(socket);
            }
        } catch (IOException e) {
            // The client went away, or the test is over.
            abandoned.countDown();
        }
    }

    private static void send(Asked question, Answer answer, OutputStream out) throws IOException {
        if (answer.status() == 0) {
            return;
        }
        StringBuilder head = new StringBuilder("HTTP/1.1 " + answer.status() + " Said\r\nConnection: close\r\n");
        answer.headers()
                .forEach((name, value) ->
                        head.append(name).append(": ").append(value).append("\r\n"));
        out.write((head + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        if (!"HEAD".equals(question.method())) {
            sendBody(answer, out);
        }
        out.flush();
    }

    private static void sendBody(Answer answer, OutputStream out) throws IOException {
        byte[] block = new byte[64 << 10];
        try (InputStream content = answer.content().open(answer.from())) {
            for (long left = answer.sent(); left > 0; ) {
                int count = content.readNBytes(block, 0, (int) Math.min(block.length, left));
                out.write(block, 0, count);
                left -= count;
            }
        }
    }

    private void awaitEnd(Socket socket) {
        try {
            while (socket.getInputStream().read() >= 0) {
                // Nothing more is expected.
            }
        } catch (IOException e) {
            // A reset is an end too.
        }
        abandoned.countDown();
    }

    /** Reads a request. */
    static Asked read(InputStream in) throws IOException {
        String[] first = line(in).split(" ", 3);
        Map<String, String> headers = new LinkedHashMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
        return new Asked(first[0], first[1], headers, body);
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException();
            }
            line.write(b);
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }
}
