package dewy.proxy.caddy;

import dewy.api.Call;
import dewy.api.CancellableCall;
import dewy.api.CancelledException;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.event.Level;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.Handover;
import dewy.api.plugin.HandoverState;
import dewy.api.plugin.HealthCheck;
import dewy.api.plugin.Lifetime;
import dewy.api.process.ListeningAddress;
import dewy.api.proxy.Proxy;
import dewy.api.proxy.ProxyStatistics;
import dewy.api.route.Backend;
import dewy.api.route.ContainerNetwork;
import dewy.api.route.Listener;
import dewy.engine.Container;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/**
 * The proxy of one app: it has a container run with Caddy in it, and tells that where traffic goes. All that there is to be known
 * is with the container, so that it outlives this; one that is lost is started anew by whoever notices first.
 *
 * <p>Safe for use by several threads: what changes something has the lock, what waits or looks does not.
 */
final class CaddyProxy implements Proxy, Handover, HealthCheck {
    static final int FORMAT = 1;

    private static final String CONTAINER = "container";
    private static final String PORTS = "ports";
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(4);
    private static final Duration RENEW_LIMIT = Duration.ofSeconds(60);
    private static final Duration UNDO_LIMIT = Duration.ofSeconds(2);
    private static final Duration LONGEST_LOOK = Duration.ofSeconds(1);
    private static final long RETRY_MILLIS = 500;

    private final ProxyContainer container;
    private final CaddySettings settings;
    private final AppContext app;
    private final ScheduledExecutorService threads;
    private final Watch watch;
    private final Lifetime lifetime = new Lifetime();
    private final ReentrantLock lock = new ReentrantLock();

    /** The name of the container, once there was one. */
    private volatile Optional<String> name = Optional.empty();

    private volatile List<Integer> ports = List.of();
    private volatile Routes routes = Routes.NONE;
    /** Whether the routes are those of the container. */
    private volatile boolean known;

    private volatile boolean handedOver;
    private volatile boolean over;
    private volatile String failure = "";
    private boolean closesStreamsLate;

    CaddyProxy(ProxyContainer container, AppContext app, ScheduledExecutorService threads) {
        this.container = container;
        this.settings = container.settings();
        this.app = app;
        this.threads = threads;
        watch = new Watch(container.engine(), container.owner().labels(ProxyContainer.ROLE), () -> mendIn(0));
    }

    /** What is handed over, also by an agent that has no instance any more. */
    static HandoverState state(ProxyContainer container, String name, List<Integer> ports) {
        String numbers = ports.stream().map(String::valueOf).collect(Collectors.joining(" "));
        return new HandoverState(
                FORMAT,
                Map.of(CONTAINER, name, PORTS, numbers),
                Map.of(CONTAINER, new ContainerHandle(container.engine(), name)));
    }

    /**
     * Goes on with what a predecessor left. What has to be put in order for that is done in the background.
     *
     * @throws InvalidException if it was left in a format that is not known here
     */
    CaddyProxy adopt(HandoverState state) throws InvalidException {
        if (state.format() != FORMAT) {
            throw new InvalidException(new Problem(
                    "take over the proxy",
                    app.name(),
                    "it was handed over in format " + state.format() + ", and this version knows " + FORMAT,
                    "Use versions of the plugin that fit together"));
        }
        name = Optional.ofNullable(state.data().get(CONTAINER));
        ports = Arrays.stream(state.data().getOrDefault(PORTS, "").split(" ", -1))
                .filter(port -> !port.isEmpty())
                .map(Integer::valueOf)
                .toList();
        mendIn(0);
        return this;
    }

    @Override
    public void start(Call call) throws DewyException {
        change(call, this::ensure);
    }

    @Override
    public List<Listener> listeners() {
        List<Integer> published = ports;
        List<Listener> listeners = new ArrayList<>();
        for (int index = 0; index < settings.listeners().size(); index++) {
            Listener one = settings.listeners().get(index);
            int port = index < published.size()
                    ? published.get(index)
                    : one.address().port();
            listeners.add(
                    new Listener(one.name(), new ListeningAddress(one.address().host(), port), one.target()));
        }
        return listeners;
    }

    @Override
    public Optional<ContainerNetwork> network() {
        boolean isLookedFor =
                settings.alias().isPresent() || settings.ownConfig().isPresent();
        return Optional.of(new ContainerNetwork(
                settings.network(), name.filter(started -> isLookedFor).map(container::alias)));
    }

    @Override
    public List<String> hosts() {
        return settings.hosting().domains();
    }

