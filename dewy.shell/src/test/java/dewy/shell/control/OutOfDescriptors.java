package dewy.shell.control;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Opens a control socket, runs out of descriptors while a client waits, and says whether that is answered later. */
final class OutOfDescriptors {
    /** More than descriptors may still be given back by the connection before. */
    private static final int CLIENTS = 4;

    private OutOfDescriptors() {}

    public static void main(String[] arguments) throws Exception {
        CountDownLatch failed = new CountDownLatch(1);
        System.setOut(noticing(failed, System.out));
        Path folder = Path.of(arguments[0]);
        Path home = Files.createDirectory(folder.resolve("home"));
        List<InputStream> taken = new ArrayList<>();
        try (ControlSocket socket =
                ControlSocket.open(home, List.of(folder), Duration.ofHours(1), (request, user, client) -> 0)) {
            RawClient.ask(socket.path(), "once"); // So that all classes are loaded.
            List<SocketChannel> clients = clients();
            takeAll(taken);
            for (SocketChannel client : clients) {
                client.connect(UnixDomainSocketAddress.of(socket.path()));
            }
            failed.await(20, TimeUnit.SECONDS);
            for (InputStream each : taken) {
                each.close();
            }
            SocketChannel last = clients.get(CLIENTS - 1);
            last.write(ByteBuffer.wrap(RawClient.request(0, "apps")));
            System.out.println(last.read(ByteBuffer.allocate(1)) < 0 ? "refused" : "answered");
        }
    }

    private static List<SocketChannel> clients() throws IOException {
        List<SocketChannel> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(SocketChannel.open(StandardProtocolFamily.UNIX));
        }
        return clients;
    }

    private static PrintStream noticing(CountDownLatch failed, PrintStream out) {
        return new PrintStream(out, true, StandardCharsets.UTF_8) {
            @Override
            public void write(byte[] bytes, int offset, int length) {
                super.write(bytes, offset, length);
                if (new String(bytes, offset, length, StandardCharsets.UTF_8).contains("Control socket failure")) {
                    failed.countDown();
                }
            }
        };
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
