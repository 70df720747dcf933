package dewy.proxy.caddy;

import dewy.api.Call;
import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.NotFoundException;
import dewy.api.Problem;
import dewy.api.UnreachableException;
import dewy.api.event.Level;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.HandoverState;
import dewy.api.process.ListeningAddress;
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
import java.util.stream.Collectors;

/**
 * Where the traffic of one app goes by its container. All that there is to be known is with the container, and is read there by
 * whoever takes over. What changes something is for one thread at a time, all else for several.
 */
final class AppTraffic {
    static final int FORMAT = 1;

    private static final String CONTAINER = "container";
    private static final String PORTS = "ports";
    private static final Duration UNDO_LIMIT = Duration.ofSeconds(2);
    private static final Duration FIRST_LOOK = Duration.ofMillis(25);
    private static final Duration LONGEST_LOOK = Duration.ofSeconds(1);

    private final ProxyContainer container;
    private final CaddySettings settings;
    private final AppContext app;

    /** The name of the container, once there was one. */
    private volatile Optional<String> name = Optional.empty();

    private volatile List<Integer> ports = List.of();
    private volatile Routes routes = Routes.NONE;
    /** Whether the routes are those of the container. */
    private volatile boolean known;

    /** Whether Caddy goes by them: each time it is told anew, it closes the idle connections of its clients. */
    private boolean told;

    private boolean closesStreamsLate;

    AppTraffic(ProxyContainer container, AppContext app) {
        this.container = container;
        this.settings = container.settings();
        this.app = app;
    }

    /** What is handed over, also by an agent that has no instance any more. */
    static HandoverState state(ProxyContainer container, String name, List<Integer> ports) {
        String numbers = ports.stream().map(String::valueOf).collect(Collectors.joining(" "));
        return new HandoverState(
                FORMAT,
                Map.of(CONTAINER, name, PORTS, numbers),
                Map.of(CONTAINER, new ContainerHandle(container.engine(), name)));
    }

    /** Returns what whoever comes next needs. */
    HandoverState state() {
        return name.map(started -> state(container, started, ports))
                .orElse(new HandoverState(FORMAT, Map.of(), Map.of()));
    }

    /** Goes on with what another one left. */
    void adopt(HandoverState state) {
        name = Optional.ofNullable(state.data().get(CONTAINER));
        ports = Arrays.stream(state.data().getOrDefault(PORTS, "").split(" ", -1))
                .filter(port -> !port.isEmpty())
                .map(Integer::valueOf)
                .toList();
    }

    boolean isOpen() {
        return name.isPresent();
    }

    /** Returns whether it is known what the container does. */
    boolean isKnown() {
        return known;
    }

    /** Returns where it listens; what the settings say where it does not. */
    List<Listener> listeners() {
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

    /** Returns where the app is to be, under an alias where somebody looks for it by that. */
    Optional<ContainerNetwork> network() {
        boolean isLookedFor =
                settings.alias().isPresent() || settings.ownConfig().isPresent();
        return Optional.of(new ContainerNetwork(
                settings.network(), name.filter(started -> isLookedFor).map(container::alias)));
    }

    /** Has there be a container that is as the settings say, with the routes that are in force. */
    void ensure(Call call) throws DewyException {
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
        if (!told || !fits) {
            // What somebody built is taken for one of the newest.
            closesStreamsLate = admin().version(call)
                    .map(version -> version.isAtLeast(2, 7))
                    .orElse(true);
            tell(call, routes);
        }
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
        told = false;
        Tally.Count count = settings.ownConfig().isPresent()
                ? admin().load(
                                call,
                                settings.ownConfig().get().text(),
                                settings.ownConfig().get().type())
                : admin().load(call, new CaddyConfig(settings, closesStreamsLate).json(next), "application/json");
        routes = next.with(next.tally().at(count));
        told = true;
    }

    /** Routes to other backends, or as before. */
    void route(Call call, Map<String, List<Backend>> sets) throws DewyException {
        requireListeners(sets);
        if (!known) {
            requireStarted();
            ensure(call);
        }
        Routes before = routes;
        Routes next = before.moved(sets);
        boolean done = false;
        try {
            tellOrRenew(call, next);
            done = true;
        } finally {
            if (!done) {
                tellAgain(before);
            }
        }
    }

    private void tellOrRenew(Call call, Routes next) throws DewyException {
        try {
            tell(call, next);
        } catch (NotFoundException | UnreachableException e) {
            ensure(call);
            tell(call, next);
        }
    }

    /** Caddy may have done what it was told, whatever has become of the answer. */
    private void tellAgain(Routes before) {
        try (CancellableCall undo = CancellableCall.of("routes as before", UNDO_LIMIT)) {
            tell(undo, before);
        } catch (DewyException e) {
            // It has gone, perhaps, and is told so once it is there again.
        }
    }

    /** Waits until nothing is on its way to a backend; returns how much was left at the limit, as far as that is known. */
    int drain(Call call, String backend, Duration limit) throws DewyException {
        long deadline = System.nanoTime() + limit.toNanos();
        Duration pause = FIRST_LOOK;
        while (true) {
            int active = active(call, backend);
            Duration left = Duration.ofNanos(deadline - System.nanoTime());
            if (active == 0 || left.isNegative() || left.isZero()) {
                return settings.ownConfig().isPresent() ? 0 : active;
            }
            call.pause(left.compareTo(pause) < 0 ? left : pause);
            pause = pause.multipliedBy(2).compareTo(LONGEST_LOOK) > 0 ? LONGEST_LOOK : pause.multipliedBy(2);
        }
    }

    /** A backend is drained: from the next change on Caddy need not count what is on its way to it. */
    void forget(String backend) {
        routes = routes.drained(backend);
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

    ProxyStatistics statistics(Call call) throws DewyException {
        Admin.Passing passing = admin().passing(call);
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

    /** Ends the container, with what is in flight. */
    void close(Call call) throws DewyException {
        Optional<String> started = name;
        name = Optional.empty();
        if (started.isPresent()) {
            app.events()
                    .publish(
                            Level.INFO,
                            "proxy.stopping",
                            "Stop reverse proxy container",
                            Map.of(CONTAINER, started.get()));
            container.remove(call, started.get());
            app.forget();
        }
    }

    private Admin admin() {
        return new Admin(container.engine(), name.orElse(""));
    }

    void requireStarted() throws InvalidException {
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