    @Override
    public void route(Call call, Map<String, List<Backend>> sets) throws DewyException {
        change(call, bound -> {
            requireListeners(sets);
            if (!known) {
                requireStarted();
                ensure(bound);
            }
            Routes before = routes;
            Routes next = before.moved(sets);
            boolean done = false;
            try {
                tell(bound, next);
                done = true;
            } finally {
                if (!done) {
                    tellAgain(before);
                }
            }
        });
    }

    @Override
    public int drain(Call call, String backend, Duration limit) throws DewyException {
        Call bound = lifetime.bind(call);
        bound.check();
        if (name.isEmpty()) {
            return 0; // Nothing was sent anywhere yet.
        }
        requireKnown(bound);
        long deadline = System.nanoTime() + limit.toNanos();
        Duration pause = Duration.ofMillis(25);
        while (true) {
            int active = active(bound, backend);
            Duration left = Duration.ofNanos(deadline - System.nanoTime());
            if (active == 0 || left.isNegative() || left.isZero()) {
                routes = routes.drained(backend);
                return settings.ownConfig().isPresent() ? 0 : active;
            }
            ProxyContainer.pause(bound, left.compareTo(pause) < 0 ? left : pause);
            pause = pause.multipliedBy(2).compareTo(LONGEST_LOOK) > 0 ? LONGEST_LOOK : pause.multipliedBy(2);
        }
    }

    /** Caddy does not tell what is on its way to whom by a configuration that it did not get from here: as if something were. */
    private int active(Call call, String backend) throws DewyException {
        Routes now = routes;
        if (now.serving().containsKey(backend)) {
            throw new InvalidException(new Problem("drain", backend, "it is routed to", "Route to others first"));
        }
        Optional<Backend> leaving = Optional.ofNullable(now.draining().get(backend));
        if (leaving.isEmpty()) {
            return 0;
        }
        if (settings.ownConfig().isPresent()) {
            return 1;
        }
        String address = leaving.get().address().toString();
        return admin().passing(call).active().getOrDefault(address, 0L).intValue();
    }

    @Override
    public ProxyStatistics statistics(Call call) throws DewyException {
        Call bound = lifetime.bind(call);
        bound.check();
        requireStarted();
        requireKnown(bound);
        Admin.Passing passing = admin().passing(bound);
        Tally tally = routes.tally().at(passing.count());
        List<ProxyStatistics.OfBackend> backends = new ArrayList<>();
        routes.serving().values().forEach(one -> backends.add(statistics(one, passing, false)));
        routes.draining().values().stream()
                .filter(one -> passing.active().getOrDefault(one.address().toString(), 0L) > 0)
                .forEach(one -> backends.add(statistics(one, passing, true)));
        return new ProxyStatistics(tally.requests(), tally.failed(), backends);
    }

    private static ProxyStatistics.OfBackend statistics(Backend backend, Admin.Passing passing, boolean isDraining) {
        String address = backend.address().toString();
        boolean fails = passing.failing().getOrDefault(address, 0L) > 0;
        ProxyStatistics.OfBackend.State state = isDraining
                ? ProxyStatistics.OfBackend.State.DRAINING
                : fails ? ProxyStatistics.OfBackend.State.EJECTED : ProxyStatistics.OfBackend.State.HEALTHY;
        return ProxyStatistics.OfBackend.of(backend.id(), backend.version())
                .getting(backend.weight(), state)
                .active(passing.active().getOrDefault(address, 0L));
    }

    @Override
    public void check(Call call) throws DewyException {
        if (name.isPresent()) {
            change(call, this::ensure);
        } else {
            container.engine().ping(lifetime.bind(call));
        }
    }

    @Override
    public HandoverState prepare(Call call) throws DewyException {
        lifetime.bind(call).check();
        return name.map(started -> state(container, started, ports))
                .orElse(new HandoverState(FORMAT, Map.of(), Map.of()));
    }

    @Override
    public void commit() {
        handedOver = true;
        end();
    }

    @Override
    public void abort() {}

    @Override
    public void close() {
        end();
        if (handedOver || name.isEmpty()) {
            return;
        }
        String started = name.get();
        app.events().publish(Level.INFO, "proxy.stopping", "Stop reverse proxy container", Map.of(CONTAINER, started));
        lock.lock();
        try (CancellableCall call = CancellableCall.of("close of the proxy", CLOSE_LIMIT)) {
            container.remove(call, started);
            app.forget();
        } catch (DewyException e) {
            // The engine is away: it is found by its labels, by the next agent.
        } finally {
            name = Optional.empty();
            lock.unlock();
        }
    }

    private void end() {
        over = true;
        watch.close();
        lifetime.close();
    }

