package dewy.replicas;

import dewy.api.Call;
import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.HandoverState;
import dewy.api.route.Backend;
import dewy.api.route.Router;
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
 * The replicas of one app, and the traffic to them: what is done with them one step at a time. Three rules make it indifferent
 * to when the agent is killed, and whoever puts steps together keeps them:
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
final class Replicas {
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

    Replicas(
            ReplicaSettings settings,
            AppContext app,
            ReplicaHost host,
            Optional<Router> router,
            Ledger ledger,
            Executor threads) {
        this.settings = settings;
        this.app = app;
        this.host = host;
        this.ledger = ledger;
        traffic = new Traffic(router);
        dismissals = new Dismissals(traffic, host, threads);
        events = new ReplicaEvents(app.events());
    }

    /** Puts in order what may have changed unseen: traffic goes to what serves, and only then all others go. */
    void settle(Call call) throws DewyException {
        if (!ledger.isSettled()) {
            List<String> ended = new ArrayList<>(ledger.now().replicas());
            ended.removeAll(lead(call, ledger.now().replicas()));
            ledger.settle(ended);
            dismissals.dismiss(ledger.now().leaving(), settings.drainTime(), settings.stopTimeout());
            drain(ledger.now().keptReplicas());
        }
        if (ledger.isKeptTooLong()) {
            List<String> kept = ledger.now().keptReplicas();
            ledger.write(ledger.now().kept(Optional.empty()).leaving(leaving(kept)));
            dismiss(kept);
        }
    }

    /** Starts one, to which nothing leads yet; its name is among the fresh ones also when this throws. */
    void start(Call call, Generation generation, List<String> fresh) throws DewyException {
        host.start(call, generation, fresh);
        events.started(fresh.get(fresh.size() - 1), generation);
    }

    /** Leads the traffic to those of them that run, and nowhere else, in one step; returns which these are. */
    List<String> lead(Call call, List<String> names) throws DewyException {
        return traffic.move(call, found(call, names));
    }

    /** Returns whether there is traffic to be led. */
    boolean isRouted() {
        return traffic.isThere();
    }

    /** Returns where the traffic goes, for {@link #undo}. */
    Map<String, List<Backend>> routed() {
        return traffic.now();
    }

    /** Returns those that run. */
    List<String> running(Call call, Collection<String> names) throws DewyException {
        return found(call, names).stream().map(Replica::name).toList();
    }

    ReplicaEvents events() {
        return events;
    }

    /** Tells why one does not serve any more. */
    void tellEnd(Call call, String name) throws DewyException {
        events.exited(name, host.obituary(call, name));
    }

    /** Has them drained, stopped and removed, in their own time. */
    void dismiss(List<String> going) {
        going.forEach(events::stopping);
        dismissals.dismiss(going, settings.drainTime(), settings.stopTimeout());
    }

    /** Has the ones removed that have ended. */
    void remove(List<String> dead) {
        dismissals.dismiss(dead, Duration.ZERO, Duration.ZERO);
    }

    /** Has what is in flight to them come to its end, in its own time, and leaves them running. */
    void drain(List<String> names) {
        dismissals.drain(names, settings.drainTime());
    }

    /** Waits until those are gone that were dismissed. */
    void awaitEnd(Call call, List<String> going) throws DewyException {
        dismissals.awaitEnd(call, going);
    }

    /** Ends everything, and kills what is left when the call is over. */
    void end(Call call) throws DewyException {
        List<String> all = leaving(concat(ledger.now().replicas(), ledger.now().keptReplicas()));
        if (!all.isEmpty()) { // Or a proxy would have to start for it.
            traffic.moveBack(Map.of());
        }
        ledger.clear();
        dismiss(all);
        dismissals.awaitEnd(call, KILL, all);
        app.forget();
    }

    /** Returns how those that there are stand; may be asked by any thread. */
    Roster roster() {
        Standing now = ledger.now();
        Set<String> going = new LinkedHashSet<>(now.leaving());
        going.addAll(dismissals.pending());
        return new Roster(now.replicas(), ledger.alive(), now.keptReplicas(), going);
    }

    HandoverState toState() {
        return ledger.now().leaving(leaving(List.of())).toState(host);
    }

    /** Leaves what runs as it is. */
    void close() {
        dismissals.close();
    }

    /**
     * Traffic goes back where it was, as far as that is left; what came meanwhile is answered still. Whoever waits for a call that
     * is over waits for nothing more: what never served is killed then.
     */
    void undo(Call call, Map<String, List<Backend>> before, List<String> staying, List<String> fresh) {
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
    List<String> leaving(Collection<String> more) {
        Set<String> all = new LinkedHashSet<>(dismissals.pending());
        if (!ledger.isSettled()) {
            all.addAll(ledger.now().leaving());
        }
        all.addAll(more);
        return List.copyOf(all);
    }

    /** Returns those that run, as they are now: where their ports are published changes whenever they are started. */
    private List<Replica> found(Call call, Collection<String> names) throws DewyException {
        List<Replica> running = new ArrayList<>();
        for (String name : names) {
            host.find(call, name).filter(Replica::isRunning).ifPresent(running::add);
        }
        return running;
    }

    static List<String> concat(List<String> some, List<String> others) {
        List<String> all = new ArrayList<>(some);
        all.addAll(others);
        return all;
    }
}
