package dewy.tck.memory;

import dewy.api.ApplicationException;
import dewy.api.Call;
import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.Registration;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.Handover;
import dewy.api.plugin.HandoverState;
import dewy.api.plugin.HealthCheck;
import dewy.api.plugin.Lifetime;
import dewy.api.release.Deliverable;
import dewy.api.release.RegistryLogin;
import dewy.api.runtime.Activation;
import dewy.api.runtime.AppRuntime;
import dewy.api.runtime.ImageStore;
import dewy.api.runtime.RuntimeStatus;
import dewy.tck.memory.host.Engine;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Runs one app as replicas in containers, generation after generation. How, {@link Rollout} says; here is who may have it
 * happen, one after the other: whoever asks for an activation, a restart or a stop, and the {@link Caretaker} when something has
 * crashed. Safe for use by several threads.
 */
final class MemoryRuntime implements AppRuntime, ImageStore, Handover, HealthCheck {
    /** The share of the 5 s which closing may take that is left to what runs. */
    private static final Duration CLOSE_GRACE = Duration.ofSeconds(3);

    /** How long somebody may take to give way to what must be ended now. */
    private static final Duration GIVING_WAY = Duration.ofSeconds(1);

    private final AppContext app;
    private final Engine engine;
    private final Images images;
    private final Ledger ledger;
    private final Rollout rollout;
    private final Caretaker caretaker;
    private final ExecutorService threads = Executors.newCachedThreadPool(MemoryRuntime::thread);
    private final Lifetime lifetime = new Lifetime();
    private final Turn turn = new Turn();
    private Optional<Registration> exits = Optional.empty();
    private boolean handedOver;

    MemoryRuntime(RuntimeSettings settings, AppContext app, Engine engine) {
        this.app = app;
        this.engine = engine;
        images = new Images(engine);
        ledger = new Ledger(app, engine, settings);
        rollout = new Rollout(settings, app, engine, ledger, threads);
        caretaker = new Caretaker(threads, new Mending());
    }

    /** Goes on where another one stopped; what it left is put in order in the background. */
    MemoryRuntime adopt(Standing left) {
        ledger.adopt(left);
        watch();
        caretaker.wake();
        return this;
    }

    @Override
    public void activate(Call call, Activation activation) throws DewyException {
        takeTurn(call);
        try {
            watch();
            rollout.replace(lifetime.bind(call), activation);
        } finally {
            giveTurn();
        }
    }

    @Override
    public void restart(Call call) throws DewyException {
        takeTurn(call);
        try {
            Generation serving = ledger.serving().orElseThrow(this::nothingToRestart);
            rollout.replace(lifetime.bind(call), serving.activation());
        } finally {
            giveTurn();
        }
    }

    @Override
    public RuntimeStatus status() {
        return ledger.status();
    }

    @Override
    public void stop(Call call) throws DewyException {
        caretaker.interrupt();
        try (CancellableCall waiting =
                CancellableCall.of(call.traceId(), call.remaining().plus(GIVING_WAY))) {
            turn.take(waiting);
        }
        try {
            rollout.end(call);
        } finally {
            giveTurn();
        }
    }

    @Override
    public void check(Call call) throws DewyException {
        engine.ping(lifetime.bind(call));
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

    /** The turn is not given until it is known who goes on: so nothing changes of what was told to the successor. */
    @Override
    public HandoverState prepare(Call call) throws DewyException {
        takeTurn(call);
        return rollout.toState();
    }

    @Override
    public synchronized void commit() {
        handedOver = true;
    }

    @Override
    public void abort() {
        giveTurn();
    }

    @Override
    public void close() {
        caretaker.close();
        lifetime.close();
        try {
            endAll();
        } finally {
            rollout.close();
            unwatch();
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
            // The engine is away: what it runs is found by its labels, by the next agent.
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

    private synchronized void watch() {
        if (exits.isEmpty()) {
            exits = Optional.of(engine.onExit(this::exited));
        }
    }

    private synchronized void unwatch() {
        exits.ifPresent(Registration::close);
        exits = Optional.empty();
    }

    private void exited(String id) {
        if (ledger.noteExit(id)) {
            app.changed();
            caretaker.wake();
        }
    }

    private ApplicationException nothingToRestart() {
        return new ApplicationException(
                new Problem("restart", app.name(), "nothing was activated yet", "Wait for the first deployment"));
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "memory runtime");
        thread.setDaemon(true);
        return thread;
    }

    /** What the caretaker does. */
    private final class Mending implements Caretaker.Charge {
        @Override
        public boolean isDue() {
            return !ledger.isSettled() || ledger.isIncomplete();
        }

        @Override
        public Duration pause() {
            return ledger.pause();
        }

        @Override
        public void mend(Call call) throws DewyException {
            turn.take(call);
            try {
                rollout.mend(call);
            } finally {
                turn.give();
            }
        }
    }
}
