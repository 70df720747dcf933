package dewy.registry.gcs;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.regex.Matcher;

/**
 * Stands before a server: notes what is asked, and does to its answers what no server should. Each connection carries one
 * request.
 */
public final class Relay implements AutoCloseable {
    /**
     * What was asked.
     *
     * @param target path and query
     * @param headers by their names in lower case
     */
    public record Asked(String method, String target, Map<String, String> headers) {
        public Optional<String> header(String name) {
            return Optional.ofNullable(headers.get(name));
        }
    }

    /** What was asked, and with which status it was answered. */
    public record Exchanged(Asked asked, int status) {}

    /**
     * An answer.
     *
     * @param headers by their names in lower case
     * @param body instead of the server's
     * @param sent how many bytes of the body are sent
     * @param hangs whether the connection then stays open
     */
    public record Answer(int status, Map<String, String> headers, Optional<byte[]> body, long sent, boolean hangs) {
        public static Answer of(int status, String text) {
            byte[] body = text.getBytes(StandardCharsets.UTF_8);
            return new Answer(
                    status, Map.of("content-length", "" + body.length), Optional.of(body), body.length, false);
        }

        /** What the JSON API says. */
        public static Answer error(int status, String reason, String message) {
            return of(
                            status,
                            "{\"error\":{\"code\":" + status + ",\"message\":\"" + message
                                    + "\",\"errors\":[{\"message\":\"" + message
                                    + "\",\"domain\":\"global\",\"reason\":\"" + reason + "\"}]}}")
                    .with("content-type", "application/json; charset=UTF-8");
        }

        public Answer with(String header, String value) {
            Map<String, String> more = new LinkedHashMap<>(headers);
            more.put(header, value);
            return new Answer(status, more, body, sent, hangs);
        }

        public Answer without(String header) {
            Map<String, String> fewer = new LinkedHashMap<>(headers);
            fewer.remove(header);
            return new Answer(status, fewer, body, sent, hangs);
        }

        public Answer cutAt(long bytes) {
            return new Answer(status, headers, body, bytes, hangs);
        }

        public Answer hanging() {
            return new Answer(status, headers, body, sent, true);
        }
    }

    /** Changes an answer. */
    @FunctionalInterface
    public interface Tampering {
        Answer tamper(Asked asked, Answer answer);
    }

    public final List<Exchanged> exchanged = new CopyOnWriteArrayList<>();
    /** Goes down when a request is not answered. */
    public final CountDownLatch hanging = new CountDownLatch(1);
    /** What is answered without asking the server. */
    public volatile Function<Asked, Optional<Answer>> instead = asked -> Optional.empty();

    public volatile Tampering tampering = (asked, answer) -> answer;
    public volatile boolean silent;

    private final ServerSocket listening;
    private final int server;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    public Relay(int server) throws IOException {
        this.server = server;
        listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    public String address() {
        return "http://127.0.0.1:" + listening.getLocalPort();
    }

    /** Returns what was asked since the last time, as {@code GET 200}. */
    public List<String> take() {
        List<String> all = exchanged.stream()
                .map(one -> one.asked().method() + " " + one.status())
                .toList();
        exchanged.clear();
        return all;
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Socket socket : open) {
            socket.close();
        }
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "relay");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket socket = listening.accept();
                open.add(socket);
                start(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            List<String> head = head(in);
            String[] first = head.get(0).split(" ", 3);
            Asked asked = new Asked(first[0], first[1], headers(head));
            byte[] body = in.readNBytes(
                    Integer.parseInt(asked.header("content-length").orElse("0")));
            if (silent) {
                exchanged.add(new Exchanged(asked, 0));
                hanging.countDown();
                in.read();
                return;
            }
            Optional<Answer> own = instead.apply(asked);
            if (own.isPresent()) {
                exchanged.add(new Exchanged(asked, own.get().status()));
                send(asked, own.get(), InputStream.nullInputStream(), socket, in);
            } else {
                pass(asked, head, body, socket, in);
            }
        } catch (IOException e) {
            // One of them went away.
        } finally {
            open.remove(socket);
        }
    }

    private void pass(Asked asked, List<String> head, byte[] body, Socket socket, InputStream client)
            throws IOException {
        try (Socket upstream = new Socket(InetAddress.getLoopbackAddress(), server)) {
            StringBuilder request = new StringBuilder(head.get(0)).append("\r\n");
            for (String line : head.subList(1, head.size())) {
                if (!line.toLowerCase(Locale.ROOT).startsWith("connection:")) {
                    request.append(line).append("\r\n");
                }
            }
            OutputStream out = upstream.getOutputStream();
            out.write(request.append("Connection: close\r\n\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
            out.write(body);
            out.flush();
            InputStream in = new BufferedInputStream(upstream.getInputStream());
            List<String> answered = head(in);
            int status = Integer.parseInt(answered.get(0).split(" ", 3)[1]);
            Map<String, String> headers = headers(answered);
            // Where an upload goes on: here, too.
            headers.computeIfPresent(
                    "location", (name, url) -> url.replaceFirst("http://[^/]*", Matcher.quoteReplacement(address())));
            Answer answer =
                    tampering.tamper(asked, new Answer(status, headers, Optional.empty(), Long.MAX_VALUE, false));
            exchanged.add(new Exchanged(asked, answer.status()));
            send(asked, answer, in, socket, client);
        }
    }

    private void send(Asked asked, Answer answer, InputStream server, Socket socket, InputStream client)
            throws IOException {
        OutputStream out = socket.getOutputStream();
        StringBuilder head = new StringBuilder("HTTP/1.1 " + answer.status() + " Said\r\nConnection: close\r\n");
        answer.headers().forEach((name, value) -> {
            if (!name.equals("connection")) {
                head.append(name).append(": ").append(value).append("\r\n");
            }
        });
        out.write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        if (!asked.method().equals("HEAD")) {
            long left = answer.sent();
            if (answer.body().isPresent()) {
                out.write(answer.body().get(), 0, (int)
                        Math.min(left, answer.body().get().length));
            } else {
                byte[] block = new byte[64 << 10];
                for (int n = 0; n >= 0 && left > 0; left -= Math.max(0, n)) {
                    n = server.read(block, 0, (int) Math.min(block.length, left));
                    out.write(block, 0, Math.max(0, n));
                }
            }
        }
        out.flush();
        if (answer.hangs()) {
            hanging.countDown();
            client.read();
        }
    }

    private static Map<String, String> headers(List<String> head) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (String line : head.subList(1, head.size())) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        return headers;
    }

    private static List<String> head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int matched = 0;
        while (matched < 4) {
            int b = in.read();
            if (b < 0) {
                throw new EOFException();
            }
            head.write(b);
            matched = b == "\r\n\r\n".charAt(matched) ? matched + 1 : b == '\r' ? 1 : 0;
        }
        return head.toString(StandardCharsets.ISO_8859_1).strip().lines().toList();
    }
}
