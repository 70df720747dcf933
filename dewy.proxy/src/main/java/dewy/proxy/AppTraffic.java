package dewy.proxy;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.StorageException;
import dewy.api.UnreachableException;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.HandoverState;
import dewy.api.process.Inheritable;
import dewy.api.process.ListeningSocket;
import dewy.api.process.ListeningSockets;
import dewy.api.proxy.ProxyStatistics;
import dewy.api.route.Backend;
import dewy.api.route.Listener;
import dewy.proxy.control.Contents;
import dewy.proxy.control.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What is open for one app: its listening sockets, and the plane that serves them. It is written down before a plane is told,
 * so that whoever comes after a killed agent finds every plane that serves the app. Changed by one thread at a time; anybody
 * may look.
 */
final class AppTraffic {
    static final int FORMAT = 1;

    /** How long what a plane of another version has in flight may take: it costs no more than its memory. */
    private static final Duration GENERATION_LIMIT = Duration.ofMinutes(30);
    /** How much sooner a connection is seen to break than the process behind it to end. */
    private static final long END_MILLIS = 500;

    private static final String SOCKET = "socket.";
    private static final String FORMER = "former";
    private static final String ID = "id";
    private static final String REQUESTS = "requests";
    private static final String FAILED = "failed";

    private final BuiltinSettings settings;
    private final AppContext app;
    private final ListeningSockets opener;
    private final Planes planes;
    private final Planes.User user;

    private volatile String id = UUID.randomUUID().toString();
    private volatile Map<String, ListeningSocket> sockets = Map.of();
    private volatile Optional<Plane> plane = Optional.empty();
    private final Tally tally = new Tally();
    /** One that another took the place of, and that was not told yet. */
    private Optional<Plane> former = Optional.empty();
    /** What is routed; not known yet of a plane that was adopted. */
    private Optional<Map<String, List<Backend>>> sets = Optional.of(Map.of());
    /** Whether sockets stand in for those of a plane that goes on accepting from the ones that it has. */
    private boolean cutOff;

    AppTraffic(BuiltinSettings settings, AppContext app, ListeningSockets opener, Planes planes, Planes.User user) {
        this.settings = settings;
        this.app = app;
        this.opener = opener;
        this.planes = planes;
        this.user = user;
    }

    boolean isOpen() {
        return !sockets.isEmpty();
    }

    /** Returns the plane that serves; it may have died. */
    Optional<Plane> plane() {
        return plane;
    }

    /** Returns where it listens, with the ports that were found; what the settings say where it does not. */
    List<Listener> listeners() {
        Map<String, ListeningSocket> open = sockets;
        if (open.isEmpty()) {
            return settings.listeners();
        }
        List<Listener> listeners = new ArrayList<>();
        open.forEach((name, socket) -> listeners.add(new Listener(name, socket.address(), target(name))));
        return listeners;
    }

    /** A name is what the option says. */
    private static java.util.OptionalInt target(String name) {
        try {
            return Listener.parseList(name).get(0).target();
        } catch (InvalidException e) {
            return java.util.OptionalInt.empty();
        }
    }

    /** Listens where the settings say, and nowhere else: at all of that, or as before. */
    void listen(Call call) throws DewyException {
        Map<String, ListeningSocket> before = sockets;
        Map<String, ListeningSocket> opened = open(before);
        Map<String, ListeningSocket> now = new LinkedHashMap<>();
        for (Listener listener : settings.listeners()) {
            String name = listener.name();
            now.put(name, opened.containsKey(name) ? opened.get(name) : before.get(name));
        }
        boolean done = false;
        try {
            sockets = now;
            Plane serving = alive().isPresent() ? alive().get() : planes.use(call, user);
            plane = Optional.of(serving);
            app.keep(state());
            open(call, serving);
            done = true;
        } finally {
            if (!done) {
                opened.values().forEach(ListeningSocket::close);
                sockets = before;
                restore(before.isEmpty());
            }
        }
        before.forEach((name, socket) -> {
            if (now.get(name) != socket) {
                socket.close();
            }
        });
    }

    private void restore(boolean wasClosed) throws StorageException {
        if (wasClosed) {
            plane.ifPresent(serving -> planes.leave(serving, user));
            plane = Optional.empty();
            app.forget();
        } else {
            app.keep(state());
        }
    }

    /** Opens all sockets that are missing, or none. */
    private Map<String, ListeningSocket> open(Map<String, ListeningSocket> before) throws DewyException {
        Map<String, ListeningSocket> opened = new LinkedHashMap<>();
        boolean complete = false;
        try {
            for (Listener listener : settings.listeners()) {
                if (!before.containsKey(listener.name())) {
                    opened.put(listener.name(), opener.listen(listener.address()));
                }
            }
            complete = true;
            return opened;
        } finally {
            if (!complete) {
                opened.values().forEach(ListeningSocket::close);
            }
        }
    }

    /**
     * Returns the plane that serves. Where that has died, or is of another version, a new one takes its place on the same
     * sockets; what the other one has in flight comes to its end there.
     */
    Plane ensure(Call call) throws DewyException {
        requireOpen();
        Optional<Plane> now = alive();
        if (now.isPresent() && sets.isEmpty()) {
            Message routes = now.get().ask(call, Message.of("routes").with("app", id));
            sets = Optional.of(Contents.sets(routes));
        }
        if (now.isEmpty() || cutOff || !planes.isOwn(now.get())) {
            replace(call, now);
        }
        dismiss(call);
        return plane.orElseThrow();
    }

