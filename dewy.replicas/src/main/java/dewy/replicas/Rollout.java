package dewy.replicas;

import dewy.api.ApplicationException;
import dewy.api.Call;
import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.HandoverState;
import dewy.api.route.Backend;
import dewy.api.runtime.Activation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * Changes what serves. Three rules make it indifferent to when the agent is killed:
 *
 * <ol>
 *   <li>A replica says by its labels what it is, from its first moment on, so that none is ever unknown.
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

    private static final Duration UNDO_STOP = Duration.ofSeconds(1);

    /** What the host is given to kill what has not ended in time. */
    private static final Duration KILL = Duration.ofSeconds(1);

    private final ReplicaSettings settings;
    private final AppContext app;
    private final ReplicaHost host;
    private final Ledger ledger;
    private final Traffic traffic;
    private final Dismissals dismissals;
    private final ReplicaEvents events;

    Rollout(ReplicaSettings settings, AppContext app, ReplicaHost host, Ledger ledger, Executor threads) {
        this.settings = settings;
        this.app = app;
        this.host = host;
        this.ledger = ledger;
        traffic = new Traffic(app.router());
        dismissals = new Dismissals(traffic, host, threads);
        events = new ReplicaEvents(app.events());
    }

    /** Finds out what would keep a new generation from being started. */
    void prepare(Call call, Activation activation) throws DewyException {
        host.requireStartable(call, activation);
    }

    /**
     * Has a new generation take the place of the one that serves: its replicas are started one by one, and share the traffic as
     * soon as they are ready; when all of them do, the old ones go. Where there is no room for as many, old ones go before.
     */
    void replace(Call call, Activation activation) throws DewyException {
        settle(call);
        Generation next = ledger.begin(activation);
        List<String> old = new ArrayList<>(ledger.now().replicas());
        List<String> fresh = new ArrayList<>();
        Map<String, List<Backend>> before = traffic.now();
        boolean serves = false;
        try {
            while (fresh.size() < next.size()) {
                if (fresh.size() + old.size() < next.size() + settings.maxSurge()) {
                    start(call, next, old, fresh);
                } else {
                    giveWay(call, old, fresh, next.size());
                }
            }
            takeOut(call, old, fresh);
            ledger.write(ledger.now().serving(next.with(fresh)).leaving(leaving(old)));
            serves = true;
        } finally {
            ledger.end();
            if (!serves) {
                undo(call, before, old, fresh);
            }
        }
        dismiss(old);
    }

    private void start(Call call, Generation next, List<String> old, List<String> fresh) throws DewyException {
        host.start(call, next, fresh);
        events.started(fresh.get(fresh.size() - 1), next);
        traffic.move(call, running(call, concat(fresh, old)));
    }

    /** Has as many old ones go as may be missing, to make room, and waits until they have. */
    private void giveWay(Call call, List<String> old, List<String> fresh, int size) throws DewyException {
        int surplus = fresh.size() + old.size() - size + settings.maxUnavailable();
        List<String> going = List.copyOf(old.subList(0, Math.min(surplus, old.size())));
        old.removeAll(going);
        traffic.move(call, running(call, concat(fresh, old)));
        Optional<Generation> serving = ledger.serving().map(generation -> generation.with(old));
        if (serving.isPresent()) {
            ledger.write(ledger.now().serving(serving.get()).leaving(leaving(going)));
        }
        dismiss(going);
        dismissals.awaitEnd(call, going);
    }

    /** Takes the traffic from the old ones, one by one. */
    private void takeOut(Call call, List<String> old, List<String> fresh) throws DewyException {
        for (int out = 1; out <= old.size(); out++) {
            traffic.move(call, running(call, concat(fresh, old.subList(out, old.size()))));
        }
    }

    /** Has there be as many replicas of what serves as there should be, unless they crashed too often. */
    void mend(Call call) throws DewyException {
        settle(call);
        Optional<Generation> serving = ledger.serving().filter(generation -> ledger.isUneven());
        if (serving.isPresent()) {
            List<String> kept = leaveOut(call, serving.get());
            while (kept.size() < settings.replicas() && !ledger.isGivenUp()) {
                add(call, serving.get(), kept);
            }
        }
    }

    /** Has the ones go that have ended, and those that are too many; returns the others. */
    private List<String> leaveOut(Call call, Generation serving) throws DewyException {
        List<String> alive = ledger.alive();
        List<String> kept = new ArrayList<>(alive.subList(0, Math.min(settings.replicas(), alive.size())));
        List<String> going = new ArrayList<>(serving.replicas());
        going.removeAll(kept);
        if (!going.isEmpty()) {
            traffic.move(call, running(call, kept));
            List<String> running =
                    running(call, going).stream().map(Replica::name).toList();
            List<String> dead =
                    going.stream().filter(one -> !running.contains(one)).toList();
            for (String lost : going) {
                if (!alive.contains(lost)) {
                    events.exited(lost, host.obituary(call, lost));
                }
            }
            ledger.write(ledger.now().serving(serving.with(kept)).leaving(leaving(going)));
            dismiss(running);
            dismissals.dismiss(dead, Duration.ZERO, Duration.ZERO);
        }
        if (ledger.isGivenUp()) {
            events.gaveUp(ledger.status().detail());
        }
        return kept;
    }

    /** Starts one more. What does not start has crashed once more, so that it is given up in the end. */
    private void add(Call call, Generation serving, List<String> kept) throws DewyException {
        List<String> fresh = new ArrayList<>();
        Map<String, List<Backend>> before = traffic.now();
        boolean serves = false;
        try {
            start(call, serving, kept, fresh);
            ledger.write(ledger.now().serving(serving.with(concat(kept, fresh))));
            serves = true;
        } catch (ApplicationException e) {
            ledger.noteCrash();
            throw e;
        } finally {
            if (!serves) {
                undo(call, before, kept, fresh);
            }
        }
        kept.addAll(fresh);
    }

    /** Ends everything, and kills what is left when the call is over. */
    void end(Call call) throws DewyException {
        List<String> all = leaving(ledger.now().replicas());
        traffic.moveBack(Map.of());
        ledger.clear();
        dismiss(all);
        dismissals.awaitEnd(call, KILL, all);
        app.forget();
    }

    HandoverState toState() {
        return ledger.now().leaving(leaving(List.of())).toState(host);
    }

    /** Leaves what runs as it is. */
    void close() {
        dismissals.close();
    }

    /** Puts in order what may have changed unseen: traffic goes to what serves, and only then all others go. */
    private void settle(Call call) throws DewyException {
        if (!ledger.isSettled()) {
            List<String> ended = new ArrayList<>(ledger.now().replicas());
            ended.removeAll(traffic.move(call, running(call, ledger.now().replicas())));
            ledger.settle(ended);
            dismissals.dismiss(ledger.now().leaving(), settings.drainTime(), settings.stopTimeout());
        }
    }

    private void dismiss(List<String> going) {
        going.forEach(events::stopping);
        dismissals.dismiss(going, settings.drainTime(), settings.stopTimeout());
    }

    /**
     * Traffic goes back where it was, as far as that is left; what came meanwhile is answered still. Whoever waits for a call that
     * is over waits for nothing more: what never served is killed then.
     */
    private void undo(Call call, Map<String, List<Backend>> before, List<String> staying, List<String> fresh) {
        List<String> served = fresh.stream().filter(traffic::leadsTo).toList();
        List<String> idle =
                fresh.stream().filter(name -> !served.contains(name)).toList();
        traffic.moveBack(Traffic.among(before, staying));
        dismissals.dismiss(served, UNDO_DRAIN, UNDO_STOP);
        dismissals.dismiss(idle, Duration.ZERO, call.isOver() ? Duration.ZERO : UNDO_STOP);
        Duration limit = served.isEmpty() ? UNDO_STOP : UNDO_DRAIN.plus(UNDO_STOP);
        try (CancellableCall grace = CancellableCall.of("end of what does not serve", limit)) {
            dismissals.awaitEnd(grace, KILL, fresh);
        } catch (DewyException e) {
            // The host is away, which is why nothing serves: they are ended once it is back.
        }
    }

    /** Returns all that are to go, with some more. */
    private List<String> leaving(Collection<String> more) {
        Set<String> all = new LinkedHashSet<>(dismissals.pending());
        if (!ledger.isSettled()) {
            all.addAll(ledger.now().leaving());
        }
        all.addAll(more);
        return List.copyOf(all);
    }

    /** Returns those that run, as they are now: where their ports are published changes whenever they are started. */
    private List<Replica> running(Call call, Collection<String> names) throws DewyException {
        List<Replica> running = new ArrayList<>();
        for (String name : names) {
            host.find(call, name).filter(Replica::isRunning).ifPresent(running::add);
        }
        return running;
    }

    private static List<String> concat(List<String> some, List<String> others) {
        List<String> all = new ArrayList<>(some);
        all.addAll(others);
        return all;
    }
}
