package dewy.replicas;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.route.Backend;
import dewy.api.runtime.Activation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Exchanges replicas all at once: when all new ones are ready, the traffic of all listeners is switched to them in one step. The
 * old ones are kept running for a while: whoever goes back to their release meanwhile waits for nothing but another switch, and
 * those that were switched away from are kept then.
 *
 * <p>Kept are replicas of one other release at most, and only where there is traffic to be switched back. Among what is kept
 * nothing is mended.
 */
record BlueGreen(ReplicaSettings settings, Ledger ledger, Replicas replicas) implements Exchange {
    @Override
    public void replace(Call call, Activation activation) throws DewyException {
        replicas.settle(call);
        Optional<Generation> blue =
                ledger.now().kept().map(Kept::generation).filter(generation -> generation.isOf(activation));
        Generation next = blue.isPresent() ? ledger.beginAgain(blue.get()) : ledger.begin(activation);
        Standing before = ledger.now();
        Standing after;
        List<String> fresh = new ArrayList<>();
        Map<String, List<Backend>> routed = replicas.routed();
        boolean serves = false;
        try {
            List<String> ready = ready(call, next);
            while (ready.size() + fresh.size() < next.size()) {
                replicas.start(call, next, fresh);
            }
            after = switched(before, next.with(Replicas.concat(ready, fresh)));
            replicas.lead(call, after.replicas());
            ledger.write(after.leaving(replicas.leaving(going(before, after))));
            serves = true;
        } finally {
            ledger.end();
            if (!serves) {
                replicas.undo(call, routed, before.replicas(), fresh);
            }
        }
        replicas.events().switched(next, blue.isPresent());
        replicas.dismiss(going(before, after));
        after.kept().filter(one -> !before.kept().equals(after.kept())).ifPresent(this::keep);
    }

    /** Returns which replicas of a generation run already. */
    private List<String> ready(Call call, Generation generation) throws DewyException {
        List<String> running = replicas.running(call, ledger.alive(generation));
        return running.subList(0, Math.min(running.size(), generation.size()));
    }

    private Standing switched(Standing before, Generation next) {
        return before.crashes(ledger.now().crashes()).serving(next).kept(kept(before, next));
    }

    /** Returns the names of those that neither serve nor are kept any more. */
    private static List<String> going(Standing before, Standing after) {
        List<String> going = new ArrayList<>(before.replicas());
        going.addAll(before.keptReplicas());
        going.removeAll(after.replicas());
        going.removeAll(after.keptReplicas());
        return going;
    }

    /** Returns what is kept beside what is to serve: what served until now, unless it was of the same release. */
    private Optional<Kept> kept(Standing before, Generation next) {
        if (!replicas.isRouted() || settings.keepBlue().isZero()) {
            return Optional.empty();
        }
        return before.serving()
                .filter(old -> !old.isOf(next.activation()))
                .map(old -> new Kept(old, Instant.now().plus(settings.keepBlue())))
                .or(() -> before.kept().filter(one -> !one.generation().isOf(next.activation())));
    }

    private void keep(Kept kept) {
        replicas.events().kept(kept.generation(), settings.keepBlue());
        replicas.drain(kept.generation().replicas());
    }
}
