package dewy.launcher.shell;

import dewy.api.control.Window;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A connection to the control socket of an agent, for one command. A request is a byte of flags (bit 0: the output goes to
 * a terminal, bit 1: which is to have no colours, bit 2: its columns and rows follow, bit 3: it shows all characters), those two numbers, the number of
 * arguments, and each argument with its length; the answer is a sequence of frames of a type, a length and bytes. Numbers
 * are 32 bits, big endian. Closing it, from any thread, ends the command.
 */
final class Wire implements AutoCloseable {
    /** There is no agent to talk to, or it has gone. */
    static final class NoAgentException extends IOException {
        private static final long serialVersionUID = 1L;

        NoAgentException(String message) {
            super(message);
        }
    }

    private static final int TERMINAL = 1;
    private static final int PLAIN = 2;
    private static final int SIZE = 4;
    private static final int UNICODE = 8;
    private static final int OUT = 1;
    private static final int ERR = 2;
    private static final int EXIT = 3;
    private static final int LIVE = 4;
    private static final int LONGEST_FRAME = 1 << 20;

    private final SocketChannel socket;

    private Wire(SocketChannel socket) {
        this.socket = socket;
    }

    /**
     * Connects to the agent of a home.
     *
     * @throws NoAgentException if there is none, or it does not answer
     */
    static Wire open(Path home) throws IOException {
        Path pointer = home.resolve("control");
        if (!Files.exists(pointer)) {
            throw new NoAgentException(
                    "no agent runs that has its home in " + home + ". Start it, or name its folder with -d or --home");
        }
        SocketChannel socket = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            socket.connect(UnixDomainSocketAddress.of(Files.readString(pointer).strip()));
            return new Wire(socket);
        } catch (IOException e) {
            socket.close();
            throw new NoAgentException(
                    "the agent of " + home + " does not answer: " + e.getMessage() + ". Is it running?");
        }
    }

    void send(List<String> command, Window window) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream request = new DataOutputStream(bytes);
        int flags = (window.terminal() ? TERMINAL : 0) | (window.colours() ? 0 : PLAIN) | SIZE;
        request.writeByte(flags | (window.unicode() ? UNICODE : 0));
        request.writeInt(window.columns());
        request.writeInt(window.rows());
        request.writeInt(command.size());
        for (String argument : command) {
            byte[] encoded = argument.getBytes(StandardCharsets.UTF_8);
            request.writeInt(encoded.length);
            request.write(encoded);
        }
        Channels.newOutputStream(socket).write(bytes.toByteArray());
    }

    /**
     * Copies the answer until the command has ended; returns its exit code.
     *
     * @param live is told when the command goes on until the connection is closed
     */
    int receive(OutputStream out, OutputStream err, Runnable live) throws IOException {
        DataInputStream in = new DataInputStream(Channels.newInputStream(socket));
        while (true) {
            int type;
            byte[] bytes;
            try {
                type = in.readUnsignedByte();
                bytes = new byte[length(in.readInt())];
                in.readFully(bytes);
            } catch (EOFException e) {
                throw new NoAgentException("the agent went away before the command was done");
            }
            switch (type) {
                case OUT -> write(out, bytes);
                case ERR -> write(err, bytes);
                case LIVE -> live.run();
                case EXIT -> {
                    return ByteBuffer.wrap(bytes).getInt();
                }
                default -> throw new IOException("the agent answered with a frame of unknown type " + type);
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private static int length(int length) throws IOException {
        if (length < 0 || length > LONGEST_FRAME) {
            throw new IOException("the agent answered with a frame of " + length + " bytes");
        }
        return length;
    }

    private static void write(OutputStream out, byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }
}