    private void replace(Call call, Optional<Plane> now) throws DewyException {
        if (now.isPresent()) {
            statistics(call);
        }
        Optional<Plane> before = plane;
        Plane next = planes.use(call, user);
        plane = Optional.of(next);
        former = now;
        boolean done = false;
        try {
            app.keep(state());
            open(call, next);
            done = true;
        } finally {
            if (!done) {
                plane = before;
                former = Optional.empty();
                planes.leave(next, user);
            }
        }
        tally.replaced();
        cutOff = false;
        before.filter(old -> !former.equals(before)).ifPresent(old -> planes.leave(old, user));
    }

    /** Has a plane that was replaced accept nothing any more. */
    private void dismiss(Call call) throws DewyException {
        if (former.isEmpty()) {
            return;
        }
        Plane old = former.get();
        try {
            old.ask(call, Message.of("leave").with("app", id).with("limit", GENERATION_LIMIT.toMillis()));
        } catch (UnreachableException | InvalidException e) {
            // It has ended, or left the app before.
        }
        former = Optional.empty();
        planes.leave(old, user);
        app.keep(state());
    }

    /** Has a plane serve all sockets. */
    private void open(Call call, Plane by) throws DewyException {
        String token = UUID.randomUUID().toString();
        Map<String, String> passed = new LinkedHashMap<>();
        for (Map.Entry<String, ListeningSocket> socket : sockets.entrySet()) {
            String kind = socket.getValue().address().isUnix() ? "unix" : "tcp";
            String name = kind + "-" + token + "-" + passed.size();
            socket.getValue().passTo(by.place().passing(), name);
            passed.put(socket.getKey(), name);
        }
        Message question = Message.of("open")
                .with("app", id)
                .with(Contents.ofSettings(settings.traffic()))
                .with(Contents.ofListeners(passed))
                .with(Contents.ofSets(sets.orElse(Map.of())));
        by.ask(call, question);
    }

    /** Routes, by the plane there is now, or the one that takes its place. */
    void route(Call call, Map<String, List<Backend>> to) throws DewyException {
        Plane serving = ensure(call);
        Message question = Message.of("route").with("app", id).with(Contents.ofSets(to));
        try {
            serving.ask(call, question);
        } catch (UnreachableException e) {
            if (!hasEnded(serving)) {
                throw e;
            }
            ensure(call).ask(call, question);
        }
        Map<String, List<Backend>> now = new LinkedHashMap<>(sets.orElse(Map.of()));
        now.putAll(to);
        now.keySet().retainAll(sockets.keySet());
        sets = Optional.of(now);
    }

    private static boolean hasEnded(Plane serving) {
        try {
            serving.process().exit().get(END_MILLIS, TimeUnit.MILLISECONDS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
    }

    /** Waits until a backend is drained, by the plane that is asked. */
    int drain(Call call, Plane by, String backend, Duration limit) throws DewyException {
        Message question =
                Message.of("drain").with("app", id).with("backend", backend).with("limit", limit.toMillis());
        return (int) by.ask(call, question).number("cut");
    }

    /** Returns what passed since the proxy was started first. */
    ProxyStatistics statistics(Call call) throws DewyException {
        Plane serving = plane.orElseThrow(this::notOpen);
        return tally.read(
                Contents.statistics(serving.ask(call, Message.of("statistics").with("app", id))));
    }

    /** Returns what whoever comes next needs. */
    HandoverState state() {
        Map<String, String> data = new HashMap<>();
        Map<String, Inheritable> resources = new HashMap<>();
        data.put(ID, id);
        data.put(REQUESTS, Long.toString(tally.requests()));
        data.put(FAILED, Long.toString(tally.failed()));
        int number = 0;
        for (Map.Entry<String, ListeningSocket> socket : sockets.entrySet()) {
            data.put(SOCKET + number, socket.getKey());
            resources.put(SOCKET + number++, socket.getValue());
        }
        plane.ifPresent(serving -> serving.write("", data, resources));
        former.ifPresent(old -> old.write(FORMER, data, resources));
        return new HandoverState(FORMAT, data, resources);
    }

    /** Goes on with what another one left. */
    void adopt(HandoverState state) {
        Map<String, String> data = state.data();
        Map<String, ListeningSocket> left = new LinkedHashMap<>();
        for (int number = 0; data.containsKey(SOCKET + number); number++) {
            if (state.resources().get(SOCKET + number) instanceof ListeningSocket socket) {
                left.put(data.get(SOCKET + number), socket);
                cutOff |= socket.isSubstitute();
            }
        }
        id = data.getOrDefault(ID, id);
        tally.adopt(data.getOrDefault(REQUESTS, "0"), data.getOrDefault(FAILED, "0"));
        plane = planes.adopt("", state, user);
        former = planes.adopt(FORMER, state, user);
        sets = plane.isPresent() ? Optional.empty() : Optional.of(Map.of());
        sockets = left;
    }

    /** Everything is another one's now. */
    void handedOver() {
        plane.ifPresent(serving -> planes.leave(serving, user));
        former.ifPresent(old -> planes.leave(old, user));
        plane = Optional.empty();
        sockets = Map.of();
    }

    /** Stops listening, and cuts what is in flight. */
    void close(Call call) throws DewyException {
        Map<String, ListeningSocket> open = sockets;
        sockets = Map.of();
        open.values().forEach(ListeningSocket::close);
        try {
            dismiss(call);
            if (alive().isPresent()) {
                alive().get().ask(call, Message.of("close").with("app", id).with("limit", 0));
            }
        } finally {
            plane.ifPresent(serving -> planes.close(serving, user));
            plane = Optional.empty();
            app.forget();
        }
    }

    private Optional<Plane> alive() {
        return plane.filter(Plane::isAlive);
    }

    private void requireOpen() throws InvalidException {
        if (!isOpen()) {
            throw notOpen();
        }
    }

    private InvalidException notOpen() {
        return new InvalidException(
                new Problem("use the proxy", app.name(), "it was not started, or was handed over", "Start it first"));
    }
}