    private interface Change {
        void happen(Call call) throws DewyException;
    }

    /** Waits for its turn no longer than the call does. */
    private void change(Call call, Change change) throws DewyException {
        Call bound = lifetime.bind(call);
        boolean mine = false;
        try {
            while (!mine) {
                bound.check();
                mine = lock.tryLock(Math.min(bound.remaining().toMillis(), 100), TimeUnit.MILLISECONDS);
            }
            bound.check();
            change.happen(bound);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancelledException(
                    new Problem("use the proxy of", app.name(), "the thread was interrupted", "Try again"), e);
        } finally {
            if (mine) {
                lock.unlock();
            }
        }
    }

    /** Has there be a container that is as the settings say, with the routes that are in force. */
    private void ensure(Call call) throws DewyException {
        watch.begin(call);
        Optional<Container> left = container.find(call);
        if (left.isPresent()) {
            container.engine().start(call, left.get().name());
            container.awaitAnswer(call, left.get().name());
            routes = known ? routes : new Admin(container.engine(), left.get().name()).routes(call);
        }
        boolean fits = left.filter(container::fits).isPresent();
        Container serving =
                fits ? container.engine().inspect(call, left.orElseThrow().name()) : renew(call, left);
        name = Optional.of(serving.name());
        ports = container.published(serving);
        closesStreamsLate = admin().isAtLeast(call, 2, 7);
        tell(call, routes);
        app.keep(state(container, serving.name(), ports));
        known = true;
    }

    private Container renew(Call call, Optional<Container> left) throws DewyException {
        if (left.isPresent()) {
            container.remove(call, left.get().name());
        } else if (known) {
            app.events()
                    .publish(Level.WARN, "proxy.lost", "Reverse proxy container is gone, another one starts", Map.of());
        }
        Container started = container.start(call);
        routes = routes.with(routes.tally().anew());
        String where = listeners().stream().map(Listener::name).collect(Collectors.joining(","));
        app.events()
                .publish(
                        Level.INFO,
                        "proxy.started",
                        "Reverse proxy container started",
                        Map.of(CONTAINER, started.name(), "proxy_port", where));
        return started;
    }

    /** Has Caddy route as is wanted, and knows of it then. */
    private void tell(Call call, Routes next) throws DewyException {
        Tally.Count count = settings.ownConfig().isPresent()
                ? admin().load(
                                call,
                                settings.ownConfig().get().text(),
                                settings.ownConfig().get().type())
                : admin().load(call, new CaddyConfig(settings, closesStreamsLate).json(next), "application/json");
        routes = next.with(next.tally().at(count));
    }

    /** Caddy may have done what it was told, whatever has become of the answer. */
    private void tellAgain(Routes before) {
        try (CancellableCall undo = CancellableCall.of("routes as before", UNDO_LIMIT)) {
            tell(undo, before);
        } catch (DewyException e) {
            mendIn(0);
        }
    }

    private void mendIn(long millis) {
        try {
            ScheduledFuture<?> unused = threads.schedule(this::mend, millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // The bundle is stopped: whoever adopts this does it.
        }
    }

    /** What fails again for the same reason is told once. */
    private void mend() {
        if (over || name.isEmpty()) {
            return;
        }
        try (CancellableCall call = CancellableCall.of("renewal of the proxy", RENEW_LIMIT)) {
            change(call, this::ensure);
            failure = "";
        } catch (CancelledException e) {
            // It is handed over, or closed.
        } catch (DewyException e) {
            if (!over) {
                failed(e.problem().sentence());
                mendIn(RETRY_MILLIS);
            }
        }
    }

    private void failed(String why) {
        if (!why.equals(failure)) {
            app.events()
                    .publish(
                            Level.WARN, "proxy.failed", "Reverse proxy container does not start", Map.of("error", why));
        }
        failure = why;
    }

    private Admin admin() {
        return new Admin(container.engine(), name.orElse(""));
    }

    private void requireKnown(Call call) throws DewyException {
        if (!known) {
            change(call, this::ensure);
        }
    }

    private void requireStarted() throws InvalidException {
        if (name.isEmpty()) {
            throw new InvalidException(
                    new Problem("use the proxy", app.name(), "it was not started, or is closed", "Start it first"));
        }
    }

    private void requireListeners(Map<String, List<Backend>> sets) throws InvalidException {
        for (String listener : sets.keySet()) {
            if (settings.listeners().stream().noneMatch(one -> one.name().equals(listener))) {
                throw new InvalidException(
                        new Problem("route what arrives at", listener, "there is no such listener", ""));
            }
        }
    }
}
