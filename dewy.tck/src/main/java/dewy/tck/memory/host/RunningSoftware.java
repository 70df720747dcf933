package dewy.tck.memory.host;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The software in a container, as it runs: a server, with a connection for each request. */
final class RunningSoftware {
    private static final int BACKLOG = 1_024;
    private static final Pattern SLOW = Pattern.compile("GET /slow/(\\d{1,6}) .*");

    private final Software software;
    private final Map<Integer, ServerSocket> doors = new HashMap<>();
    private final Set<Socket> connections = new HashSet<>();
    private final ExecutorService threads = Executors.newCachedThreadPool(RunningSoftware::thread);
    private boolean killed;

    private RunningSoftware(Software software) {
        this.software = software;
    }

    static RunningSoftware start(Software software) throws IOException {
        RunningSoftware running = new RunningSoftware(software);
        for (int port : software.ports()) {
            ServerSocket door = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
            running.doors.put(port, door);
            running.threads.execute(() -> running.accept(door));
        }
        return running;
    }

    /** Returns where its ports are published. */
    Map<Integer, Integer> ports() {
        Map<Integer, Integer> published = new HashMap<>();
        doors.forEach((port, door) -> published.put(port, door.getLocalPort()));
        return published;
    }

    /** Accepts no more, and ends once everything was answered, or at the limit; returns what tells so. */
    CompletableFuture<Void> stop(Duration limit) {
        doors.values().forEach(RunningSoftware::close);
        return CompletableFuture.runAsync(() -> endWithin(limit), threads);
    }

    /** Ends it as a crash does: whoever is connected is told nothing. */
    synchronized void kill() {
        killed = true;
        doors.values().forEach(RunningSoftware::close);
        connections.forEach(RunningSoftware::close);
        threads.shutdown();
        notifyAll();
    }

    private synchronized void endWithin(Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        for (long left = limit.toNanos(); !connections.isEmpty() && left > 0; left = deadline - System.nanoTime()) {
            await(left);
        }
        kill();
    }

    private void accept(ServerSocket door) {
        try {
            while (true) {
                enter(door.accept());
            }
        } catch (IOException e) {
            // The socket was closed.
        }
    }

    private void serve(Socket client) {
        try (client) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
            String request = in.readLine();
            for (String line = request; line != null && !line.isEmpty(); line = in.readLine()) {
                // What else it says is not looked at.
            }
            if (request != null) {
                work(request);
                client.getOutputStream().write(answer());
            }
        } catch (IOException e) {
            // The client has gone, or this was killed.
        } finally {
            leave(client);
        }
    }

    private byte[] answer() {
        String status = software.manner() == Software.Manner.SERVING ? "200 OK" : "503 Service Unavailable";
        String body = software.version();
        String head = "HTTP/1.1 %s\r\nConnection: close\r\nContent-Length: %d\r\n\r\n".formatted(status, body.length());
        return (head + body).getBytes(StandardCharsets.US_ASCII);
    }

    /** Takes as long as the request asks for. */
    private synchronized void work(String request) {
        Matcher slow = SLOW.matcher(request);
        if (slow.matches()) {
            long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Long.parseLong(slow.group(1)));
            for (long left = deadline - System.nanoTime(); left > 0 && !killed; left = deadline - System.nanoTime()) {
                await(left);
            }
        }
    }

    private synchronized void enter(Socket client) {
        if (killed) {
            close(client);
        } else {
            connections.add(client);
            threads.execute(() -> serve(client));
        }
    }

    private synchronized void leave(Socket client) {
        connections.remove(client);
        notifyAll();
    }

    private void await(long nanos) {
        try {
            TimeUnit.NANOSECONDS.timedWait(this, Math.max(nanos, 1_000_000));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void close(AutoCloseable socket) {
        try {
            socket.close();
        } catch (Exception e) {
            throw new AssertionError("a socket cannot be closed", e);
        }
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "container");
        thread.setDaemon(true);
        return thread;
    }
}
