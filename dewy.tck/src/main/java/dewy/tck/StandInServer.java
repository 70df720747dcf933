package dewy.tck;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ServerSocketFactory;

/** Listens at a port of loopback, and serves each connection on a thread of its own, until it is closed. */
public final class StandInServer implements AutoCloseable {
    /** What is done with a connection, which is closed afterwards. */
    @FunctionalInterface
    public interface Service {
        void serve(Socket client) throws IOException;
    }

    private final ServerSocket listening;
    private final Service service;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Thread accepting;

    public StandInServer(Service service) throws IOException {
        this(listen(ServerSocketFactory.getDefault()), service);
    }

    StandInServer(ServerSocket listening, Service service) {
        this.listening = listening;
        this.service = service;
        this.accepting = start(this::accept);
    }

    static ServerSocket listen(ServerSocketFactory sockets) throws IOException {
        return sockets.createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    /** Runs something beside the test. */
    static Thread start(Runnable work) {
        Thread thread = new Thread(work, "stand-in");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    public int port() {
        return listening.getLocalPort();
    }

    /** Breaks the connections that there are. */
    public void breakConnections() throws IOException {
        for (Socket client : open) {
            client.close();
        }
    }

    /** Returns when nobody is served any more. */
    @Override
    public void close() throws IOException {
        listening.close();
        try {
            accepting.join(); // Until it has noticed, a connection may still be accepted.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        breakConnections();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listening.accept();
                open.add(client);
                start(() -> serve(client));
            }
        } catch (IOException e) {
            // It is closed.
        }
    }

    private void serve(Socket client) {
        try (client) {
            service.serve(client);
        } catch (IOException e) {
            // The client went away, or the test is over.
        } finally {
            open.remove(client);
        }
    }
}
