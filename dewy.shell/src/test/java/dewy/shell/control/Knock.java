package dewy.shell.control;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** Asks for a command, in a process and as a user of its own, and says how far it got. */
final class Knock {
    private Knock() {}

    public static void main(String[] arguments) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(Path.of(arguments[0])));
            System.out.println("connected");
            channel.write(ByteBuffer.wrap(new byte[] {0, 0, 0, 0, 1, 0, 0, 0, 4, 'a', 'p', 'p', 's'}));
            System.out.println(channel.read(ByteBuffer.allocate(1)) < 0 ? "refused" : "answered");
        } catch (IOException e) {
            System.out.println("refused: " + e.getMessage());
        }
    }
}
