package dewy.core.app;

import dewy.api.DewyException;
import dewy.api.control.CycleOutcome;
import dewy.api.control.Order;
import dewy.core.cycle.Cycles;
import dewy.core.cycle.Pass;
import dewy.core.cycle.Verdict;
import dewy.core.operation.Ongoing;
import java.util.Optional;
import java.util.function.Function;

/** What people may ask of an app to deploy. Safe for use by several threads. */
public final class AppControl {
    private final String app;
    private final Cycles cycles;
    private final Asking asking;

    /** Has the app do something when it is its turn. */
    interface Asking {
        Ongoing<CycleOutcome> begin(Order order, String actor, Function<Pass, Verdict> work);

        CycleOutcome look(String actor, Function<Pass, Verdict> work) throws DewyException;
    }

    AppControl(String app, Cycles cycles, Asking asking) {
        this.app = app;
        this.cycles = cycles;
        this.asking = asking;
    }

    /** Begins what is ordered, which is one of the things below; returns at once. */
    public Ongoing<CycleOutcome> begin(Order order, String actor) {
        return asking.begin(order, actor, work(order));
    }

    public CycleOutcome deploy(String actor) throws DewyException {
        return begin(Order.deploy(app), actor).await();
    }

    public CycleOutcome deploy(String version, String actor) throws DewyException {
        return begin(Order.deploy(app, version), actor).await();
    }

    public CycleOutcome rollback(Optional<String> version, String actor) throws DewyException {
        return begin(Order.rollback(app, version), actor).await();
    }

    public CycleOutcome unpin(String actor) throws DewyException {
        return begin(Order.unpin(app), actor).await();
    }

    public CycleOutcome retry(String actor) throws DewyException {
        return begin(Order.retry(app), actor).await();
    }

    /** Returns what a cycle would come to, without doing any of it. */
    public CycleOutcome check(String actor) throws DewyException {
        return asking.look(actor, cycles.manual()::check);
    }

    private Function<Pass, Verdict> work(Order order) {
        return switch (order.what()) {
            case DEPLOY ->
                order.version().isPresent()
                        ? pass -> cycles.manual().deploy(pass, order.version().get())
                        : cycles.cycle()::run;
            case ROLLBACK -> pass -> cycles.manual().rollback(pass, order.version());
            case UNPIN -> cycles.manual()::unpin;
            case RETRY -> cycles.manual()::retry;
            default -> throw new IllegalArgumentException("no cycle of an app does " + order.what());
        };
    }
}
