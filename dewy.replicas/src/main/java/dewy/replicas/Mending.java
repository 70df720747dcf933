package dewy.replicas;

import dewy.api.ApplicationException;
import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.route.Backend;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Has there be as many replicas of what serves as there should be. For one thread at a time: the one that has the {@link Turn}. */
record Mending(ReplicaSettings settings, Ledger ledger, Replicas replicas) {
    /** Replaces the ones that have ended, unless they crashed too often, and has those go that are too many. */
    void mend(Call call) throws DewyException {
        replicas.settle(call);
        Optional<Generation> serving = ledger.serving().filter(generation -> ledger.isUneven());
        if (serving.isPresent()) {
            List<String> staying = leaveOut(call, serving.get());
            while (staying.size() < settings.replicas() && !ledger.isGivenUp()) {
                add(call, serving.get(), staying);
            }
        }
    }

    /** Has the ones go that have ended, and those that are too many; returns the others. */
    private List<String> leaveOut(Call call, Generation serving) throws DewyException {
        List<String> alive = ledger.alive();
        List<String> staying = new ArrayList<>(alive.subList(0, Math.min(settings.replicas(), alive.size())));
        List<String> going = new ArrayList<>(serving.replicas());
        going.removeAll(staying);
        if (!going.isEmpty()) {
            replicas.lead(call, staying);
            List<String> running = replicas.running(call, going);
            List<String> dead =
                    going.stream().filter(one -> !running.contains(one)).toList();
            for (String lost : going) {
                if (!alive.contains(lost)) {
                    replicas.tellEnd(call, lost);
                }
            }
            ledger.write(ledger.now().serving(serving.with(staying)).leaving(replicas.leaving(going)));
            replicas.dismiss(running);
            replicas.remove(dead);
        }
        if (ledger.isGivenUp()) {
            replicas.events().gaveUp(ledger.status().detail());
        }
        return staying;
    }

    /** Starts one more. What does not start has crashed once more, so that it is given up in the end. */
    private void add(Call call, Generation serving, List<String> staying) throws DewyException {
        List<String> fresh = new ArrayList<>();
        Map<String, List<Backend>> before = replicas.routed();
        boolean serves = false;
        try {
            replicas.start(call, serving.sized(settings.replicas()), fresh);
            List<String> all = Replicas.concat(staying, fresh);
            replicas.lead(call, all);
            ledger.write(ledger.now().serving(serving.with(all)));
            serves = true;
        } catch (ApplicationException e) {
            ledger.noteCrash();
            throw e;
        } finally {
            if (!serves) {
                replicas.undo(call, before, staying, fresh);
            }
        }
        staying.addAll(fresh);
    }
}
