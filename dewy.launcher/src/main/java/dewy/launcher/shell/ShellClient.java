package dewy.launcher.shell;

import dewy.launcher.Terminal;
import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Sends commands to a running agent over its control socket. A request is a byte of flags (bit 0: the output goes to a
 * terminal), the number of arguments, and each argument with its length; the answer is a sequence of frames of a type, a
 * length and bytes. Numbers are 32 bits, big endian.
 */
public final class ShellClient {
    private static final int OUT = 1;
    private static final int ERR = 2;
    private static final int EXIT = 3;
    private static final int NO_AGENT = 2;
    private static final int LONGEST_FRAME = 1 << 20;

    private final Path home;

    public ShellClient(Path home) {
        this.home = home;
    }

    /** Runs one command, or a prompt when there is none; returns the exit code. */
    public int run(List<String> command) throws IOException {
        return command.isEmpty() ? prompt() : send(command);
    }

    private int prompt() throws IOException {
        boolean interactive = Terminal.isInteractive();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        int exitCode = 0;
        while (true) {
            if (interactive) {
                System.out.print("dewy> ");
                System.out.flush();
            }
            String line = in.readLine();
            if (line == null || List.of("quit", "exit").contains(line.strip())) {
                return exitCode;
            }
            if (!line.isBlank()) {
                exitCode = send(List.of(line.strip().split("\\s+", -1)));
            }
        }
    }

    private int send(List<String> command) throws IOException {
        try (SocketChannel socket = connect()) {
            write(new DataOutputStream(Channels.newOutputStream(socket)), command);
            return copy(new DataInputStream(Channels.newInputStream(socket)));
        } catch (NoAgentException e) {
            System.err.println("dewy: " + e.getMessage());
            return NO_AGENT;
        }
    }

    private SocketChannel connect() throws IOException, NoAgentException {
        Path pointer = home.resolve("control");
        if (!Files.exists(pointer)) {
            throw new NoAgentException("no agent has its home in " + home + ". Name its folder with -d or --home");
        }
        SocketChannel socket = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            socket.connect(UnixDomainSocketAddress.of(Files.readString(pointer).strip()));
            return socket;
        } catch (IOException e) {
            socket.close();
            throw new NoAgentException(
                    "the agent of " + home + " does not answer: " + e.getMessage() + ". Is it running?");
        }
    }

    private static void write(DataOutputStream out, List<String> command) throws IOException {
        out.writeByte(Terminal.isInteractive() ? 1 : 0);
        out.writeInt(command.size());
        for (String argument : command) {
            byte[] bytes = argument.getBytes(StandardCharsets.UTF_8);
            out.writeInt(bytes.length);
            out.write(bytes);
        }
        out.flush();
    }

    private static int copy(DataInputStream in) throws IOException {
        while (true) {
            int type;
            byte[] bytes;
            try {
                type = in.readUnsignedByte();
                bytes = new byte[length(in.readInt())];
                in.readFully(bytes);
            } catch (EOFException e) {
                System.err.println("dewy: the agent went away before the command was done");
                return NO_AGENT;
            }
            switch (type) {
                case OUT -> write(System.out, bytes);
                case ERR -> write(System.err, bytes);
                case EXIT -> {
                    return java.nio.ByteBuffer.wrap(bytes).getInt();
                }
                default -> throw new IOException("the agent answered with a frame of unknown type " + type);
            }
        }
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

    private static final class NoAgentException extends Exception {
        private static final long serialVersionUID = 1L;

        NoAgentException(String message) {
            super(message);
        }
    }
}
