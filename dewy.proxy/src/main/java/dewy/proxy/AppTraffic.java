package dewy.proxy;

import dewy.api.Call;
import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.StorageException;
import dewy.api.UnreachableException;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.HandoverState;
import dewy.api.process.Inheritable;
import dewy.api.proxy.Admission;
import dewy.api.proxy.ProxyStatistics;
import dewy.api.route.Backend;
import dewy.api.route.Listener;
import dewy.proxy.control.Contents;
import dewy.proxy.control.Message;
import dewy.proxy.traffic.Sites.Site;
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
 * What is open for one app: its listening sockets, the plane that serves them, and those before it which have something in
 * flight yet: they are routed and drained with it. It is written down before a plane is told, so that whoever comes after a
 * killed agent finds every plane that serves the app. Changed by one thread at a time; anybody may look.
 */
final class AppTraffic {
    static final int FORMAT = 1;

    /** How long what a plane of another version has in flight may take: it costs no more than its memory. */
    private static final Duration GENERATION_LIMIT = Duration.ofMinutes(30);

    /** How long another app that shares a port may take to follow to another plane, without which nothing is accepted there. */
    private static final Duration FOLLOWING = Duration.ofSeconds(10);

    private static final Duration UNDO = Duration.ofSeconds(2);
    /** How much sooner a connection is seen to break than the process behind it to end. */
    private static final long END_MILLIS = 500;

    private static final String ID = "id";

    private final BuiltinSettings settings;
    private final AppContext app;
    private final SharedSockets opener;
    private final Planes planes;
    private final Planes.User user;
    private final FormerPlanes former;
    private final Tally tally = new Tally();

    private volatile String id = UUID.randomUUID().toString();
    private volatile OpenSockets sockets = OpenSockets.NONE;
    private volatile Optional<Plane> plane = Optional.empty();
    /** What is routed; not known yet of a plane that was adopted. */
    private Optional<Map<String, List<Backend>>> sets = Optional.of(Map.of());

    private volatile Admission admission = Admission.SERVING;
    private boolean cutOff;

    AppTraffic(BuiltinSettings settings, AppContext app, SharedSockets opener, Planes planes, Planes.User user) {
        this.settings = settings;
        this.app = app;
        this.opener = opener;
        this.planes = planes;
        this.user = user;
        this.former = new FormerPlanes(planes, user);
    }

    /** Returns by what planes tell it from others. */
    String id() {
        return id;
    }

    boolean isOpen() {
        return !sockets.isEmpty();
    }

    /** Returns the plane that serves; it may have died. */
    Optional<Plane> plane() {
        return plane;
    }

    /** Returns what it answers to; empty where that is everything. */
    List<String> hosts() {
        List<Site> sites = settings.sites();
        return sites.equals(List.of(Site.ALL))
                ? List.of()
                : sites.stream().map(Site::toString).toList();
    }

    private void hold(OpenSockets now) {
        sockets = now;
        opener.hold(this, now);
    }

    /** Returns where it listens; what the settings say where it does not. */
    List<Listener> listeners() {
        return isOpen() ? sockets.listeners() : settings.listeners();
    }

    /** Listens where the settings say, and nowhere else: at all of that, or as before. */
    void listen(Call call) throws DewyException {
        OpenSockets before = sockets;
        OpenSockets now = before.opening(settings.listeners(), opener);
        boolean done = false;
        try {
            Plane serving = isOpen() ? ensure(call) : planes.use(call, user);
            plane = Optional.of(serving);
            hold(now);
            app.keep(state());
            open(call, serving);
            done = true;
        } finally {
            if (!done) {
                now.closeBut(before);
                hold(before);
                restore();
            }
        }
        before.closeBut(now);
    }

    /** The plane may have done what was asked of it, whatever has become of the answer. */
    private void restore() throws StorageException {
        try (CancellableCall undo = CancellableCall.of("listeners as before", UNDO)) {
            if (isOpen() && plane.isPresent()) {
                open(undo, plane.get());
            } else if (plane.isPresent()) {
                plane.get().ask(undo, question("close").with("limit", 0));
            }
        } catch (DewyException e) {
            // It has ended, or did nothing.
        }
        if (isOpen()) {
            app.keep(state());
        } else {
            end();
        }
    }

    /** It is none of the plane's any more, which may not have read yet what it was asked for: that is not to be done later. */
    private void end() throws StorageException {
        plane.ifPresent(serving -> planes.close(serving, user));
        plane = Optional.empty();
        id = UUID.randomUUID().toString();
        app.forget();
    }

