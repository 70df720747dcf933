package dewy.itest;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Sends commands to an agent, as the shell does, without a JVM for each. */
record ControlClient(Path home) {
    private static final int EXIT = 3;

    /** What a command came to. */
    record Answer(String text, int exitCode) {}

    /** Returns what the command wrote; its exit code must be 0. */
    String run(String... command) throws IOException {
        Answer answer = ask(command);
        if (answer.exitCode() != 0) {
            throw new AssertionError(
                    String.join(" ", command) + " ended with " + answer.exitCode() + ": " + answer.text());
        }
        return answer.text();
    }

    Answer ask(String... command) throws IOException {
        try (SocketChannel socket = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            socket.connect(UnixDomainSocketAddress.of(
                    Files.readString(home.resolve("control")).strip()));
            DataOutputStream out = new DataOutputStream(Channels.newOutputStream(socket));
            out.writeByte(0);
            out.writeInt(command.length);
            for (String argument : command) {
                byte[] bytes = argument.getBytes(StandardCharsets.UTF_8);
                out.writeInt(bytes.length);
                out.write(bytes);
            }
            out.flush();
            return answer(new DataInputStream(Channels.newInputStream(socket)));
        }
    }

    private static Answer answer(DataInputStream in) throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        while (true) {
            int type = in.readUnsignedByte();
            byte[] bytes = in.readNBytes(in.readInt());
            if (type == EXIT) {
                return new Answer(text.toString(StandardCharsets.UTF_8), bytes[3]);
            }
            text.write(bytes);
        }
    }
}
