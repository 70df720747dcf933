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
import dewy.api.proxy.Proxy;
import dewy.api.proxy.ProxyStatistics;
import dewy.api.route.Backend;
import dewy.api.route.ContainerNetwork;
import dewy.api.route.Listener;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The proxy of one app: it has a container run with Caddy in it, and tells that where traffic goes. All that there is to be known
 * is with the container, so that it outlives this; one that is lost is started anew by whoever notices first.
 *
 * <p>Safe for use by several threads: what changes something has the lock, what waits or looks does not.
 */
final class CaddyProxy implements Proxy, Handover, HealthCheck {
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(4);
    private static final Duration RENEW_LIMIT = Duration.ofSeconds(60);
    private static final long RETRY_MILLIS = 500;

    private final ProxyContainer container;
    private final AppContext app;
    private final ScheduledExecutorService threads;
    private final AppTraffic traffic;
    private final Watch watch;
    private final Lifetime lifetime = new Lifetime();
    private final ReentrantLock lock = new ReentrantLock();
    private volatile boolean handedOver;
    private volatile boolean over;
    private volatile String failure = "";

    CaddyProxy(ProxyContainer container, AppContext app, ScheduledExecutorService threads) {
        this.container = container;
        this.app = app;
        this.threads = threads;
        traffic = new AppTraffic(container, app);
        watch = new Watch(container.engine(), container.owner().labels(ProxyContainer.ROLE), () -> mendIn(0));
    }

    /**
     * Goes on with what a predecessor left. What has to be put in order for that is done in the background.
     *
     * @throws InvalidException if it was left in a format that is not known here
     */
    CaddyProxy adopt(HandoverState state) throws InvalidException {
        if (state.format() != AppTraffic.FORMAT) {
            throw new InvalidException(new Problem(
                    "take over the proxy",
                    app.name(),
                    "it was handed over in format " + state.format() + ", and this version knows " + AppTraffic.FORMAT,
                    "Use versions of the plugin that fit together"));
        }
        traffic.adopt(state);
        mendIn(0);
        return this;
    }

    @Override
    public void start(Call call) throws DewyException {
        change(call, this::ensure);
    }

    @Override
    public List<String> hosts() {
        return container.settings().hosting().domains();
    }

    @Override
    public List<Listener> listeners() {
        return traffic.listeners();
    }

    @Override
    public Optional<ContainerNetwork> network() {
        return traffic.network();
    }

    @Override
    public void route(Call call, Map<String, List<Backend>> sets) throws DewyException {
        boolean done = false;
        try {
            change(call, bound -> traffic.route(bound, sets));
            done = true;
        } finally {
            if (!done) {
                mendIn(0);
            }
        }
    }

    @Override
    public int drain(Call call, String backend, Duration limit) throws DewyException {
        Call bound = lifetime.bind(call);
        bound.check();
        if (!traffic.isOpen()) {
            return 0; // Nothing was sent anywhere yet.
        }
        requireKnown(bound);
        int cut = traffic.drain(bound, backend, limit);
        change(call, unused -> traffic.forget(backend));
        return cut;
    }

    @Override
    public ProxyStatistics statistics(Call call) throws DewyException {
        Call bound = lifetime.bind(call);
        bound.check();
        traffic.requireStarted();
        requireKnown(bound);
        return traffic.statistics(bound);
    }

    @Override
    public void check(Call call) throws DewyException {
        if (traffic.isOpen()) {
            change(call, this::ensure);
        } else {
            container.engine().ping(lifetime.bind(call));
        }
    }

    @Override
    public HandoverState prepare(Call call) throws DewyException {
        lifetime.bind(call).check();
        return traffic.state();
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
        if (handedOver) {
            return;
        }
        lock.lock();
        try (CancellableCall call = CancellableCall.of("close of the proxy", CLOSE_LIMIT)) {
            traffic.close(call);
        } catch (DewyException e) {
            // The engine is away: it is found by its labels, by the next agent.
        } finally {
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

    /** Has there be a container as it should be, of which nothing is missed any more. */
    private void ensure(Call call) throws DewyException {
        watch.begin(call);
        traffic.ensure(call);
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
        if (over || !traffic.isOpen()) {
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

    private void requireKnown(Call call) throws DewyException {
        if (!traffic.isKnown()) {
            change(call, this::ensure);
        }
    }
}