    /**
     * Returns the plane that serves. Where that has died, or is of another version, a new one takes its place on the same
     * sockets; what the other one has in flight comes to its end there.
     */
    Plane ensure(Call call) throws DewyException {
        if (!isOpen()) {
            throw notOpen();
        }
        Optional<Plane> now = plane.filter(Plane::isAlive);
        if (now.isPresent() && sets.isEmpty()) {
            Message routes = now.get().ask(call, question("routes"));
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
        former.remove(next);
        now.ifPresent(former::add);
        boolean done = false;
        try {
            app.keep(state());
            open(call, next);
            done = true;
        } finally {
            if (!done) {
                // Nobody knows whether it serves: until it was told not to, it is routed as well.
                plane = before;
                now.ifPresent(former::remove);
                former.add(next);
            }
        }
        tally.replaced();
        cutOff = false;
        before.filter(dead -> now.isEmpty()).ifPresent(dead -> planes.leave(dead, user));
    }

    /** Has planes that were replaced accept nothing any more, and forgets those that have nothing in flight. */
    private void dismiss(Call call) throws DewyException {
        if (!former.isEmpty()) {
            former.tell(call, question("leave").with("limit", GENERATION_LIMIT.toMillis()));
            app.keep(state());
        }
    }

    /** Has a plane serve all sockets; where other apps share one, that accepts for all of them, or not yet. */
    private void open(Call call, Plane by) throws DewyException {
        List<String> fellows = new ArrayList<>(opener.fellows(this));
        former.ask(call, () -> question("fellows"), answer -> fellows.addAll(Contents.fellows(answer)));
        by.ask(
                call,
                question("open")
                        .with("name", app.name())
                        .with(Contents.ofAdmission(admission))
                        .with(Contents.ofFellows(fellows))
                        .with("patience", FOLLOWING.toMillis())
                        .with(Contents.ofSites(settings.sites()))
                        .with(Contents.ofListeners(sockets.passTo(by.place().passing())))
                        .with(Contents.ofSettings(settings.traffic()))
                        .with(Contents.ofTls(settings.tls()))
                        .with(Contents.ofRecording(settings.recording(app::stateDirectory)))
                        .with(Contents.ofSets(sets.orElse(Map.of()))));
    }

    private Message question(String verb) {
        return Message.of(verb).with("app", id);
    }

    /** Routes, by the plane there is now, or the one that takes its place. */
    void route(Call call, Map<String, List<Backend>> to) throws DewyException {
        Plane serving = ensure(call);
        Message question = question("route").with(Contents.ofSets(to));
        ask(call, serving, question);
        Map<String, List<Backend>> now = new LinkedHashMap<>(sets.orElse(Map.of()));
        now.putAll(to);
        sets = Optional.of(now);
        former.tell(call, question);
    }

    Admission admission() {
        return admission;
    }

    /** Has what arrives be served, held or refused, by the plane there is now and by those that take its place. */
    void admit(Call call, Admission to) throws DewyException {
        Plane serving = ensure(call);
        Admission before = admission;
        boolean done = false;
        try {
            admission = to;
            app.keep(state());
            ask(call, serving, question("admit").with(Contents.ofAdmission(to)));
            done = true;
        } finally {
            if (!done) {
                admission = before;
                app.keep(state());
            }
        }
        former.tell(call, question("admit").with(Contents.ofAdmission(to)));
    }

    /** Asks the plane, or the one that takes its place. */
    private void ask(Call call, Plane serving, Message question) throws DewyException {
        try {
            serving.ask(call, question);
        } catch (UnreachableException e) {
            if (!hasEnded(serving)) {
                throw e;
            }
            ensure(call).ask(call, question);
        }
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

    /** Waits until a backend is drained, by the plane that serves and by those before it. */
    int drain(Call call, Plane serving, String backend, Duration limit) throws DewyException {
        long deadline = System.nanoTime() + limit.toNanos();
        Message question = question("drain").with("backend", backend);
        List<Message> answers = new ArrayList<>();
        answers.add(serving.ask(call, question.with("limit", limit.toMillis())));
        former.ask(call, () -> question.with("limit", millisUntil(deadline)), answers::add);
        return answers.stream().mapToInt(answer -> (int) answer.number("cut")).sum();
    }

    private static long millisUntil(long deadline) {
        return TimeUnit.NANOSECONDS.toMillis(Math.max(0, deadline - System.nanoTime()));
    }

    /** Returns what passed since the proxy was started first, but for what planes had in flight when they were replaced. */
    ProxyStatistics statistics(Call call) throws DewyException {
        Plane serving = plane.orElseThrow(this::notOpen);
        return tally.read(Contents.statistics(serving.ask(call, question("statistics"))));
    }

    /** Returns what whoever comes next needs. */
    HandoverState state() {
        Map<String, String> data = new HashMap<>();
        Map<String, Inheritable> resources = new HashMap<>();
        data.put(ID, id);
        tally.write(data);
        data.putAll(Contents.ofAdmission(admission));
        sockets.write(data, resources);
        plane.ifPresent(serving -> serving.write("", data, resources));
        former.write(data, resources);
        return new HandoverState(FORMAT, data, resources);
    }

    /** Goes on with what another one left. */
    void adopt(HandoverState state) {
        Map<String, String> data = state.data();
        id = data.getOrDefault(ID, id);
        tally.adopt(data);
        admission = data.containsKey("admission") ? Contents.admission(new Message("adopt", data)) : Admission.SERVING;
        plane = planes.adopt("", state, user);
        former.adopt(state);
        sets = plane.isPresent() ? Optional.empty() : Optional.of(Map.of());
        hold(OpenSockets.read(state));
        cutOff = sockets.haveSubstitutes();
    }

    /** Everything is another one's now. */
    void handedOver() {
        plane.ifPresent(serving -> planes.leave(serving, user));
        former.leave();
        plane = Optional.empty();
        hold(OpenSockets.NONE);
    }

    /** Stops listening, and waits for what is in flight, which is cut at the limit. */
    void close(Call call, Duration limit) throws DewyException {
        sockets.closeBut(OpenSockets.NONE);
        hold(OpenSockets.NONE);
        Message question = question("close").with("limit", limit.toMillis());
        try {
            former.tell(call, question);
            if (plane.filter(Plane::isAlive).isPresent()) {
                plane.get().ask(call, question);
            }
        } finally {
            former.leave();
            end();
        }
    }

    private InvalidException notOpen() {
        return new InvalidException(
                new Problem("use the proxy", app.name(), "it was not started, or was handed over", "Start it first"));
    }
}
