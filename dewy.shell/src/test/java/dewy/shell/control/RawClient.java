package dewy.shell.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A client of the control socket that says what it likes, one byte after the other. */
final class RawClient implements AutoCloseable {
    private static final int OUT = 1;
    private static final int EXIT = 3;

    private final SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    private final OutputStream out = Channels.newOutputStream(channel);
    private final DataInputStream in = new DataInputStream(Channels.newInputStream(channel));

    record Frame(int type, ByteBuffer bytes) {}

    record Answer(String text, int exitCode) {}

    RawClient(Path socket) throws IOException {
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** Connects, sends a request and returns the answer to it. */
    static Answer ask(Path socket, String... arguments) throws IOException {
        try (RawClient client = new RawClient(socket)) {
            client.send(request(0, arguments));
            return client.answer();
        }
    }

    static byte[] request(int flags, String... arguments) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream data = new DataOutputStream(bytes);
        data.writeByte(flags);
        data.writeInt(arguments.length);
        for (String argument : arguments) {
            byte[] encoded = argument.getBytes(StandardCharsets.UTF_8);
            data.writeInt(encoded.length);
            data.write(encoded);
        }
        return bytes.toByteArray();
    }

    void send(byte... bytes) throws IOException {
        for (byte each : bytes) {
            out.write(each);
        }
    }

    byte[] read(int length) throws IOException {
        return in.readNBytes(length);
    }

    /** Returns all frames until the agent hangs up. */
    List<Frame> frames() throws IOException {
        List<Frame> frames = new ArrayList<>();
        for (int type = in.read(); type >= 0; type = in.read()) {
            byte[] bytes = new byte[in.readInt()];
            in.readFully(bytes);
            frames.add(new Frame(type, ByteBuffer.wrap(bytes)));
        }
        return frames;
    }

    Answer answer() throws IOException {
        List<Frame> frames = frames();
        assertThat(frames).as("the frames of an answer").isNotEmpty();
        Frame exit = frames.remove(frames.size() - 1);
        assertThat(exit.type()).isEqualTo(EXIT);
        assertThat(exit.bytes().capacity()).isEqualTo(Integer.BYTES);
        assertThat(frames).allMatch(frame -> frame.type() == OUT);
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        frames.forEach(frame -> text.writeBytes(frame.bytes().array()));
        return new Answer(text.toString(StandardCharsets.UTF_8), exit.bytes().getInt());
    }

    /** Sends the bytes, waits until the agent hangs up, and returns whether it did so without a word. */
    boolean isRefused(byte... bytes) {
        try {
            send(bytes);
            return in.read() < 0;
        } catch (IOException e) {
            return true; // It hung up without reading everything, maybe before all was sent.
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
