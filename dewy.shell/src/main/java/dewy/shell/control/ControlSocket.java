package dewy.shell.control;

import dewy.view.LocalUser;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes commands from clients on this host, over a unix socket that only its owner can reach. Each client has a thread;
 * their number is limited, and none can hold up the agent.
 */
final class ControlSocket implements AutoCloseable {
    /** Runs what clients ask for. */
    @FunctionalInterface
    interface Runner {
        /**
         * Runs a command.
         *
         * @param user who asks
         * @param screen where its output goes
         * @return the exit code
         * @throws IOException if the client has gone
         */
        int run(Request request, String user, ClientScreen screen) throws IOException;
    }

    private static final Logger LOG = LoggerFactory.getLogger("dewy.shell");
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final int UNFORESEEN = 1;
    private static final int MOST_SESSIONS = 128;

    private final SocketPlace place;
    private final ServerSocketChannel server;
    private final Runner runner;
    private final Duration requestLimit;
    private final Semaphore free = new Semaphore(MOST_SESSIONS);
    private final Set<SocketChannel> sessions = ConcurrentHashMap.newKeySet();
    private final ScheduledThreadPoolExecutor limits;

    private ControlSocket(SocketPlace place, ServerSocketChannel server, Runner runner, Duration requestLimit) {
        this.place = place;
        this.server = server;
        this.runner = runner;
        this.requestLimit = requestLimit;
        this.limits = new ScheduledThreadPoolExecutor(1, task -> daemon("dewy-control-limits", task));
        limits.setRemoveOnCancelPolicy(true);
    }

    /**
     * Opens the socket of an agent home; one that a dead agent left behind is replaced.
     *
     * @param requestLimit how long a client may take to say what it wants
     */
    static ControlSocket open(Path home, List<Path> runtimeFolders, Duration requestLimit, Runner runner)
            throws IOException {
        SocketPlace place = SocketPlace.of(home, runtimeFolders);
        Files.deleteIfExists(place.socket());
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            server.bind(UnixDomainSocketAddress.of(place.socket()), MOST_SESSIONS);
            Files.setPosixFilePermissions(place.socket(), OWNER_ONLY);
            place.publish();
        } catch (IOException e) {
            server.close();
            place.withdraw();
            throw e;
        }
        ControlSocket socket = new ControlSocket(place, server, runner, requestLimit);
        daemon("dewy-control", socket::accept).start();
        return socket;
    }

    Path path() {
        return place.socket();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (SocketChannel session : sessions) {
            session.close();
        }
        limits.shutdownNow();
        place.withdraw();
    }

    private void accept() {
        AcceptBackoff backoff = new AcceptBackoff();
        try {
            while (server.isOpen()) {
                free.acquire();
                try {
                    serve(server.accept());
                    backoff.succeeded();
                } catch (ClosedChannelException e) {
                    return;
                } catch (IOException | OutOfMemoryError e) { // No descriptor or no thread is left, for now.
                    free.release();
                    backoff.failed(e);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits longer and longer while no client can be taken on, and says so once. Used by one thread. */
    private static final class AcceptBackoff {
        private static final long SHORTEST_MILLIS = 50;
        private static final long LONGEST_MILLIS = 1_000;

        private long millis;

        void succeeded() {
            millis = 0;
        }

        void failed(Throwable failure) throws InterruptedException {
            if (millis == 0) {
                LOG.atWarn().addKeyValue("error", failure.getMessage()).log("Control socket failure");
            }
            millis = Math.min(LONGEST_MILLIS, Math.max(SHORTEST_MILLIS, millis * 2));
            TimeUnit.MILLISECONDS.sleep(millis);
        }
    }

    private void serve(SocketChannel client) {
        sessions.add(client);
        Thread session = daemon("dewy-control-session", () -> {
            try (client) {
                converse(client);
            } catch (IOException e) {
                LOG.atDebug().addKeyValue("error", e.getMessage()).log("Control session ended early");
            } finally {
                sessions.remove(client);
                free.release();
            }
        });
        try {
            session.start();
        } catch (OutOfMemoryError e) {
            sessions.remove(client);
            closeQuietly(client);
            throw e;
        }
    }

    private void converse(SocketChannel client) throws IOException {
        UnixDomainPrincipal peer = client.getOption(ExtendedSocketOptions.SO_PEERCRED);
        String user = peer.user().getName();
        if (!new LocalUser(user).ownsAgent()) {
            throw new IOException("user " + user + " is not the agent's");
        }
        ScheduledFuture<?> limit =
                limits.schedule(() -> closeQuietly(client), requestLimit.toMillis(), TimeUnit.MILLISECONDS);
        Request request = Request.read(new DataInputStream(Channels.newInputStream(client)));
        limit.cancel(false);
        ClientScreen screen = new ClientScreen(client);
        screen.exit(run(request, user, screen));
    }

    private int run(Request request, String user, ClientScreen screen) throws IOException {
        try {
            return runner.run(request, user, screen);
        } catch (RuntimeException e) {
            String name = request.arguments().get(0);
            LOG.atError().setCause(e).addKeyValue("command", name).log("Command failure");
            screen.write("cannot run " + name + ": it failed unforeseen: " + e + "\n");
            return UNFORESEEN;
        }
    }

    private static void closeQuietly(SocketChannel client) {
        try {
            client.close();
        } catch (IOException e) {
            LOG.atDebug().addKeyValue("error", e.getMessage()).log("Control session does not close");
        }
    }

    private static Thread daemon(String name, Runnable task) {
        Thread thread = new Thread(null, task, name, 256 << 10);
        thread.setDaemon(true);
        return thread;
    }
}
