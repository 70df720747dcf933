package dewy.replicas;

import dewy.api.ApplicationException;
import dewy.api.Call;
import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.Handover;
import dewy.api.plugin.HandoverState;
import dewy.api.plugin.HealthCheck;
import dewy.api.plugin.Lifetime;
import dewy.api.release.Deliverable;
import dewy.api.release.RegistryLogin;
import dewy.api.route.Router;
import dewy.api.runtime.Activation;
import dewy.api.runtime.AppRuntime;
import dewy.api.runtime.ImageStore;
import dewy.api.runtime.ReplicaStatus;
import dewy.api.runtime.Replicated;
import dewy.api.runtime.RuntimeStatus;
import dewy.replicas.ReplicaSettings.Strategy;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Runs one app as replicas, generation after generation. How they are exchanged, {@link Exchange} says; here is who may have it
 * happen, one after the other: whoever asks for an activation, a restart or a stop, and the {@link Caretaker} when something has
 * crashed. Safe for use by several threads.
 */
public final class ReplicaRuntime implements AppRuntime, ImageStore, Replicated, Handover, HealthCheck {
    /** The format of what an instance hands over. */
    public static final int FORMAT = Standing.FORMAT;

    /** The share of the 5 s which closing may take that is left to what runs. */
    private static final Duration CLOSE_GRACE = Duration.ofSeconds(3);

    /** Beside the time that draining and stopping may take. */
    private static final Duration STOP_SLACK = Duration.ofSeconds(10);

    /** How long somebody may take to give way to what must be ended now. */
    private static final Duration GIVING_WAY = Duration.ofSeconds(1);

    private final AppContext app;
    private final ReplicaHost host;
    private final ReplicaSettings settings;
    private final ImageStore images;
    private final Ledger ledger;
    private final Replicas replicas;
    private final Exchange exchange;
    private final Mending mending;
    private final Caretaker caretaker;
    private final ExecutorService threads = Executors.newCachedThreadPool(ReplicaRuntime::thread);
    private final Lifetime lifetime = new Lifetime();
    private final Turn turn = new Turn();
    private final ExitWatch exits;
    private final AtomicBoolean closed = new AtomicBoolean();
    private boolean handedOver;

    /** One whose traffic is moved by the router of the app. */
    public ReplicaRuntime(ReplicaSettings settings, AppContext app, ReplicaHost host, ImageStore images) {
        this(settings, app, host, images, app.router());
    }

    /** One whose traffic is moved by a router of its own, if by any. */
    public ReplicaRuntime(
            ReplicaSettings settings, AppContext app, ReplicaHost host, ImageStore images, Optional<Router> router) {
        this.settings = settings;
        this.app = app;
        this.host = host;
        this.images = images;
        ledger = new Ledger(app, host, settings);
        replicas = new Replicas(settings, app, host, router, ledger, threads);
        exchange = settings.strategy() == Strategy.BLUE_GREEN
                ? new BlueGreen(settings, ledger, replicas)
                : new RollingUpdate(settings, ledger, replicas);
        mending = new Mending(settings, ledger, replicas);
        caretaker = new Caretaker(threads, new Care());
        exits = new ExitWatch(host, replicas.events(), this::exited, this::lost);
    }

    /** Finds what an earlier agent left on a host, to be adopted; empty when there is nothing. */
    public static Optional<HandoverState> recover(
            Call call, ReplicaSettings settings, ReplicaHost host, Optional<HandoverState> kept) throws DewyException {
        return new Recovery(host, settings.replicas()).find(call, kept).map(standing -> standing.toState(host));
    }

    /**
     * Goes on where another one stopped; what it left is put in order in the background.
     *
     * @throws InvalidException if that cannot be read
     */
    public ReplicaRuntime adopt(HandoverState left) throws InvalidException {
        ledger.adopt(Standing.of(left));
        caretaker.wake();
        return this;
    }

    @Override
    public void prepare(Call call, Activation activation) throws DewyException {
        host.requireStartable(lifetime.bind(call), activation);
    }

    @Override
    public void activate(Call call, Activation activation) throws DewyException {
        takeTurn(call);
        try {
            exits.begin(lifetime.bind(call));
            exchange.replace(lifetime.bind(call), activation);
        } finally {
            giveTurn();
        }
    }

