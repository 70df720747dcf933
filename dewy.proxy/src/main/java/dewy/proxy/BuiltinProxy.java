package dewy.proxy;

import dewy.api.Call;
import dewy.api.CancellableCall;
import dewy.api.CancelledException;
import dewy.api.DewyException;
import dewy.api.ExpiredException;
import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.event.Level;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.Handover;
import dewy.api.plugin.HandoverState;
import dewy.api.plugin.HealthCheck;
import dewy.api.plugin.Lifetime;
import dewy.api.proxy.Admission;
import dewy.api.proxy.Proxy;
import dewy.api.proxy.ProxyStatistics;
import dewy.api.route.Backend;
import dewy.api.route.Listener;
import dewy.proxy.traffic.Notice;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The proxy of one app. It holds the listening sockets, and has a {@linkplain Planes data plane} serve them: so that they
 * outlive a plane that dies, and the plane outlives this. A plane that has died, or is of another version of the bundle, is
 * replaced by whoever notices first; the sets of backends that were in force go with the app.
 *
 * <p>Safe for use by several threads: what changes something has the lock, what waits or looks does not.
 */
final class BuiltinProxy implements Proxy, Handover, HealthCheck, Planes.User {
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(4);
    private static final Duration RENEW_LIMIT = Duration.ofSeconds(30);
    private static final long RETRY_MILLIS = 500;

    private final AppContext app;
    private final Planes planes;
    private final AppTraffic traffic;
    private final Lifetime lifetime = new Lifetime();
    private final ReentrantLock lock = new ReentrantLock();
    private final String name;
    /** How long planes are renewed of its own accord: until it is handed over. */
    private volatile Lifetime renewals = new Lifetime();

    private boolean started;
    private volatile boolean over;
    private volatile String failure = "";

    BuiltinProxy(BuiltinSettings settings, AppContext app, SharedSockets opener, Planes planes) {
        this.app = app;
        this.planes = planes;
        this.name = app.name();
        this.traffic = new AppTraffic(settings, app, opener, planes, this);
    }

    /**
     * Goes on with what a predecessor left. What has to be put in order for that is done in the background.
     *
     * @throws InvalidException if it was left in a format that is not known here
     */
    BuiltinProxy adopt(HandoverState state) throws InvalidException {
        if (state.format() != AppTraffic.FORMAT) {
            throw new InvalidException(new Problem(
                    "take over the proxy",
                    name,
                    "it was handed over in format " + state.format() + ", and this version knows " + AppTraffic.FORMAT,
                    "Use versions of the plugin that fit together"));
        }
        traffic.adopt(state);
        renewIn(0);
        return this;
    }

    @Override
    public void start(Call call) throws DewyException {
        change(call, bound -> {
            if (!started) {
                traffic.listen(bound);
                started = true;
            }
            return traffic.ensure(bound);
        });
    }

    @Override
    public List<Listener> listeners() {
        return traffic.listeners();
    }

    @Override
    public void route(Call call, Map<String, List<Backend>> sets) throws DewyException {
        change(call, bound -> {
            traffic.route(bound, sets);
            return sets;
        });
    }

    @Override
    public void admit(Call call, Admission admission) throws DewyException {
        change(call, bound -> {
            traffic.admit(bound, admission);
            return admission;
        });
    }

    @Override
    public Admission admission() {
        return traffic.admission();
    }

    @Override
    public List<String> hosts() {
        return traffic.hosts();
    }

    @Override
    public int drain(Call call, String backend, Duration limit) throws DewyException {
        lifetime.bind(call).check();
        if (!traffic.isOpen()) {
            return 0; // Nothing was sent anywhere yet.
        }
        Plane serving = plane(call);
        return traffic.drain(lifetime.bind(call), serving, backend, limit);
    }

    @Override
    public ProxyStatistics statistics(Call call) throws DewyException {
        plane(call);
        return traffic.statistics(lifetime.bind(call));
    }

    /** One that has taken over is well once a plane of its own serves: what went before can have the traffic back until then. */
    @Override
    public void check(Call call) throws DewyException {
        if (traffic.isOpen()) {
            Plane unused = change(call, traffic::ensure);
        }
    }

