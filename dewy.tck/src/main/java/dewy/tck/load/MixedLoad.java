package dewy.tck.load;

import dewy.tck.Await;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Clients of a {@link LoadServer} behind a proxy, of all {@linkplain Kind kinds} at once, which ask again and again. It counts
 * what was done, tells what failed, and how long small requests took. Safe for use by several threads.
 */
public final class MixedLoad implements AutoCloseable {
    /** What a client does. */
    public enum Kind {
        /** Small requests on a connection that is kept. */
        KEPT(2, 3),
        /** A connection for each small request. */
        CONNECTING(2, 3),
        /** Requests with small bodies, which are given back, on a connection that is kept. */
        POST(1, 3),
        /** Some megabytes, of which the digest is given back. */
        UPLOAD(1, 30),
        /** An answer of 20 MB. */
        DOWNLOAD(1, 100),
        /** A WebSocket that is open for a fourth of the time that a proxy gives it when its server is to go. */
        TALK(2, 20),
        /** A WebSocket that is open until the proxy cuts it. */
        LONG_TALK(2, 20);

        private final int clients;
        /** Milliseconds between two requests or messages. */
        private final int pause;

        Kind(int clients, int pause) {
            this.clients = clients;
            this.pause = pause;
        }

        /** Returns whether it does no harm when it is asked twice. */
        private boolean isSafe() {
            return this == KEPT || this == CONNECTING || this == DOWNLOAD;
        }
    }

    /** Connects to the proxy. */
    @FunctionalInterface
    public interface Connector {
        Socket connect() throws IOException;
    }

    private static final Duration FOREVER = Duration.ofDays(1);

    private final Connector connector;
    private final Duration drainTime;
    private final Set<Kind> kinds;
    private final boolean repeats;
    private final List<Thread> clients = new ArrayList<>();
    private final Map<Kind, AtomicLong> done = new EnumMap<>(Kind.class);
    private final Map<Kind, Latencies> latencies = new EnumMap<>(Kind.class);
    private final Map<Kind, Latencies> disturbed = new EnumMap<>(Kind.class);
    private final Set<String> versions = ConcurrentHashMap.newKeySet();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicLong cut = new AtomicLong();
    private final AtomicLong repeated = new AtomicLong();
    private volatile boolean isDisturbed;
    private volatile boolean enough;

    private MixedLoad(Connector connector, Duration drainTime, Set<Kind> kinds, boolean repeats) {
        this.connector = connector;
        this.drainTime = drainTime;
        this.kinds = kinds;
        this.repeats = repeats;
    }

    /**
     * Starts the clients.
     *
     * @param drainTime how long what is open may take when its server is to go; nothing may be cut before
     */
    public static MixedLoad on(Connector connector, Duration drainTime) {
        return started(new MixedLoad(connector, drainTime, EnumSet.allOf(Kind.class), false));
    }

    /**
     * Starts clients that bear with a proxy which closes connections where nothing is in flight, as HTTP lets it (RFC 9112, 9.3.1
     * and 9.5): what does no harm twice they ask again, if a connection that was kept is closed before anything of the answer
     * came, and what does they send on connections of their own. A new connection must not be closed for them either.
     */
    public static MixedLoad ofBrowsers(Connector connector, Duration drainTime, Set<Kind> kinds) {
        return started(new MixedLoad(connector, drainTime, EnumSet.copyOf(kinds), true));
    }

    private static MixedLoad started(MixedLoad load) {
        for (Kind kind : load.kinds) {
            load.done.put(kind, new AtomicLong());
            load.latencies.put(kind, new Latencies());
            load.disturbed.put(kind, new Latencies());
        }
        for (Kind kind : load.kinds) {
            for (int i = 0; i < kind.clients; i++) {
                load.start(kind, new Random(i));
            }
        }
        return load;
    }

    private void start(Kind kind, Random random) {
        Thread client = new Thread(() -> run(kind, random), "load-" + kind);
        client.setDaemon(true);
        clients.add(client);
        client.start();
    }

    /** Waits until something of each kind was done, or failed. */
    public void awaitAll() {
        Await.until(
                () -> "each kind; done: " + done(),
                () -> !failures.isEmpty()
                        || done().entrySet().stream()
                                .allMatch(kind -> kind.getKey() == Kind.LONG_TALK || kind.getValue() > 0));
    }

    /** Waits until a version has answered. */
    public void awaitVersion(String version) {
        Await.until(() -> "an answer of " + version + "; failed: " + failures, () -> versions.contains(version));
    }

    /** Returns how often each was done. */
    public Map<Kind, Long> done() {
        Map<Kind, Long> counts = new EnumMap<>(Kind.class);
        done.forEach((kind, count) -> counts.put(kind, count.get()));
        return counts;
    }

