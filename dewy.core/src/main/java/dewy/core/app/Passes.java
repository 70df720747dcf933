package dewy.core.app;

import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.Registration;
import dewy.api.control.AppState;
import dewy.api.control.CycleOutcome;
import dewy.api.control.Order;
import dewy.core.capsule.Failure;
import dewy.core.capsule.Investigator;
import dewy.core.capsule.Investigator.Beginning;
import dewy.core.cycle.CycleStep;
import dewy.core.cycle.Pass;
import dewy.core.event.EventScope;
import dewy.core.operation.Ongoing;
import dewy.core.operation.OperationList;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The passes of one app, and what else is done to it, each with a call that ends in time, or with the app. One runs at a time;
 * how far it has come may be asked, and all be ended, by any thread.
 */
final class Passes {
    /** Something that is done in the time of a call. */
    @FunctionalInterface
    interface Work {
        void with(CancellableCall call) throws DewyException;
    }

    private static final String CUT_SHORT = "stopping was cut short";

    /** The steps by which something is deployed. */
    private static final Set<CycleStep> DEPLOYING =
            EnumSet.of(CycleStep.FETCH, CycleStep.PREPARE, CycleStep.ACTIVATE, CycleStep.PROBATION);

    private final String app;
    private final Duration limit;
    private final OperationList operations;
    private final Timing timing;
    private final Investigator investigator;
    /** All that end with the app. */
    private final Set<CancellableCall> calls = ConcurrentHashMap.newKeySet();

    private volatile AppState state = AppState.WATCHING;
    private volatile @Nullable CancellableCall running;
    private volatile @Nullable CancellableCall ending;
    private volatile Optional<WatchedPass> watched = Optional.empty();
    private volatile Optional<String> ended = Optional.empty();
    private volatile boolean interrupted;
    private volatile boolean cutShort;

    Passes(AppParts parts) {
        this.app = parts.spec().name();
        this.limit = parts.spec().cycle().deployTimeout();
        this.operations = parts.operations();
        this.timing = parts.timing();
        this.investigator = parts.investigator();
    }

    /** Runs a pass of the app's own, which is an operation once it deploys something, or one that only looks. */
    <T> T run(EventScope events, boolean asked, Function<Pass, T> work) {
        return run(events, new WatchedPass(events, asked, Optional.empty()), work);
    }

    /** Runs a pass as part of an operation that somebody asked for. */
    <T> T run(EventScope events, Ongoing<CycleOutcome> operation, Function<Pass, T> work) {
        return run(events, new WatchedPass(events, true, Optional.of(operation)), work);
    }

    /** One that begins after the end is cancelled from the start. */
    private <T> T run(EventScope events, WatchedPass next, Function<Pass, T> work) {
        state = AppState.CHECKING;
        interrupted = false;
        watched = Optional.of(next);
        try (CancellableCall call = call(limit, events, next::progress)) {
            running = call;
            next.begin(call);
            endWithApp(call);
            return work.apply(new Pass(call, events, next.asked, next));
        } catch (RuntimeException e) {
            next.own().ifPresent(operation -> operation.fail(e));
            throw e;
        } finally {
            next.end();
            running = null;
            calls.clear();
            state = AppState.WATCHING;
        }
    }

    /** Returns how long the steps of the last pass took. */
    StepTimes steps() {
        return watched.map(pass -> pass.steps).orElseThrow();
    }

    /** Ends the operation that the last pass has become of the app's own accord, if it has. */
    void conclude(CycleOutcome outcome) {
        watched.flatMap(WatchedPass::own).ifPresent(operation -> conclude(operation, outcome));
    }

    /** Ends an operation with what its pass came to; what the end of the app cut off is not tried later. */
    void conclude(Ongoing<CycleOutcome> operation, CycleOutcome outcome) {
        if (isEnded() && outcome.outcome() == CycleOutcome.Kind.TRY_LATER) {
            operation.fail(AppQueue.stopped());
        } else {
            operation.end(outcome, outcome);
        }
    }

    /** Does something that is no pass; nothing of the kind begins after the end. */
    void act(EventScope events, Ongoing<?> operation, Work work) throws DewyException {
        try (CancellableCall call = call(limit, events, operation::progress);
                Registration ending = operation.within(call)) {
            endWithApp(call);
            call.check();
            work.with(call);
        } finally {
            calls.clear();
        }
    }

    /** Does the last thing, which is cut short when that {@linkplain #cutShort was asked for}, be it before. */
    void finish(Duration longest, EventScope events, Work work) throws DewyException {
        try (CancellableCall call = call(longest, events)) {
            ending = call;
            if (cutShort) {
                call.cancel(CUT_SHORT);
            }
            work.with(call);
        } finally {
            ending = null;
        }
    }

