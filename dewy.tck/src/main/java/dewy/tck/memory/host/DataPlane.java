package dewy.tck.memory.host;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.StorageException;
import dewy.api.process.Inheritable;
import dewy.api.process.ListeningAddress;
import dewy.api.proxy.ProxyStatistics;
import dewy.api.route.Backend;
import dewy.api.route.Listener;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

/**
 * What carries the traffic of one app: its listening sockets, and the connections that go through them, one a request. It
 * is driven with data only, as if it were another process. Safe for use by several threads.
 */
public final class DataPlane implements Inheritable {
    private static final int BACKLOG = 1_024;
    private static final byte[] REFUSAL =
            "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII);

    /** An open listener. */
    private record Door(Listener listener, ServerSocket socket) {
        Listener found() {
            ListeningAddress asked = listener.address();
            return new Listener(
                    listener.name(), new ListeningAddress(asked.host(), socket.getLocalPort()), listener.target());
        }
    }

    private final String reference;
    private final Runnable gone;
    private final Passages passages = new Passages();
    private final ExecutorService threads = Executors.newCachedThreadPool(DataPlane::thread);
    private Map<String, Door> doors = new LinkedHashMap<>();

    DataPlane(String reference, Runnable gone) {
        this.reference = reference;
        this.gone = gone;
    }

    @Override
    public String reference() {
        return reference;
    }

    /**
     * Listens where it is told to, and nowhere else: what is open stays as it is, what is missing is opened.
     *
     * @param hold how long what arrives waits for a backend
     */
    public synchronized void listen(List<Listener> listeners, Duration hold) throws DewyException {
        Map<String, Door> opened = open(listeners.stream()
                .filter(listener -> !doors.containsKey(listener.name()))
                .toList());
        Map<String, Door> before = new LinkedHashMap<>(doors);
        before.putAll(opened);
        Map<String, Door> now = new LinkedHashMap<>();
        listeners.forEach(listener -> now.put(listener.name(), before.get(listener.name())));
        before.keySet().removeAll(now.keySet());
        before.values().forEach(DataPlane::close);
        before.keySet().forEach(passages::forget);
        doors = now;
        opened.values().forEach(door -> threads.execute(() -> accept(door, hold)));
    }

    /** Returns where it listens, with the ports that were found. */
    public synchronized List<Listener> listeners() {
        return doors.values().stream().map(Door::found).toList();
    }

    public void route(Map<String, List<Backend>> all) throws InvalidException {
        List<String> known = listeners().stream().map(Listener::name).toList();
        for (String listener : all.keySet()) {
            if (!known.contains(listener)) {
                throw new InvalidException(new Problem(
                        "route to the backends",
                        listener,
                        "there is no such listener",
                        "Use a name that --port gives"));
            }
        }
        passages.route(all);
    }

    /** Returns what is routed, for tests to look at. */
    public List<Backend> backends(String listener) {
        return passages.backends(listener);
    }

    public int drain(Call call, String backend, Duration limit) throws DewyException {
        return passages.drain(call, backend, limit);
    }

    public ProxyStatistics statistics() {
        return passages.statistics();
    }

    @Override
    public void end(Duration limit) {
        closeDoors();
        passages.awaitNone(limit);
        passages.close();
        threads.shutdown();
        gone.run();
    }

    /** Does nothing: it is not part of the agent. */
    @Override
    public void letGo() {}

    /** Opens all of them, or none. */
    private static Map<String, Door> open(List<Listener> listeners) throws StorageException {
        Map<String, Door> opened = new LinkedHashMap<>();
        for (Listener listener : listeners) {
            try {
                opened.put(listener.name(), new Door(listener, bind(listener.address())));
            } catch (IOException e) {
                opened.values().forEach(DataPlane::close);
                throw new StorageException(
                        Problem.of("listen", listener.name(), e.toString(), "Choose another port"), e);
            }
        }
        return opened;
    }

    private void accept(Door door, Duration hold) {
        try {
            while (true) {
                Socket client = door.socket().accept();
                if (!isServed(client, door.listener().name(), hold)) {
                    client.close();
                }
            }
        } catch (IOException e) {
            // The socket was closed.
        }
    }

    /** Nobody serves what the system accepted just when everything was closed. */
    private boolean isServed(Socket client, String listener, Duration hold) {
        try {
            threads.execute(() -> serve(listener, client, hold));
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    private void serve(String listener, Socket client, Duration hold) {
        long deadline = System.nanoTime() + hold.toNanos();
        Set<String> refused = new HashSet<>();
        try (client) {
            boolean over = false;
            while (!over) {
                Optional<Passage> passage = passages.enter(listener, client, refused, deadline);
                over = passage.isEmpty() ? refuse(client) : pass(passage.get(), refused);
            }
        } catch (IOException e) {
            // The client has gone.
        }
    }

    private boolean pass(Passage passage, Set<String> refused) {
        Optional<Socket> backend = passage.connect();
        if (backend.isEmpty() && !passage.isCut()) {
            refused.add(passage.backend().id());
            passages.turnBack(passage);
            return false;
        }
        passages.leave(passage, backend.isPresent() && passage.relay(backend.get(), threads));
        return true;
    }

    /** The request is read before, since what is closed with something unread is reset, and the answer lost. */
    private boolean refuse(Socket client) throws IOException {
        passages.count(false);
        int unused = client.getInputStream().read(new byte[8192]);
        client.getOutputStream().write(REFUSAL);
        return true;
    }

    private synchronized void closeDoors() {
        doors.values().forEach(DataPlane::close);
        doors = Map.of();
    }

    private static ServerSocket bind(ListeningAddress address) throws IOException {
        return address.host().isEmpty()
                ? new ServerSocket(address.port(), BACKLOG)
                : new ServerSocket(address.port(), BACKLOG, InetAddress.getByName(address.host()));
    }

    private static void close(Door door) {
        try {
            door.socket().close();
        } catch (IOException e) {
            // There is nothing left to be done about it.
        }
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "data plane");
        thread.setDaemon(true);
        return thread;
    }
}
