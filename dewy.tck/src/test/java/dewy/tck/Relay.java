package dewy.tck;

import dewy.api.Call;
import dewy.api.route.Backend;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Relays connections to backends, each with one request. */
final class Relay {
    /** A connection on its way. */
    private record Passage(Backend backend, Socket client, Socket server) {
        void close() {
            try {
                client.close();
                server.close();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    private final List<Passage> active = new ArrayList<>();
    private List<Backend> backends = List.of();
    private long requests;
    private boolean closed;

    void accept(ServerSocket socket) {
        start(() -> {
            while (true) {
                Socket client = socket.accept();
                start(() -> serve(client));
            }
        });
    }

    synchronized void route(List<Backend> to) {
        backends = to;
        notifyAll();
    }

    synchronized long requests() {
        return requests;
    }

    synchronized boolean leadsNewTo(String backend) {
        return backends.stream().anyMatch(one -> one.id().equals(backend));
    }

    synchronized int cut(String backend) {
        List<Passage> left = active.stream()
                .filter(one -> one.backend().id().equals(backend))
                .toList();
        left.forEach(Passage::close);
        return left.size();
    }

    synchronized void wake() {
        notifyAll();
    }

    /** Returns whether nothing is on its way to a backend any more, once that is so, or the limit or the call is over. */
    synchronized boolean awaitEndOf(String backend, Duration limit, Call call) {
        long deadline = System.nanoTime() + limit.toNanos();
        try {
            for (long left = limit.toNanos();
                    leadsTo(backend) && !call.isOver() && left > 0;
                    left = deadline - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(
                        this, Math.min(left, call.remaining().toNanos()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return !leadsTo(backend);
    }

    synchronized void close() {
        closed = true;
        active.forEach(Passage::close);
        notifyAll();
    }

    private boolean leadsTo(String backend) {
        return active.stream().anyMatch(one -> one.backend().id().equals(backend));
    }

    private void serve(Socket client) throws IOException {
        try (client) {
            Passage passage = pass(client);
            try (Socket server = passage.server()) {
                start(() -> copy(client, server));
                copy(server, client);
            } finally {
                end(passage);
            }
        }
    }

    private synchronized Passage pass(Socket client) throws IOException {
        try {
            while (backends.isEmpty() && !closed) {
                wait();
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        if (closed) {
            throw new IOException("the proxy was closed");
        }
        Backend to = backends.get((int) (requests++ % backends.size()));
        Passage passage = new Passage(
                to, client, new Socket(to.address().host(), to.address().port()));
        active.add(passage);
        return passage;
    }

    private synchronized void end(Passage passage) {
        active.remove(passage);
        notifyAll();
    }

    private static void copy(Socket from, Socket to) throws IOException {
        InputStream in = from.getInputStream();
        byte[] block = new byte[8192];
        for (int got = in.read(block); got >= 0; got = in.read(block)) {
            to.getOutputStream().write(block, 0, got);
        }
    }

    /** Something that ends when a connection does. */
    private interface Work {
        void run() throws IOException;
    }

    private static void start(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException e) {
                // One end of the connection is closed.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }
}