    /** Returns how much was cut when it was time. */
    public long cut() {
        return cut.get();
    }

    public List<String> failures() {
        return List.copyOf(failures);
    }

    /** Says whether something happens from now on that must not be noticed. */
    public void disturb(boolean now) {
        isDisturbed = now;
    }

    /** Tells what was done, and how long small requests took while nothing happened, and while something did. */
    public String report() {
        StringBuilder report = new StringBuilder(done() + ", cut when it was time: " + cut + ", asked again: "
                + repeated + ", failed: " + failures.size());
        Set<Kind> small = EnumSet.of(Kind.KEPT, Kind.CONNECTING, Kind.POST);
        small.retainAll(kinds);
        for (Kind kind : small) {
            long calm = latencies(kind, false).percentile99();
            long busy = latencies(kind, true).percentile99();
            report.append(", p99 of %s: %d and %d us, %.2f".formatted(kind, calm, busy, (double) busy / calm));
        }
        return report.toString();
    }

    /** Has the clients end what they do, and waits for that. */
    @Override
    public void close() throws InterruptedException {
        enough = true;
        for (Thread client : clients) {
            client.join();
        }
    }

    private void run(Kind kind, Random random) {
        try {
            while (!enough) {
                use(kind, random);
            }
        } catch (InterruptedException e) {
            failures.add(kind + ": " + e);
        }
    }

    /** Has a connection of its own for what it does. */
    private void use(Kind kind, Random random) throws InterruptedException {
        long began = System.nanoTime();
        try (LoadClient client = new LoadClient(connector.connect(), random)) {
            try {
                useUntilItIsCut(kind, client, began);
            } catch (IOException e) {
                throw new IOException(client.position() + ": " + e, e);
            }
        } catch (IOException e) {
            failures.add(kind + " after " + since(began).toMillis() + " ms: " + e.getMessage());
            TimeUnit.MILLISECONDS.sleep(kind.pause);
        }
    }

    /** What takes longer than there is time for it is cut, whether it meant to or had to. */
    private void useUntilItIsCut(Kind kind, LoadClient client, long began) throws IOException, InterruptedException {
        try {
            switch (kind) {
                case TALK -> talk(kind, client, began, drainTime.dividedBy(4));
                case LONG_TALK -> talk(kind, client, began, FOREVER);
                default -> ask(kind, client, began);
            }
        } catch (LoadClient.WrongAnswer e) {
            throw e;
        } catch (IOException e) {
            if (client.sinceItBegan().compareTo(drainTime) < 0) {
                throw e;
            }
            cut.incrementAndGet();
        }
    }

    /** Asks again and again, as long as the connection is kept. */
    private void ask(Kind kind, LoadClient client, long connecting) throws IOException, InterruptedException {
        long began = connecting;
        do {
            boolean before = isDisturbed;
            if (!isAnswered(kind, client)) {
                return;
            }
            latencies(kind, before || isDisturbed).add(System.nanoTime() - began);
            done(kind).incrementAndGet();
            TimeUnit.MILLISECONDS.sleep(kind.pause);
            began = System.nanoTime();
        } while (client.isKept() && !enough && (kind.isSafe() || !repeats));
    }

    /** Returns whether there is an answer; else it may be asked for again. */
    private boolean isAnswered(Kind kind, LoadClient client) throws IOException, InterruptedException {
        try {
            switch (kind) {
                case KEPT -> versions.add(client.get(enough));
                case CONNECTING -> versions.add(client.get(true));
                case POST -> client.post();
                case UPLOAD -> client.upload();
                default -> client.download();
            }
            return true;
        } catch (LoadClient.WrongAnswer e) {
            throw e;
        } catch (IOException e) {
            if (!repeats || !client.isUnanswered()) {
                throw e;
            }
            repeated.incrementAndGet();
            return false;
        }
    }

    private void talk(Kind kind, LoadClient client, long began, Duration length)
            throws IOException, InterruptedException {
        client.talk();
        while (since(began).compareTo(length) < 0 && !enough) {
            client.say();
            TimeUnit.MILLISECONDS.sleep(kind.pause);
        }
        client.hangUp();
        done(kind).incrementAndGet();
    }

    private AtomicLong done(Kind kind) {
        return Objects.requireNonNull(done.get(kind));
    }

    private Latencies latencies(Kind kind, boolean whenDisturbed) {
        return Objects.requireNonNull((whenDisturbed ? disturbed : latencies).get(kind));
    }

    private static Duration since(long began) {
        return Duration.ofNanos(System.nanoTime() - began);
    }
}