    /**
     * What changes from now on would not be known to a successor: so no plane is renewed any more, not even one that starts
     * just now, which may take longer than whoever hands over can wait.
     */
    @Override
    public HandoverState prepare(Call call) throws DewyException {
        boolean done = false;
        renewals.close();
        try {
            HandoverState state = change(call, bound -> traffic.state());
            done = true;
            return state;
        } finally {
            if (!done) {
                abort();
            }
        }
    }

    @Override
    public void commit() {
        end();
        lock.lock();
        try {
            traffic.handedOver();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void abort() {
        renewals = new Lifetime();
        renewIn(0);
    }

    @Override
    public void finish(Call call, Duration limit) throws DewyException {
        change(call, bound -> {
            traffic.close(bound, limit);
            return limit;
        });
    }

    @Override
    public void close() {
        end();
        lock.lock();
        try (CancellableCall call = CancellableCall.of("close of the proxy", CLOSE_LIMIT)) {
            if (traffic.isOpen()) {
                traffic.close(call, Duration.ZERO);
            }
        } catch (DewyException e) {
            // Its sockets are closed, and a plane that nobody uses any more ends.
        } finally {
            lock.unlock();
        }
    }

    private void end() {
        over = true;
        lifetime.close();
    }

    private interface Change<R> {
        R with(Call call) throws DewyException;
    }

    /** Waits for its turn no longer than the call does. */
    private <R> R change(Call call, Change<R> change) throws DewyException {
        Call bound = lifetime.bind(call);
        bound.check();
        boolean mine = false;
        try {
            while (!mine) {
                checkTurn(bound);
                mine = lock.tryLock(Math.min(bound.remaining().toMillis(), 100), TimeUnit.MILLISECONDS);
            }
            bound.check();
            return change.with(bound);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancelledException(
                    new Problem("use the proxy of", name, "the thread was interrupted", "Try again"), e);
        } finally {
            if (mine) {
                lock.unlock();
            }
        }
    }

    private void checkTurn(Call bound) throws DewyException {
        try {
            bound.check();
        } catch (ExpiredException e) {
            throw new ExpiredException(
                    new Problem(
                            "use the proxy of",
                            name,
                            "what is being done to it, such as the start of a data plane, was not over in the time allowed",
                            "Try again when the host is less busy"),
                    e);
        }
    }

    /** Returns the plane that serves; one that has died is replaced before. */
    private Plane plane(Call call) throws DewyException {
        lifetime.bind(call).check();
        Optional<Plane> serving = traffic.plane().filter(Plane::isAlive);
        return serving.isPresent() ? serving.get() : change(call, traffic::ensure);
    }

    @Override
    public String app() {
        return traffic.id();
    }

    @Override
    public void told(Notice notice) {
        app.events().publish(notice.level(), notice.event(), notice.text(), notice.about());
    }

    @Override
    public void died(Plane plane) {
        if (!over && traffic.plane().filter(plane::equals).isPresent()) {
            String pid = Long.toString(plane.process().pid());
            app.events().publish(Level.WARN, "proxy.lost", "Data plane ended, another one starts", Map.of("pid", pid));
            renewIn(0);
        }
    }

    private void renewIn(long millis) {
        try {
            ScheduledFuture<?> unused = planes.threads().schedule(this::renew, millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // The bundle is stopped: whoever adopts this does it.
        }
    }

    /** What fails again for the same reason is told once. */
    private void renew() {
        Lifetime unlessHandedOver = renewals;
        try (CancellableCall call = CancellableCall.of("renewal of the data plane", RENEW_LIMIT)) {
            if (!over && traffic.isOpen()) {
                Plane unused = change(unlessHandedOver.bind(call), traffic::ensure);
            }
            failure = "";
        } catch (CancelledException e) {
            // It is handed over; or is not, and whoever said so has it renewed.
        } catch (DewyException e) {
            if (!over) {
                failed(e.problem().sentence());
                renewIn(RETRY_MILLIS);
            }
        }
    }

    private void failed(String why) {
        if (!why.equals(failure)) {
            app.events().publish(Level.WARN, "proxy.failed", "Data plane does not start", Map.of("error", why));
        }
        failure = why;
    }
}
