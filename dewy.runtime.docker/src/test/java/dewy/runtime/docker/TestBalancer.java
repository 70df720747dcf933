package dewy.runtime.docker;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.route.Backend;
import dewy.api.route.Listener;
import dewy.api.route.Router;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A proxy that outlives agents: requests go to one of the backends that are routed to, and are counted until they are answered.
 * Safe for use by several threads.
 */
final class TestBalancer implements Router {
    static final TestBalancer NONE = new TestBalancer(List.of());

    private static final int MILLIS = 20_000;

    private final List<Listener> listeners;
    private final Map<String, List<Backend>> sets = new HashMap<>();
    private final Map<String, Integer> inFlight = new HashMap<>();

    private TestBalancer(List<Listener> listeners) {
        this.listeners = listeners;
    }

    /** Returns one that listens as the option {@code --port} says. */
    static TestBalancer on(String ports) throws InvalidException {
        return new TestBalancer(Listener.parseList(ports));
    }

    @Override
    public List<Listener> listeners() {
        return listeners;
    }

    @Override
    public synchronized void route(Call call, Map<String, List<Backend>> to) throws DewyException {
        call.check();
        sets.putAll(to);
    }

    @Override
    public int drain(Call call, String backend, Duration limit) throws DewyException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (isBusy(backend)) {
            call.check();
            if (System.nanoTime() > deadline) {
                throw new InvalidException(
                        new Problem("drain", backend, "it is asked for longer than the test lasts", ""));
            }
            pause();
        }
        return 0;
    }

    /** Returns where the first listener leads. */
    synchronized List<Backend> backends() {
        return sets.getOrDefault(listeners.get(0).name(), List.of());
    }

    synchronized List<Backend> backends(String listener) {
        return sets.getOrDefault(listener, List.of());
    }

    /** Asks whoever serves. */
    String get(String path) throws IOException {
        Backend backend = begin();
        try {
            HttpURLConnection connection = (HttpURLConnection)
                    URI.create("http://127.0.0.1:" + backend.address().port() + path)
                            .toURL()
                            .openConnection();
            connection.setConnectTimeout(MILLIS);
            connection.setReadTimeout(MILLIS);
            connection.setRequestProperty("Connection", "close");
            try (var body = connection.getInputStream()) {
                return new String(body.readAllBytes(), StandardCharsets.UTF_8);
            }
        } catch (IOException e) {
            throw new IOException(backend + ": " + e.getMessage(), e);
        } finally {
            end(backend);
        }
    }

    /** Asks again and again, from two threads. */
    Load load() {
        return new Load();
    }

    private synchronized Backend begin() throws IOException {
        List<Backend> all = backends();
        if (all.isEmpty()) {
            throw new IOException("nothing serves");
        }
        Backend backend = all.get(ThreadLocalRandom.current().nextInt(all.size()));
        inFlight.merge(backend.id(), 1, Integer::sum);
        return backend;
    }

    private synchronized void end(Backend backend) {
        inFlight.merge(backend.id(), -1, Integer::sum);
    }

    private synchronized boolean isBusy(String backend) {
        return inFlight.getOrDefault(backend, 0) > 0;
    }

    private static void pause() {
        try {
            Thread.sleep(5);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Requests of which none may be lost. */
    final class Load implements AutoCloseable {
        private final AtomicLong answered = new AtomicLong();
        private final Queue<String> lost = new ConcurrentLinkedQueue<>();
        private final List<Thread> clients = new ArrayList<>();
        private volatile boolean enough;

        private Load() {
            for (String path : List.of("/cgi-bin/version", "/cgi-bin/slow")) {
                Thread client = new Thread(() -> ask(path), "client");
                client.setDaemon(true);
                clients.add(client);
                client.start();
            }
        }

        /** Waits for the answers to what was asked, and returns what was lost. */
        List<String> end() throws InterruptedException {
            enough = true;
            for (Thread client : clients) {
                client.join();
            }
            return List.copyOf(lost);
        }

        long answered() {
            return answered.get();
        }

        @Override
        public void close() {
            enough = true;
        }

        private void ask(String path) {
            while (!enough) {
                try {
                    String unused = get(path);
                    answered.incrementAndGet();
                } catch (IOException e) {
                    lost.add(path + ": " + e.getMessage());
                    pause();
                }
                pause();
            }
        }
    }
}
