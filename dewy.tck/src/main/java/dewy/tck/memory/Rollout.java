package dewy.tck.memory;

import dewy.api.ApplicationException;
import dewy.api.Call;
import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.HandoverState;
import dewy.api.route.Backend;
import dewy.api.runtime.Activation;
import dewy.tck.memory.host.Engine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * Changes what serves. Three rules make it indifferent to when the agent is killed:
 *
 * <ol>
 *   <li>A container says by its labels what it is, from its first moment on, so that none is ever unknown.
 *   <li>Traffic is moved before that is kept, it is kept before anything is told to go, and what is to go is drained first.
 *       So what was kept last names replicas that are there.
 *   <li>Whatever is done can be done again: whoever takes over moves the traffic to what serves, and has all others go.
 * </ol>
 *
 * <p>For one thread at a time: the one that has the {@link Turn}.
 */
final class Rollout {
    /** How long what was to serve, and does not, may take for what it was asked meanwhile. */
    private static final Duration UNDO_DRAIN = Duration.ofSeconds(2);

    private static final Duration UNDO_STOP = Duration.ofMillis(500);

    /** What the engine is given to kill what has not ended in time. */
    private static final Duration KILL = Duration.ofSeconds(1);

    private final RuntimeSettings settings;
    private final AppContext app;
    private final Engine engine;
    private final Ledger ledger;
    private final Replicas replicas;
    private final Traffic traffic;
    private final Dismissals dismissals;

    Rollout(RuntimeSettings settings, AppContext app, Engine engine, Ledger ledger, Executor threads) {
        this.settings = settings;
        this.app = app;
        this.engine = engine;
        this.ledger = ledger;
        replicas = new Replicas(engine, app.name(), settings.readyTimeout());
        traffic = new Traffic(app.router());
        dismissals = new Dismissals(traffic, replicas, threads);
    }

    /** Has a new generation take the place of the one that serves. */
    void replace(Call call, Activation activation) throws DewyException {
        settle(call);
        List<String> old = ledger.now().replicas();
        Generation next = ledger.begin(activation);
        try {
            serve(call, next, List.of(), old, next.size());
        } finally {
            ledger.end();
        }
        dismissals.dismiss(old, settings.drainTime(), settings.stopTimeout());
    }

    /** Has what serves be whole: replicas that have ended are replaced, unless that happened too often. */
    void mend(Call call) throws DewyException {
        settle(call);
        Optional<Generation> serving = ledger.serving().filter(generation -> ledger.isIncomplete());
        if (serving.isPresent()) {
            List<String> alive = ledger.alive();
            List<String> dead = new ArrayList<>(serving.get().replicas());
            dead.removeAll(alive);
            traffic.move(call, replicas.running(call, alive));
            int size = ledger.isGivenUp() ? alive.size() : serving.get().size();
            restart(call, serving.get(), alive, dead, size);
            dismissals.dismiss(dead, Duration.ZERO, Duration.ZERO);
        }
    }

    /** What does not start again has crashed once more, so that it is given up in the end. */
    private void restart(Call call, Generation serving, List<String> alive, List<String> dead, int size)
            throws DewyException {
        try {
            serve(call, serving, alive, dead, size);
        } catch (ApplicationException e) {
            ledger.noteCrash();
            throw e;
        }
    }

    /** Ends everything, and kills what is left when the call is over. */
    void end(Call call) throws DewyException {
        List<String> all = leaving(ledger.now().replicas());
        traffic.moveBack(Map.of());
        ledger.clear();
        dismissals.dismiss(all, settings.drainTime(), settings.stopTimeout());
        dismissals.awaitEnd(call, KILL, all);
        app.forget();
    }

    HandoverState toState() {
        return ledger.now().leaving(leaving(List.of())).toState(engine);
    }

    /** Leaves what runs as it is. */
    void close() {
        dismissals.close();
    }

    /** Puts in order what a predecessor left: traffic goes to what serves, and only then all others go. */
    private void settle(Call call) throws DewyException {
        if (!ledger.isSettled()) {
            List<String> ended = new ArrayList<>(ledger.now().replicas());
            ended.removeAll(
                    traffic.move(call, replicas.running(call, ledger.now().replicas())));
            ledger.settle(ended);
            dismissals.dismiss(ledger.now().leaving(), settings.drainTime(), settings.stopTimeout());
        }
    }

    /**
     * Starts what is missing of a generation, and moves the traffic to it, a batch at a time: it serves whole, or nothing has
     * changed.
     *
     * @param staying replicas that it has
     * @param going replicas in whose place the new ones are put
     */
    private void serve(Call call, Generation generation, List<String> staying, List<String> going, int size)
            throws DewyException {
        Map<String, List<Backend>> before = traffic.now();
        List<String> fresh = new ArrayList<>();
        List<String> all = new ArrayList<>(staying);
        boolean serves = false;
        try {
            while (all.size() < size) {
                int batch = Math.min(settings.batch(), size - all.size());
                replicas.start(call, generation, batch, fresh);
                all.addAll(fresh.subList(fresh.size() - batch, fresh.size()));
                List<String> not = all.size() < size ? skip(going, fresh.size()) : List.of();
                traffic.move(call, replicas.running(call, concat(all, not)));
            }
            ledger.write(ledger.now().serving(generation.with(all)).leaving(leaving(going)));
            serves = true;
        } finally {
            if (!serves) {
                undo(before, fresh);
            }
        }
    }

    /** Traffic goes back where it was; what came meanwhile is answered still. */
    private void undo(Map<String, List<Backend>> before, List<String> fresh) {
        traffic.moveBack(before);
        dismissals.dismiss(fresh, UNDO_DRAIN, UNDO_STOP);
        try (CancellableCall grace = CancellableCall.of("end of what does not serve", UNDO_DRAIN.plus(UNDO_STOP))) {
            dismissals.awaitEnd(grace, KILL, fresh);
        } catch (DewyException e) {
            // The engine is away, which is why nothing serves: they are ended once it is back.
        }
    }

    /** Returns all that are to go, with some more. */
    private List<String> leaving(List<String> more) {
        List<String> before = ledger.isSettled() ? List.of() : ledger.now().leaving();
        return concat(concat(dismissals.pending(), before), more);
    }

    private static List<String> skip(List<String> ids, int count) {
        return ids.subList(Math.min(count, ids.size()), ids.size());
    }

    private static List<String> concat(List<String> some, List<String> others) {
        List<String> all = new ArrayList<>(some);
        all.addAll(others);
        return all;
    }
}
