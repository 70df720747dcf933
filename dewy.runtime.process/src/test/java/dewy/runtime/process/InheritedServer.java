package dewy.runtime.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** A server as Java and inetd know it: its standard input is the listening socket. It answers with its generation. */
final class InheritedServer {
    private InheritedServer() {}

    public static void main(String[] arguments) throws IOException {
        Channel inherited = System.inheritedChannel();
        if (!(inherited instanceof ServerSocketChannel server)) {
            throw new IOException("standard input is no listening socket but " + inherited);
        }
        byte[] answer = System.getenv("SERVER_STARTER_GENERATION").getBytes(StandardCharsets.US_ASCII);
        while (true) {
            try (SocketChannel client = server.accept()) {
                client.write(ByteBuffer.wrap(answer));
            }
        }
    }
}
