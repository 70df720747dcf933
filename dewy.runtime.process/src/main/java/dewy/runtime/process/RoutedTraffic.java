package dewy.runtime.process;

import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.UnreachableException;
import dewy.api.process.ListeningAddress;
import dewy.api.route.Backend;
import dewy.api.route.Listener;
import dewy.api.route.Router;
import dewy.runtime.process.Generation.Identity;
import dewy.runtime.process.time.Timer;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Generations listen at private ports, and a proxy is told which of them gets what arrives at all listeners. What is routed is
 * changed by one thread, in the order in which that was asked for.
 */
final class RoutedTraffic implements Traffic {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Duration LIMIT_BACK = Duration.ofSeconds(2);

    /** How long what was to serve, and does not, may take for what it was asked meanwhile. */
    private static final Duration LIMIT_UNDO = Duration.ofSeconds(1);

    private static final Duration RETRY = Duration.ofMillis(500);
    private static final long IDLE_SECONDS = 10;

    private final Router router;
    private final PrivatePorts ports;
    private final Timer timer;
    private final ThreadPoolExecutor changes;
    private final Map<String, CancellableCall> leads = new HashMap<>();
    private final Map<String, Drain> drains = new HashMap<>();
    private List<Backend> before = List.of();
    private List<Backend> now = List.of();
    private Optional<CompletableFuture<Void>> adoption = Optional.empty();
    private boolean suspended;
    private boolean released;

