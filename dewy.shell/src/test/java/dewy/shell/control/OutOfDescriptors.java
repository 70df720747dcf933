package dewy.shell.control;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Opens a control socket, runs out of descriptors while a client waits, and says whether that is answered later. */
final class OutOfDescriptors {
    private OutOfDescriptors() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        Path home = Files.createDirectory(folder.resolve("home"));
        List<InputStream> taken = new ArrayList<>();
        try (ControlSocket socket =
                        ControlSocket.open(home, List.of(folder), Duration.ofHours(1), (request, user, client) -> 0);
                SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            RawClient.ask(socket.path(), "once"); // So that all classes are loaded.
            takeAll(taken);
            client.connect(UnixDomainSocketAddress.of(socket.path()));
            TimeUnit.SECONDS.sleep(2);
            for (InputStream each : taken) {
                each.close();
            }
            client.write(ByteBuffer.wrap(RawClient.request(0, "apps")));
            System.out.println(client.read(ByteBuffer.allocate(1)) < 0 ? "refused" : "answered");
        }
    }

    private static void takeAll(List<InputStream> taken) {
        try {
            while (true) {
                taken.add(new FileInputStream("/dev/null"));
            }
        } catch (IOException e) {
            System.out.println("out of descriptors");
        }
    }
}
