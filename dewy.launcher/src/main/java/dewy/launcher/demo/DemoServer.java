package dewy.launcher.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URISyntaxException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * The server that the demonstration releases: it accepts on the socket it finds as its standard input, answers with its
 * version, and ends gracefully. It needs no other class of Dewy's.
 */
public final class DemoServer {
    private static final int DRAIN_SECONDS = 20;

    private final ServerSocketChannel listener;
    private final String version;
    private final ExecutorService connections = Executors.newCachedThreadPool();
    private final CountDownLatch accepted = new CountDownLatch(1);
    private volatile boolean draining;

    private DemoServer(ServerSocketChannel listener, String version) {
        this.listener = listener;
        this.version = version;
    }

    public static void main(String... arguments) throws IOException, URISyntaxException {
        Path release = Path.of(DemoServer.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        if (!(System.inheritedChannel() instanceof ServerSocketChannel listener)) {
            throw new IOException("standard input is no listening socket");
        }
        String version = Files.readString(release.resolve("VERSION")).strip();
        DemoServer server = new DemoServer(listener, version);
        Runtime.getRuntime().addShutdownHook(new Thread(server::drain));
        server.accept();
    }

    private void accept() throws IOException {
        while (true) {
            try {
                Socket connection = listener.accept().socket();
                connections.execute(() -> serve(connection));
            } catch (ClosedChannelException e) {
                accepted.countDown();
                return;
            }
        }
    }

    private void drain() {
        draining = true;
        try {
            listener.close();
            // A connection that was accepted just now is served too.
            accepted.await();
            connections.shutdown();
            connections.awaitTermination(DRAIN_SECONDS, TimeUnit.SECONDS);
        } catch (IOException e) {
            System.err.println("The listener does not close: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.US_ASCII));
            boolean open = true;
            while (open && in.readLine() != null) {
                open = answer(in, connection.getOutputStream());
            }
        } catch (IOException e) {
            System.err.println("A client went away: " + e.getMessage());
        }
    }

    /** Returns whether the connection stays open. */
    private boolean answer(BufferedReader in, OutputStream out) throws IOException {
        boolean close = draining;
        for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
            close |= line.equalsIgnoreCase("Connection: close");
        }
        String body = version + " hello\n";
        String head = "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n"
                + (close ? "Connection: close\r\n\r\n" : "\r\n");
        out.write((head + body).getBytes(StandardCharsets.US_ASCII));
        return !close;
    }
}