    RoutedTraffic(Router router, PrivatePorts ports, Timer timer) {
        this.router = router;
        this.ports = ports;
        this.timer = timer;
        changes = new ThreadPoolExecutor(
                1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), RoutedTraffic::thread);
        changes.allowCoreThreadTimeOut(true);
    }

    @Override
    public OptionalInt newPort() throws DewyException {
        requireNoTarget(router);
        return OptionalInt.of(ports.choose());
    }

    @Override
    public boolean isTaken(OptionalInt port) {
        return port.isPresent() && ports.isTaken(port.getAsInt());
    }

    @Override
    public synchronized CompletableFuture<Void> adopt(Optional<Identity> serving, String version) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        now = serving.filter(identity -> identity.port().isPresent())
                .map(identity -> List.of(backend(identity, version)))
                .orElse(List.of());
        adoption = Optional.of(done);
        changes.execute(this::routeAdopted);
        return done;
    }

    @Override
    public synchronized CompletableFuture<Optional<DewyException>> lead(Identity to, String version) {
        CancellableCall call = CancellableCall.of("traffic to " + id(to), LIMIT);
        leads.put(id(to), call);
        return CompletableFuture.supplyAsync(() -> lead(call, backend(to, version)), changes);
    }

    @Override
    public synchronized CompletableFuture<Void> abandon(Identity failed) {
        CancellableCall call = leads.remove(id(failed));
        if (call == null && !isLedTo(id(failed))) {
            return CompletableFuture.completedFuture(null);
        }
        if (call != null) {
            call.cancel("the server is not to serve any more");
        }
        return CompletableFuture.runAsync(() -> back(id(failed)), changes)
                .thenCompose(done -> leave(failed, LIMIT_UNDO));
    }

    @Override
    public void away(Identity from) {
        changes.execute(() -> leadAway(id(from)));
    }

    /** It begins when all was routed that was asked for: nothing is drained to which something leads. */
    @Override
    public synchronized CompletableFuture<Void> leave(Identity generation, Duration limit) {
        if (released || suspended) {
            return new CompletableFuture<>();
        }
        String id = id(generation);
        Drain known = drains.get(id);
        if (known != null) {
            known.hurry(limit);
            return known.over();
        }
        Drain drain = new Drain(router, id, limit);
        drains.put(id, drain);
        Completion.then(drain.over(), done -> forget(id, drain));
        changes.execute(drain::start);
        return drain.over();
    }

    @Override
    public synchronized void suspend() {
        suspended = true;
        drains.values().forEach(Drain::abandon);
        drains.clear();
    }

    @Override
    public synchronized void resume() {
        suspended = false;
        changes.execute(this::routeAdopted);
    }

    @Override
    public synchronized void release() {
        released = true;
        suspend();
        leads.values().forEach(call -> call.cancel("somebody else goes on"));
    }

    /** Refuses a fixed port of the app's, as long as listeners are known, and a network of containers. */
    static void requireNoTarget(Router router) throws InvalidException {
        if (router.network().isPresent()) {
            throw new InvalidException(
                    new Problem(
                            "run the server behind a proxy",
                            "in the network \"" + router.network().get().name() + "\"",
                            "only containers can be in it",
                            "Use --proxy builtin"),
                    List.of("proxy"));
        }
        for (Listener listener : router.listeners()) {
            if (listener.target().isPresent()) {
                throw new InvalidException(
                        new Problem(
                                "run the server behind a proxy",
                                "at the port \"" + listener.name() + "\"",
                                "a server cannot be given a fixed port, since a new one starts while the one before has it",
                                "Leave out \":" + listener.target().getAsInt()
                                        + "\": the server is told its port by PORT, for all listeners the same"),
                        List.of("port"));
            }
        }
    }

    private Optional<DewyException> lead(CancellableCall call, Backend to) {
        end(adoption());
        List<Backend> old = now();
        try (call) {
            call.check();
            route(call, List.of(to));
            note(old, List.of(to));
            return Optional.empty();
        } catch (DewyException e) {
            back(old);
            return Optional.of(e);
        } finally {
            forget(to.id(), call);
        }
    }

    /** Leads back from a generation, if anything leads to it. */
    private void back(String from) {
        List<Backend> old = before(from);
        if (isLedTo(from)) {
            back(old);
        }
    }

    private void leadAway(String from) {
        if (isLedTo(from)) {
            end(adoption());
            back(List.of());
        } else {
            before(from);
        }
    }

    /** Should the proxy have gone, what was asked for last is routed once there is one again. */
    private void back(List<Backend> to) {
        try (CancellableCall call = CancellableCall.of("traffic moved back", LIMIT_BACK)) {
            route(call, to);
        } catch (DewyException e) {
            // It is routed once the proxy is back.
        }
        note(List.of(), to);
    }

    /** As long as nothing else is asked for, this is tried again: the proxy may come after the runtime. */
    private void routeAdopted() {
        Optional<CompletableFuture<Void>> wanted = adoption();
        if (wanted.isEmpty() || isSuspended()) {
            return;
        }
        try (CancellableCall call = CancellableCall.of("traffic to what was adopted", LIMIT)) {
            route(call, now());
            end(wanted);
        } catch (DewyException e) {
            var unused = timer.after(RETRY, () -> changes.execute(this::routeAdopted));
        }
    }

    private void route(CancellableCall call, List<Backend> to) throws DewyException {
        if (isReleased()) {
            return;
        }
        Map<String, List<Backend>> sets = new LinkedHashMap<>();
        for (Listener listener : router.listeners()) {
            sets.put(listener.name(), to);
        }
        if (sets.isEmpty()) {
            throw new UnreachableException(new Problem("route", "", "the proxy is not there yet", ""));
        }
        router.route(call, sets);
    }

    private void end(Optional<CompletableFuture<Void>> adopted) {
        synchronized (this) {
            adoption = Optional.empty();
        }
        adopted.ifPresent(done -> done.complete(null));
    }

    private synchronized void note(List<Backend> old, List<Backend> to) {
        before = old;
        now = to;
    }

    /** Returns where to go back to; a generation that fails is nothing to go back to. */
    private synchronized List<Backend> before(String failed) {
        before = before.stream().filter(one -> !one.id().equals(failed)).toList();
        return before;
    }

    private synchronized boolean isLedTo(String id) {
        return now.stream().anyMatch(one -> one.id().equals(id));
    }

    private synchronized List<Backend> now() {
        return now;
    }

    private synchronized Optional<CompletableFuture<Void>> adoption() {
        return adoption;
    }

    private synchronized boolean isSuspended() {
        return suspended;
    }

    private synchronized boolean isReleased() {
        return released;
    }

    private synchronized void forget(String id, CancellableCall lead) {
        leads.remove(id, lead);
    }

    private synchronized void forget(String id, Drain drain) {
        drains.remove(id, drain);
    }

    private static Backend backend(Identity identity, String version) {
        ListeningAddress address =
                new ListeningAddress(PrivatePorts.HOST, identity.port().orElseThrow());
        return Backend.of(id(identity), address).withVersion(version);
    }

    /** Numbers begin anew where what was kept is lost, and so does what was routed; pids do not, for long. */
    private static String id(Identity identity) {
        return identity.number() + "-" + identity.child().pid();
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "dewy-runtime-process-traffic");
        thread.setDaemon(true);
        return thread;
    }
}