    @Override
    public void restart(Call call) throws DewyException {
        takeTurn(call);
        try {
            Generation serving = ledger.serving().orElseThrow(this::nothingToRestart);
            exits.begin(lifetime.bind(call));
            exchange.replace(lifetime.bind(call), serving.activation());
        } finally {
            giveTurn();
        }
    }

    @Override
    public RuntimeStatus status() {
        return ledger.status();
    }

    @Override
    public List<ReplicaStatus> replicas(Call call) throws DewyException {
        List<Replica> found = host.list(lifetime.bind(call));
        return replicas.roster().of(found);
    }

    @Override
    public void complete(Call call) throws DewyException {
        takeTurn(call);
        try {
            exits.begin(lifetime.bind(call));
            mending.mend(lifetime.bind(call));
        } finally {
            giveTurn();
        }
        if (ledger.isIncomplete()) {
            String detail = ledger.status().detail();
            String why = detail.isEmpty() ? "one has ended meanwhile, and is replaced" : detail;
            throw new ApplicationException(
                    new Problem("have all replicas of", app.name() + " serve", why, "See what they wrote"));
        }
    }

    @Override
    public Duration stopLimit() {
        return settings.drainTime().plus(settings.stopTimeout()).plus(STOP_SLACK);
    }

    @Override
    public void stop(Call call) throws DewyException {
        caretaker.interrupt();
        try (CancellableCall waiting =
                CancellableCall.of(call.traceId(), call.remaining().plus(GIVING_WAY))) {
            turn.take(waiting);
        }
        try {
            replicas.end(call);
        } finally {
            giveTurn();
        }
    }

    @Override
    public void check(Call call) throws DewyException {
        host.ping(lifetime.bind(call));
    }

    @Override
    public String pull(Call call, Deliverable deliverable, Optional<RegistryLogin> login) throws DewyException {
        return images.pull(lifetime.bind(call), deliverable, login);
    }

    @Override
    public boolean holds(Call call, String image) throws DewyException {
        return images.holds(lifetime.bind(call), image);
    }

    @Override
    public List<String> remove(Call call, Collection<String> unwanted) throws DewyException {
        return images.remove(lifetime.bind(call), unwanted);
    }

    /**
     * The turn is not given until it is known who goes on: so nothing changes of what was told to the successor, who alone hears
     * of its replicas from then on.
     */
    @Override
    public HandoverState prepare(Call call) throws DewyException {
        takeTurn(call);
        exits.pause();
        return replicas.toState();
    }

    @Override
    public synchronized void commit() {
        handedOver = true;
    }

    @Override
    public void abort() {
        lost(); // What happened meanwhile was heard by nobody.
        giveTurn();
    }

    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        caretaker.close();
        lifetime.close();
        try {
            endAll();
        } finally {
            replicas.close();
            exits.close();
            threads.shutdownNow();
        }
    }

    private synchronized boolean isHandedOver() {
        return handedOver;
    }

    private void endAll() {
        if (isHandedOver()) {
            return;
        }
        try (CancellableCall grace = CancellableCall.of("end of " + app.name(), CLOSE_GRACE)) {
            stop(grace);
        } catch (DewyException e) {
            // The host is away: what it runs is found by its labels, by the next agent.
        }
    }

    private void takeTurn(Call call) throws DewyException {
        lifetime.bind(call).check();
        caretaker.interrupt();
        turn.take(lifetime.bind(call));
    }

    private void giveTurn() {
        turn.give();
        caretaker.wake();
    }

    private void exited(String name) {
        if (ledger.noteExit(name)) {
            app.changed();
            caretaker.wake();
        }
    }

    /** The host went away, perhaps with what it ran. */
    private void lost() {
        ledger.unsettle();
        caretaker.wake();
    }

    private ApplicationException nothingToRestart() {
        return new ApplicationException(
                new Problem("restart", app.name(), "nothing was activated yet", "Wait for the first deployment"));
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "dewy-replicas");
        thread.setDaemon(true);
        return thread;
    }

    /** What the caretaker does. */
    private final class Care implements Caretaker.Charge {
        @Override
        public Optional<Duration> dueIn() {
            return ledger.dueIn();
        }

        @Override
        public void mend(Call call) throws DewyException {
            turn.take(call);
            try {
                exits.begin(call);
                mending.mend(call);
            } finally {
                turn.give();
            }
        }
    }
}
