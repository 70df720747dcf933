package dewy.core.app;

import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.control.CycleOutcome;
import dewy.api.control.Operation;
import dewy.api.control.Order;
import dewy.api.runtime.AppRuntime;
import dewy.core.cycle.Pass;
import dewy.core.cycle.Verdict;
import dewy.core.event.EventKind;
import dewy.core.event.EventScope;
import dewy.core.journal.AppJournal;
import dewy.core.journal.Installed;
import dewy.core.operation.Ongoing;
import dewy.core.operation.OperationList;
import dewy.core.plugin.PluginSlot;
import java.util.Optional;
import java.util.function.Function;

/**
 * What people order of an app. What takes a while is an operation, begun at once, and done when it is its turn in the app's
 * queue; whether the app is paused waits for nothing. Safe for use by several threads.
 */
final class AppOrders implements AppControl.Asking {
    private final String app;
    private final AppPlugins plugins;
    private final AppReplicas replicas;
    private final AppJournal journal;
    private final EventScope events;
    private final Timing timing;
    private final OperationList operations;
    private final AppQueue queue;
    private final Passes passes;
    private final AppWatch watch;

    AppOrders(AppParts parts, AppReplicas replicas, AppQueue queue, Passes passes, AppWatch watch) {
        this.app = parts.spec().name();
        this.plugins = parts.plugins();
        this.replicas = replicas;
        this.journal = parts.journal();
        this.events = parts.events();
        this.timing = parts.timing();
        this.operations = parts.operations();
        this.queue = queue;
        this.passes = passes;
        this.watch = watch;
    }

    @Override
    public Ongoing<CycleOutcome> begin(Order order, String actor, Function<Pass, Verdict> work) {
        Ongoing<CycleOutcome> operation = operations.begin(order, actor);
        take(operation, () -> cycle(operation, work));
        return operation;
    }

    @Override
    public CycleOutcome look(String actor, Function<Pass, Verdict> work) throws DewyException {
        record Answer(CycleOutcome outcome, boolean interrupted) {}
        Answer answer;
        do {
            answer = queue.call(() -> {
                plugins.settle();
                Verdict verdict = passes.run(events.during("", "command", actor), true, work);
                return new Answer(verdict.outcome(timing.clock().instant()), passes.wasInterrupted());
            });
        } while (answer.interrupted());
        return answer.outcome();
    }

    /**
     * Begins to replace the running generation by a new one of the same release.
     *
     * @throws InvalidException if nothing of the app runs
     */
    Ongoing<CycleOutcome> restart(String actor) throws InvalidException {
        PluginSlot<AppRuntime> runtime = plugins.runtime()
                .orElseThrow(() -> new InvalidException(
                        new Problem("restart", app, "nothing of it runs: it only places files", "")));
        Ongoing<CycleOutcome> operation = operations.begin(Order.restart(app), actor);
        take(operation, () -> restart(operation, runtime));
        return operation;
    }

    /**
     * Begins to have another number of replicas.
     *
     * @param wanted empty for as many as the app's definition says
     * @throws InvalidException if the app does not run as replicas
     */
    Ongoing<CycleOutcome> scale(Optional<Integer> wanted, String actor) throws InvalidException {
        replicas.requireScalable();
        Ongoing<CycleOutcome> operation = operations.begin(Order.scale(app, wanted), actor);
        take(operation, () -> scale(operation, wanted));
        return operation;
    }

    /** Has the app look for no new releases; returns what is being done still. */
    synchronized Optional<Operation> pause(String actor) throws DewyException {
        if (journal.pause(true)) {
            events.during("", "command", actor).publish(EventKind.APP_PAUSED, actor);
        }
        return operations.of(app).stream().findFirst();
    }

    /** Has the app look for new releases again, at once. */
    synchronized void resume(String actor) throws DewyException {
        if (journal.pause(false)) {
            events.during("", "command", actor).publish(EventKind.APP_RESUMED, actor);
            watch.wake("command");
        }
    }

    /** Has the app look for no new releases, or look again: an operation that has ended when this returns. */
    Ongoing<CycleOutcome> turn(Order order, String actor) {
        boolean pauses = order.what() == Operation.What.PAUSE;
        Ongoing<CycleOutcome> operation = operations.begin(order, actor);
        operation.enter(pauses ? "pause" : "resume");
        operation.attempt(() -> {
            if (pauses) {
                var unused = pause(actor);
            } else {
                resume(actor);
            }
            CycleOutcome done = operation.done(
                    pauses ? "no new releases are looked for until it is resumed" : "new releases are looked for");
            operation.end(done, done);
        });
        return operation;
    }

    private void take(Ongoing<?> operation, Ongoing.Work work) {
        queue.execute(
                () -> {
                    if (!operation.isOver()) {
                        operation.attempt(work);
                    }
                },
                operation::fail);
    }

    /** One that was interrupted, for a plugin to be replaced, is begun anew after that, unless it was done by then. */
    private void cycle(Ongoing<CycleOutcome> operation, Function<Pass, Verdict> work) {
        CycleOutcome outcome = watch.run(operation, work);
        boolean isUndone =
                outcome.outcome() == CycleOutcome.Kind.TRY_LATER || outcome.outcome() == CycleOutcome.Kind.FAILED;
        if (isUndone && passes.wasInterrupted()) {
            operation.waitAgain();
            take(operation, () -> cycle(operation, work));
        } else {
            passes.conclude(operation, outcome);
        }
    }

    private void restart(Ongoing<CycleOutcome> operation, PluginSlot<AppRuntime> slot) throws DewyException {
        operation.enter("restart");
        plugins.settle();
        passes.act(
                events,
                operation,
                call -> slot.<Boolean>use(call, runtime -> {
                    runtime.restart(call);
                    return true;
                }));
        operation.commit();
        Optional<Installed> deployed = journal.memory().deployed();
        EventKind restarted = EventKind.SERVER_RESTARTED;
        EventKind told = deployed.flatMap(Installed::image).isPresent() ? restarted.inContainers() : restarted;
        events.during("", "command", operation.actor())
                .publish(told, deployed.map(Installed::tag).orElse(""));
        CycleOutcome done = operation.done("a new generation serves");
        operation.end(done, done);
    }

    private void scale(Ongoing<CycleOutcome> operation, Optional<Integer> wanted) throws DewyException {
        operation.enter("scale");
        plugins.settle();
        passes.act(events, operation, call -> replicas.scale(call, operation, wanted));
        CycleOutcome done = operation.done(wanted.map(count -> "scaled to " + count)
                .orElse("there are as many replicas as the definition of the app says"));
        operation.end(done, done);
    }
}
