package dewy.proxy.traffic;

import dewy.api.proxy.Admission;
import dewy.api.proxy.ProxyStatistics;
import dewy.api.proxy.ProxyStatistics.Transfer;
import dewy.api.route.Backend;
import dewy.proxy.http.HttpListener;
import dewy.proxy.tcp.TcpListener;
import dewy.proxy.tls.Termination;
import dewy.proxy.traffic.Acceptor.Accepted;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * What passes through one listener of one app. It opens no listener itself: it is given what one accepted, and serves that on
 * the event loop on which it was accepted, with connections to backends on the same loop. Safe for use by several threads.
 *
 * <p>A backend that leaves the set gets nothing new from then on, its unused connections are closed on every loop, and what is
 * in flight to it stays; {@link #drain} waits for that.
 */
public final class Traffic implements AutoCloseable {
    private final TrafficSettings settings;
    private final String app;
    private final Optional<AccessLog> log;
    private final Optional<Sites> sites;
    private final Backends backends;
    private final ChannelHandler accepted;
    private final Map<EventLoop, LoopConnections> loops = new ConcurrentHashMap<>();
    private final Map<Target, CompletableFuture<Integer>> drains = new ConcurrentHashMap<>();
    private final LongAdder requests = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final Latencies durations = new Latencies();
    private final AtomicBoolean checking = new AtomicBoolean();
    private volatile Admission admission = Admission.SERVING;
    private volatile boolean ending;

    public Traffic(TrafficSettings settings) {
        this(settings, "", Optional.empty(), notice -> {});
    }

    /**
     * @param app whose it is
     * @param log where each request is recorded, if anywhere; whoever opened it closes it
     * @param told is told, in any thread, what people are to know of the backends; it returns at once
     */
    public Traffic(TrafficSettings settings, String app, Optional<AccessLog> log, Consumer<Notice> told) {
        this(settings, app, log, told, Optional.empty());
    }

    private Traffic(
            TrafficSettings settings,
            String app,
            Optional<AccessLog> log,
            Consumer<Notice> told,
            Optional<Sites> sites) {
        this.settings = settings;
        this.app = app;
        this.log = log;
        this.sites = sites;
        this.backends = new Backends(settings, this::closeIdle, this::drained, told);
        this.accepted = switch (settings.mode()) {
            case HTTP -> new HttpListener(this, sites);
            case TCP -> new TcpListener(this);
        };
    }

    /**
     * Returns what passes through a listener that several apps share. It has no backends of its own: its requests are those of
     * the apps, whose own settings count from where a request is read. What is no HTTP is for the app that has no name.
     *
     * @param settings for HTTP
     */
    public static Traffic shared(TrafficSettings settings, Sites sites) {
        return new Traffic(settings, "", Optional.empty(), notice -> {}, Optional.of(sites));
    }

    /** Returns the handler for each channel that the listener accepted, shared by all of them. */
    public ChannelHandler accepted() {
        return accepted;
    }

    /**
     * Serves a connection that was accepted, in its loop.
     *
     * @param tls by which it begins, if the client speaks TLS
     */
    public void serve(Accepted client, Optional<Termination> tls) {
        if (accepted instanceof TcpListener relays
                && tls.isEmpty()
                && !settings.announced().byClients()) {
            relays.relay(client);
        } else {
            Channels.open(client, tls, accepted);
        }
    }

    /**
     * Replaces the set of backends in one step. Nothing that arrives after this has returned goes to one that is in the old
     * set only. With an empty set, what arrives is held for a moment. Names of hosts are looked up meanwhile.
     *
     * @throws IllegalArgumentException if two backends have the same id; the old set is in force then
     */
    public void route(List<Backend> set) {
        route(Map.of(this, set));
    }

    /** The same for several listeners, all in one step: what arrives at any of them sees all new sets or none. */
    public static void route(Map<Traffic, List<Backend>> sets) {
        Map<Backends, List<Backend>> byBackends = new HashMap<>();
        sets.forEach((traffic, set) -> {
            if (set.stream().map(Backend::id).distinct().count() < set.size()) {
                throw new IllegalArgumentException("two backends have the same id");
            }
            byBackends.put(traffic.backends, set);
        });
        Backends.route(byBackends);
        sets.keySet().forEach(traffic -> traffic.drains.keySet().stream()
                .filter(target -> !target.isDraining())
                .forEach(traffic::fail));
    }

    /**
     * Waits until nothing is in flight any more to a backend that is in the set no more. What is left at the limit is cut.
     *
     * @return completes with the number of requests, or connections where requests are not told apart, that were cut; 0 for a
     *     backend that is not known. It fails with an {@link IllegalStateException} if the backend is in the set, or gets into
     *     it meanwhile, with nothing cut
     */
    public CompletableFuture<Integer> drain(String backend, Duration limit) {
        Target target = backends.find(backend);
        if (target == null) {
            return CompletableFuture.completedFuture(0);
        }
        if (!target.isDraining()) {
            return CompletableFuture.failedFuture(inTheSet(target));
        }
        CompletableFuture<Integer> drain = drains.computeIfAbsent(target, t -> new CompletableFuture<>());
        after(limit, () -> cut(target));
        if (target.active() == 0) {
            drained(target);
        }
        return drain;
    }

    private static IllegalStateException inTheSet(Target target) {
        return new IllegalStateException(target + " is in the set");
    }

    private void closeIdle(Target target) {
        loops.values()
                .forEach(connections ->
                        connections.loop().execute(() -> cut(connections, c -> c.target() == target && c.isIdle())));
    }

    private void drained(Target target) {
        CompletableFuture<Integer> drain = drains.remove(target);
        if (drain != null) {
            drain.complete(0);
        }
    }

    private void cut(Target target) {
        CompletableFuture<Integer> drain = drains.remove(target);
        if (drain == null) {
            return;
        }
        if (!target.isDraining()) {
            drain.completeExceptionally(inTheSet(target));
            return;
        }
        CompletableFuture<Void> unused = cutAll(c -> c.target() == target).thenAccept(drain::complete);
    }

    private void fail(Target target) {
        CompletableFuture<Integer> drain = drains.remove(target);
        if (drain != null) {
            drain.completeExceptionally(inTheSet(target));
        }
    }

    /** Returns how many of them had something in flight. */
    private CompletableFuture<Integer> cutAll(Predicate<Connection> which) {
        CompletableFuture<Integer> sum = CompletableFuture.completedFuture(0);
        for (LoopConnections connections : loops.values()) {
            CompletableFuture<Integer> one =
                    CompletableFuture.supplyAsync(() -> cut(connections, which), connections.loop());
            sum = sum.thenCombine(one, Integer::sum);
        }
        return sum;
    }

    private static int cut(LoopConnections connections, Predicate<Connection> which) {
        int active = 0;
        for (Connection connection : connections.select(which)) {
            active += connection.isIdle() ? 0 : 1;
            connection.cut();
        }
        return active;
    }

    private void after(Duration time, Runnable action) {
        Executor later = CompletableFuture.delayedExecutor(time.toMillis(), TimeUnit.MILLISECONDS, Runnable::run);
        later.execute(action);
    }

    /**
     * Ends what passes through the listener, which accepts nothing any more: a connection is closed as soon as nothing is in
     * flight on it, and at the limit in any case.
     *
     * @return completes when all connections are closed
     */
    public CompletableFuture<Void> drainAll(Duration limit) {
        ending = true;
        CompletableFuture<?>[] ends =
                loops.values().stream().map(LoopConnections::endAll).toArray(CompletableFuture<?>[]::new);
        after(limit, this::close);
        return CompletableFuture.allOf(ends);
    }

    /** Has what arrives be served, held as where there is no backend, or refused; what is in flight goes on. */
    public void admit(Admission to) {
        admission = to;
        backends.pause(to.mode() == Admission.Mode.PAUSE);
    }

    /** Returns what is answered instead of being sent to a backend, if something is. */
    public Optional<Admission> maintenance() {
        Admission now = admission;
        return now.mode() == Admission.Mode.MAINTENANCE ? Optional.of(now) : Optional.empty();
    }

    /** Returns what passed since this was made. */
    public ProxyStatistics statistics() {
        Transfer transfer = new Transfer(bytes.sum(), durations.read());
        return new ProxyStatistics(requests.sum(), failed.sum(), Optional.of(transfer), backends.read());
    }

    /** Closes all connections at once, with what is in flight on them. */
    @Override
    public void close() {
        ending = true;
        CompletableFuture<Integer> unused = cutAll(c -> true);
    }

    /** Returns how what passes is treated. */
    public TrafficSettings settings() {
        return settings;
    }

    /** Returns whose it is; empty where several share it. */
    public String app() {
        return app;
    }

    /** Returns whether requests are recorded somewhere. */
    public boolean isRecorded() {
        return log.isPresent() || apps().stream().anyMatch(Traffic::isRecorded);
    }

    /** Has a request recorded; where several apps share a listener, and it is not known whose it is, by each of them. */
    public void record(AccessEntry entry) {
        log.ifPresent(to -> to.record(entry));
        apps().forEach(one -> one.record(entry));
    }

    private List<Traffic> apps() {
        return sites.map(Sites::apps).orElse(List.of());
    }

    /** Returns whose a request is that does not say for whom it is: the only one there is, or nobody's in particular. */
    public Traffic owner() {
        Traffic all = sites.map(Sites::all).orElse(null);
        return all == null ? this : all;
    }

    /** Returns where it can go. */
    public Backends backends() {
        return backends;
    }

    /** Returns the connections of a loop. To be called in that loop, as is all that is done to them. */
    public LoopConnections on(EventLoop loop) {
        LoopConnections known = loops.get(loop);
        return known == null ? begin(loop) : known;
    }

    /** With the first loop, the backends begin to be looked at. */
    private LoopConnections begin(EventLoop loop) {
        LoopConnections connections = new LoopConnections(loop);
        loops.put(loop, connections);
        if (checking.compareAndSet(false, true)) {
            settings.health()
                    .check()
                    .map(check -> new HealthChecks(backends, check, settings.mode(), () -> ending))
                    .ifPresent(checks -> checks.runOn(loop));
        }
        return connections;
    }

    /** Counts a request, or a connection where requests are not told apart, that was answered or failed. */
    public void count(boolean failure) {
        requests.increment();
        if (failure) {
            failed.increment();
        }
    }

    /** Counts what is passed on, in either direction. */
    public void transferred(int length) {
        bytes.add(length);
    }

    /** Counts how long something took that is over. */
    public void took(long nanos) {
        durations.count(nanos);
    }

    /** Returns whether connections are to be closed as soon as nothing is in flight on them. */
    public boolean isEnding() {
        return ending;
    }
}
