package dewy.cache.redis;

import dewy.tck.TcpRelay;
import dewy.tck.Trouble;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/** What one test uses of a server that others use as well: keys of its own, and a relay in between. */
final class RedisSite implements AutoCloseable {
    private final Path folder;
    private final RedisServer server;
    private final TcpRelay relay;
    private final String prefix = "dewy:" + UUID.randomUUID();
    private int port;

    RedisSite(Path folder, RedisServer server) throws IOException {
        this.folder = folder;
        this.server = server;
        this.relay = new TcpRelay(server.port());
        this.port = relay.port();
        Files.writeString(folder.resolve("password"), RedisServer.PASSWORD);
    }

    TcpRelay relay() {
        return relay;
    }

    String url() {
        return "redis://dewy@127.0.0.1:" + port + "/0?password=file:" + folder.resolve("password") + "&prefix="
                + prefix;
    }

    /** Returns the name of a key of the app {@code web}. */
    String key(String name) {
        return prefix + ":{web}:" + name;
    }

    void befall(Trouble trouble) throws IOException {
        switch (trouble) {
            case DOWN -> relay.close();
            case HANGING -> relay.hang();
            case REFUSING -> Files.writeString(folder.resolve("password"), "not-" + RedisServer.PASSWORD);
            case BREAKING_OFF -> relay.breakOffAfter("EVAL");
            case LYING -> port = webServer();
            default -> throw new AssertionError(trouble);
        }
    }

    RedisServer server() {
        return server;
    }

    /** Returns the port of what is no Redis. */
    private static int webServer() throws IOException {
        ServerSocket socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(() -> {
            try (socket;
                    Socket client = socket.accept()) {
                client.getInputStream().read();
                client.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                // The test is over.
            }
        });
        thread.setDaemon(true);
        thread.start();
        return socket.getLocalPort();
    }

    @Override
    public void close() {
        relay.close();
    }
}
