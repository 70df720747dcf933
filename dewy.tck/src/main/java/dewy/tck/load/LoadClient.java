package dewy.tck.load;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** A connection of a client, which asks one thing after the other, and finds each answer to be what it has to be. */
final class LoadClient implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 30_000;
    private static final int BUFFER = 8 << 10;
    private static final int PART = 256 << 10;
    private static final int MOST_PARTS = 12;
    private static final int LONGEST_ECHO = 4_000;
    private static final int MESSAGE = 100;
    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

    private final Socket socket;
    private final Reading in;
    private final OutputStream out;
    private final Random random;
    private boolean kept = true;
    private long asked;
    private long began = System.nanoTime();

    /** What came is not what had to come. */
    static final class WrongAnswer extends IOException {
        private static final long serialVersionUID = 1;

        WrongAnswer(String what) {
            super(what);
        }
    }

    LoadClient(Socket socket, Random random) throws IOException {
        this.socket = socket;
        this.random = random;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        in = new Reading(socket.getInputStream());
        out = new BufferedOutputStream(socket.getOutputStream(), BUFFER);
    }

    /** Returns whether it can ask once more. */
    boolean isKept() {
        return kept;
    }

    /** Returns whether the last request is one that was sent when its connection had been kept, and of whose answer nothing came. */
    boolean isUnanswered() {
        return asked > 1 && in.count() == 0;
    }

    /** Returns how far it got with what it does. */
    String position() {
        return "request " + asked + " of its connection from port " + socket.getLocalPort() + ", "
                + sinceItBegan().toMillis() + " ms after it began, " + in.takeCount() + " bytes of the answer";
    }

    /** Returns how long ago the last request began. */
    Duration sinceItBegan() {
        return Duration.ofNanos(System.nanoTime() - began);
    }

    /** Returns the version that answers. */
    String get(boolean last) throws IOException {
        begin("GET / HTTP/1.1\r\nHost: load\r\n" + (last ? "Connection: close\r\n\r\n" : "\r\n"));
        return new String(in.body(answer()), StandardCharsets.US_ASCII);
    }

    void post() throws IOException {
        byte[] body = new byte[1 + random.nextInt(LONGEST_ECHO)];
        random.nextBytes(body);
        begin("POST " + LoadServer.ECHO + " HTTP/1.1\r\nHost: load\r\nContent-Length: " + body.length + "\r\n\r\n");
        out.write(body);
        expect("what was sent", body, in.body(answer()));
    }

    /** Sends some megabytes, part by part, in chunks every other time. */
    void upload() throws IOException, InterruptedException {
        int parts = 1 + random.nextInt(MOST_PARTS);
        boolean chunked = random.nextBoolean();
        String length = chunked ? "Transfer-Encoding: chunked" : "Content-Length: " + (long) parts * PART;
        begin("POST " + LoadServer.DIGEST + " HTTP/1.1\r\nHost: load\r\n" + length + "\r\n\r\n");
        MessageDigest digest = LoadServer.digest();
        OutputStream digested = new DigestOutputStream(OutputStream.nullOutputStream(), digest);
        for (int part = 0; part < parts; part++) {
            out.write(ascii(chunked ? Integer.toHexString(PART) + "\r\n" : ""));
            Pattern.write(out, (long) part * PART, PART);
            Pattern.write(digested, (long) part * PART, PART);
            out.write(ascii(chunked ? "\r\n" : ""));
            out.flush();
            TimeUnit.MILLISECONDS.sleep(random.nextInt(10));
        }
        out.write(ascii(chunked ? "0\r\n\r\n" : ""));
        expect("the digest", ascii(HexFormat.of().formatHex(digest.digest())), in.body(answer()));
    }

    /** Takes what is large, but not all at once. */
    void download() throws IOException {
        begin("GET " + LoadServer.LARGE + " HTTP/1.1\r\nHost: load\r\n\r\n");
        HttpHead answer = answer();
        if (answer.length() != LoadServer.LARGE_BYTES) {
            throw new WrongAnswer("the answer has " + answer.length() + " bytes");
        }
        long[] taken = {0};
        in.body(answer, (bytes, length) -> {
            Pattern.check(bytes, length, taken[0]);
            taken[0] += length;
            if (taken[0] % (2L << 20) < length) {
                pause(10);
            }
        });
    }

    private static void pause(int millis) throws IOException {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    /** Begins to speak by a WebSocket. */
    void talk() throws IOException {
        begin("GET /socket HTTP/1.1\r\nHost: load\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + KEY + "\r\n\r\n");
        out.flush();
        HttpHead answer = in.head();
        if (!answer.subject().equals("101")
                || !answer.field("sec-websocket-accept").equals(Frame.accept(KEY))) {
            throw new WrongAnswer("answered " + answer);
        }
    }

    /** Says something by the WebSocket, and is answered the same. */
    void say() throws IOException {
        byte[] message = new byte[MESSAGE];
        random.nextBytes(message);
        exchange(new Frame(Frame.BINARY, message));
    }

    /** Ends the WebSocket in good order. */
    void hangUp() throws IOException {
        exchange(new Frame(Frame.CLOSE, new byte[0]));
    }

    private void exchange(Frame said) throws IOException {
        asked++;
        in.takeCount();
        said.writeMasked(out, random);
        out.flush();
        Frame heard = Frame.read(in);
        if (heard.opcode() != said.opcode()) {
            throw new WrongAnswer("a message of the kind " + heard.opcode() + " came for " + said.opcode());
        }
        expect("the message", said.payload(), heard.payload());
    }

    private void begin(String head) throws IOException {
        asked++;
        began = System.nanoTime();
        in.takeCount();
        out.write(ascii(head));
    }

    private HttpHead answer() throws IOException {
        out.flush();
        HttpHead answer = in.head();
        if (!answer.subject().equals("200")) {
            throw new WrongAnswer("answered " + answer);
        }
        kept = !answer.isLast();
        return answer;
    }

    private static void expect(String what, byte[] sent, byte[] came) throws IOException {
        int wrong = Arrays.mismatch(sent, came);
        if (wrong >= 0) {
            throw new WrongAnswer("of " + what + ", " + sent.length + " bytes, came " + came.length
                    + ", which differ from byte " + wrong + " on");
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
