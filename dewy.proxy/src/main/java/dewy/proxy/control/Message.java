package dewy.proxy.control;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One question or answer. Immutable.
 *
 * @param verb what is to be done, or what has become of it
 * @param fields values by name
 */
public record Message(String verb, Map<String, String> fields) {
    /** What has become of a question: it was done. */
    public static final String DONE = "done";

    /** What has become of a question: it failed, with nothing done. */
    public static final String FAILED = "failed";

    private static final int VERSION = 1;
    private static final int LONGEST = 64 << 20;

    public Message {
        fields = Map.copyOf(fields);
    }

    public static Message of(String verb) {
        return new Message(verb, Map.of());
    }

    /** Returns the same with one more value. */
    public Message with(String name, Object value) {
        return with(Map.of(name, value.toString()));
    }

    /** Returns the same with more values. */
    public Message with(Map<String, String> more) {
        Map<String, String> all = new LinkedHashMap<>(fields);
        all.putAll(more);
        return new Message(verb, all);
    }

    /**
     * Returns a value.
     *
     * @throws IllegalArgumentException if it is missing
     */
    public String text(String name) {
        return find(name).orElseThrow(() -> new IllegalArgumentException(verb + " lacks \"" + name + "\""));
    }

    public Optional<String> find(String name) {
        return Optional.ofNullable(fields.get(name));
    }

    /**
     * Returns a number.
     *
     * @throws IllegalArgumentException if it is missing, or is none
     */
    public long number(String name) {
        return Long.parseLong(text(name));
    }

    /** Writes it as one frame; somebody may read from the same channel meanwhile, which streams of a channel do not allow. */
    public void writeTo(WritableByteChannel channel) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream body = new DataOutputStream(bytes);
        body.writeInt(0); // The length, once it is known.
        body.writeInt(VERSION);
        write(verb, body);
        body.writeInt(fields.size());
        for (Map.Entry<String, String> field : fields.entrySet()) {
            write(field.getKey(), body);
            write(field.getValue(), body);
        }
        byte[] frame = bytes.toByteArray();
        int length = frame.length - Integer.BYTES;
        for (int i = 0; i < Integer.BYTES; i++) {
            frame[i] = (byte) (length >>> (Byte.SIZE * (Integer.BYTES - 1 - i)));
        }
        for (ByteBuffer left = ByteBuffer.wrap(frame); left.hasRemaining(); ) {
            channel.write(left);
        }
    }

    /**
     * Reads one frame.
     *
     * @throws IOException if the connection ends before, or says what cannot be a message
     */
    public static Message readFrom(InputStream in) throws IOException {
        int length = new DataInputStream(in).readInt();
        if (length < 0 || length > LONGEST) {
            throw new IOException("a message of " + length + " bytes");
        }
        byte[] frame = in.readNBytes(length);
        if (frame.length < length) {
            throw new EOFException("the connection ended within a message");
        }
        DataInputStream body = new DataInputStream(new ByteArrayInputStream(frame));
        int version = body.readInt();
        if (version != VERSION) {
            throw new IOException("a message of version " + version + ", and only " + VERSION + " is known");
        }
        String verb = read(body);
        Map<String, String> fields = new LinkedHashMap<>();
        int count = body.readInt();
        for (int i = 0; i < count; i++) {
            String name = read(body);
            fields.put(name, read(body));
        }
        return new Message(verb, fields);
    }

    private static void write(String text, DataOutputStream out) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static String read(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > in.available()) {
            throw new IOException("a text of " + length + " bytes");
        }
        return new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }
}