    /** Has the last thing wait for nothing any more. */
    void cutShort() {
        cutShort = true;
        cancel(ending, CUT_SHORT);
    }

    /** Returns a call that expires by itself. */
    CancellableCall call(Duration longest, EventScope events) {
        return call(longest, events, (what, done, total) -> {});
    }

    private CancellableCall call(Duration longest, EventScope events, CancellableCall.ProgressListener progress) {
        return CancellableCall.of(
                        UUID.randomUUID().toString(),
                        Optional.of(events.deployId()).filter(id -> !id.isEmpty()),
                        longest,
                        timing.nanoTime(),
                        progress)
                .expiredBy(timing.timer());
    }

    /** Cancels what is being done, and what comes, but for the last thing. */
    void end(String reason) {
        ended = Optional.of(reason);
        calls.forEach(call -> call.cancel(reason));
    }

    private void endWithApp(CancellableCall call) {
        calls.add(call);
        ended.ifPresent(call::cancel);
    }

    /** Cancels the pass that runs, if one does, and none that comes. */
    void interrupt(String reason) {
        CancellableCall call = running;
        if (call != null) {
            interrupted = true;
            call.cancel(reason);
        }
    }

    /** Returns whether the last pass was interrupted. */
    boolean wasInterrupted() {
        return interrupted && !isEnded();
    }

    boolean isEnded() {
        return ended.isPresent();
    }

    /** Returns what the pass that runs is doing, {@code WATCHING} when none does. */
    AppState state() {
        return state;
    }

    private static void cancel(@Nullable CancellableCall call, String reason) {
        if (call != null) {
            call.cancel(reason);
        }
    }

    private void entered(CycleStep step) {
        state = step.isBehindGates() ? AppState.DEPLOYING : AppState.CHECKING;
    }

    /** A pass as people see it. */
    private final class WatchedPass implements Pass.Observer {
        private final EventScope events;
        private final boolean asked;
        private final boolean ordered;
        private final List<CancellableCall> others = new ArrayList<>();
        private volatile Optional<Ongoing<CycleOutcome>> operation;
        private @Nullable CancellableCall call;
        private Registration ending = () -> {};
        private final StepTimes steps = new StepTimes(timing.nanoTime());
        private Optional<String> version = Optional.empty();
        private Optional<Beginning> beginning = Optional.empty();

        WatchedPass(EventScope events, boolean asked, Optional<Ongoing<CycleOutcome>> operation) {
            this.events = events;
            this.asked = asked;
            this.ordered = operation.isPresent();
            this.operation = operation;
        }

        /** Returns the operation, if it is one of the app's own. */
        Optional<Ongoing<CycleOutcome>> own() {
            return ordered ? Optional.empty() : operation;
        }

        void end() {
            steps.end();
            ending.close();
            others.forEach(CancellableCall::close);
        }

        void begin(CancellableCall now) {
            call = now;
            operation.ifPresent(each -> ending = each.within(now));
        }

        @Override
        public void entered(CycleStep step) {
            Passes.this.entered(step);
            steps.enter(step);
            if (beginning.isEmpty() && step.isBehindGates()) {
                // What was watched failed before anybody looked.
                beginning = Optional.of(step == CycleStep.PROBATION ? Beginning.UNKNOWN : investigator.begin(events));
            }
            if (!asked && operation.isEmpty() && DEPLOYING.contains(step)) {
                Order order = step == CycleStep.PROBATION ? Order.rollback(app, Optional.empty()) : Order.deploy(app);
                operation = Optional.of(operations.begin(order, "dewy"));
                version.ifPresent(operation.get()::about);
                begin(Objects.requireNonNull(call));
            }
            if (operation.isPresent()) {
                operation.get().enter(step.toString());
                if (step == CycleStep.SETTLE) {
                    operation.get().commit();
                }
            }
        }

        @Override
        public void about(String tag) {
            version = Optional.of(tag);
            operation.ifPresent(each -> each.about(tag));
        }

        @Override
        public Optional<String> failed(Failure failure) {
            return investigator.investigate(failure, beginning.orElse(Beginning.UNKNOWN));
        }

        @Override
        public CancellableCall outliving(Duration longest) {
            CancellableCall other = Passes.this.call(longest, events, this::progress);
            others.add(other);
            endWithApp(other);
            return other;
        }

        @Override
        public void goesOnWith(CancellableCall other) {
            running = other;
        }

        @Override
        public Optional<String> cancelledBy() {
            return operation.flatMap(Ongoing::cancelledBy);
        }

        void progress(String what, long done, long total) {
            operation.ifPresent(each -> each.progress(what, done, total));
        }
    }
}
