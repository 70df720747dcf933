package dewy.tck.load;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.random.RandomGenerator;

/** A short message of a WebSocket (RFC 6455, section 5.2). */
final class Frame {
    static final int BINARY = 2;
    static final int CLOSE = 8;

    private static final int FINAL = 0x80;
    private static final int MASKED = 0x80;
    private static final int LONGEST = 125;
    private static final String ACCEPTED = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private final int opcode;
    private final byte[] payload;

    /**
     * @param opcode {@link #BINARY} or {@link #CLOSE}
     * @param payload at most 125 bytes
     */
    Frame(int opcode, byte[] payload) {
        this.opcode = opcode;
        this.payload = payload;
    }

    int opcode() {
        return opcode;
    }

    byte[] payload() {
        return payload;
    }

    /** Returns what a server answers to the key of a client. */
    static String accept(String key) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-1").digest((key + ACCEPTED).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    static Frame read(Reading in) throws IOException {
        int opcode = in.one() & ~FINAL;
        int second = in.one();
        byte[] mask = new byte[4];
        for (int i = 0; i < mask.length && (second & MASKED) != 0; i++) {
            mask[i] = (byte) in.one();
        }
        int length = second & ~MASKED;
        if (length > LONGEST) {
            throw new IOException("a message is longer than any that was sent");
        }
        byte[] payload = new byte[length];
        for (int i = 0; i < length; i++) {
            payload[i] = (byte) (in.one() ^ mask[i % mask.length]);
        }
        return new Frame(opcode, payload);
    }

    /** Writes it as a server does. */
    void write(OutputStream out) throws IOException {
        out.write(FINAL | opcode);
        out.write(payload.length);
        out.write(payload);
    }

    /** Writes it as a client does. */
    void writeMasked(OutputStream out, RandomGenerator random) throws IOException {
        byte[] mask = new byte[4];
        random.nextBytes(mask);
        out.write(FINAL | opcode);
        out.write(MASKED | payload.length);
        out.write(mask);
        for (int i = 0; i < payload.length; i++) {
            out.write(payload[i] ^ mask[i % mask.length]);
        }
    }
}
