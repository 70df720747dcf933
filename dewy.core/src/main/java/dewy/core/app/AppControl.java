package dewy.core.app;

import dewy.api.DewyException;
import dewy.api.control.CycleOutcome;
import dewy.core.cycle.Cycles;
import dewy.core.cycle.Pass;
import dewy.core.cycle.Verdict;
import java.util.Optional;
import java.util.function.Function;

/** What people may ask of an app: each returns when it is done, with what came of it. Safe for use by several threads. */
public final class AppControl {
    private final Cycles cycles;
    private final Asking asking;

    /** Has the app do something when it is its turn. */
    @FunctionalInterface
    interface Asking {
        CycleOutcome ask(String actor, boolean changes, Function<Pass, Verdict> work) throws DewyException;
    }

    AppControl(Cycles cycles, Asking asking) {
        this.cycles = cycles;
        this.asking = asking;
    }

    public CycleOutcome deploy(String actor) throws DewyException {
        return asking.ask(actor, true, cycles.cycle()::run);
    }

    public CycleOutcome deploy(String version, String actor) throws DewyException {
        return asking.ask(actor, true, pass -> cycles.manual().deploy(pass, version));
    }

    public CycleOutcome rollback(Optional<String> version, String actor) throws DewyException {
        return asking.ask(actor, true, pass -> cycles.manual().rollback(pass, version));
    }

    public CycleOutcome unpin(String actor) throws DewyException {
        return asking.ask(actor, true, cycles.manual()::unpin);
    }

    public CycleOutcome retry(String actor) throws DewyException {
        return asking.ask(actor, true, cycles.manual()::retry);
    }

    public CycleOutcome check(String actor) throws DewyException {
        return asking.ask(actor, false, cycles.manual()::check);
    }
}
