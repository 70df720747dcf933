package dewy.replicas;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.route.Backend;
import dewy.api.runtime.Activation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Exchanges replicas one by one: new ones share the traffic as soon as they are ready; when all of them do, the old ones go. Where
 * there is no room for as many, old ones go before.
 */
record RollingUpdate(ReplicaSettings settings, Ledger ledger, Replicas replicas) implements Exchange {
    @Override
    public void replace(Call call, Activation activation) throws DewyException {
        replicas.settle(call);
        Generation next = ledger.begin(activation);
        List<String> old = new ArrayList<>(ledger.now().replicas());
        List<String> fresh = new ArrayList<>();
        Map<String, List<Backend>> before = replicas.routed();
        boolean serves = false;
        try {
            while (fresh.size() < next.size()) {
                if (fresh.size() + old.size() < next.size() + settings.maxSurge()) {
                    replicas.start(call, next, fresh);
                    replicas.lead(call, Replicas.concat(fresh, old));
                } else {
                    giveWay(call, old, fresh, next.size());
                }
            }
            takeOut(call, old, fresh);
            ledger.write(ledger.now().serving(next.with(fresh)).leaving(replicas.leaving(old)));
            serves = true;
        } finally {
            ledger.end();
            if (!serves) {
                replicas.undo(call, before, old, fresh);
            }
        }
        replicas.dismiss(old);
    }

    /** Has as many old ones go as may be missing, to make room, and waits until they have. */
    private void giveWay(Call call, List<String> old, List<String> fresh, int size) throws DewyException {
        int surplus = fresh.size() + old.size() - size + settings.maxUnavailable();
        List<String> going = List.copyOf(old.subList(0, Math.min(surplus, old.size())));
        old.removeAll(going);
        replicas.lead(call, Replicas.concat(fresh, old));
        Optional<Generation> serving = ledger.serving().map(generation -> generation.with(old));
        if (serving.isPresent()) {
            ledger.write(ledger.now().serving(serving.get()).leaving(replicas.leaving(going)));
        }
        replicas.dismiss(going);
        replicas.awaitEnd(call, going);
    }

    /** Takes the traffic from the old ones, one by one. */
    private void takeOut(Call call, List<String> old, List<String> fresh) throws DewyException {
        for (int out = 1; out <= old.size(); out++) {
            replicas.lead(call, Replicas.concat(fresh, old.subList(out, old.size())));
        }
    }
}
