package dewy.core.app;

import dewy.api.control.CycleOutcome;
import dewy.api.control.CycleStatistics;
import dewy.core.backoff.Backoff;
import dewy.core.cycle.DeployCycle;
import dewy.core.cycle.Pass;
import dewy.core.cycle.Verdict;
import dewy.core.event.EventKind;
import dewy.core.event.EventScope;
import dewy.core.journal.AppMemory;
import dewy.core.journal.Move;
import dewy.core.operation.Ongoing;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * Has an app follow its registry: runs a cycle at intervals, later after failures, and sooner when something changed; tells how
 * it ended. What it does itself it does in the queue of the app; it may be asked how that went by any thread.
 */
final class AppWatch implements AutoCloseable {
    /** The cause of a cycle that is run because a plugin came or went. */
    static final String PLUGIN = "plugin";

    /** The cause of one that is run because the app, or its registry, is another one now. */
    static final String CHANGE = "change";

    /** The cause of the first one of an agent. */
    static final String START = "start";

    private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

    /** When the next cycle is due, for people and by the monotonic clock. */
    private record Due(Instant shown, long nanoTime) {}

    private final String app;
    private final AppPlugins plugins;
    private final AppMemory memory;
    private final DeployCycle cycle;
    private final EventScope events;
    private final Timing timing;
    private final AppQueue queue;
    private final Passes passes;
    private final Duration interval;
    private final Backoff backoff;
    private final CycleReporter reporter;
    private final CycleTally tally = new CycleTally();
    private final RegistryListening listening = new RegistryListening();

    private volatile Optional<CycleOutcome> last = Optional.empty();
    private volatile Optional<Due> due = Optional.empty();
    private volatile int failures;
    private boolean degraded;

    AppWatch(AppParts parts, DeployCycle cycle, AppQueue queue, Passes passes) {
        this.app = parts.spec().name();
        this.plugins = parts.plugins();
        this.memory = parts.journal().memory();
        this.cycle = cycle;
        this.events = parts.events();
        this.timing = parts.timing();
        this.queue = queue;
        this.passes = passes;
        interval = parts.spec().cycle().interval();
        backoff = new Backoff(interval, LONGEST_WAIT, timing.random());
        reporter = new CycleReporter(timing.clock());
    }

    /** Has what was deployed serve again; {@code renew} replaces what runs of it already. */
    void resume(boolean renew) {
        EventScope scope = events.during(UUID.randomUUID().toString(), START, "dewy");
        act(() -> passes.run(scope, false, pass -> ended(cycle.resume(pass, renew), pass))
                .ifPresent(ended -> {
                    keepEvidence(ended);
                    report(ended, Duration.ZERO);
                }));
    }

    /** Runs a cycle as soon as it is its turn. */
    void wake(String cause) {
        queue.execute(() -> watch(cause));
    }

    /** Looks, as soon as it is its turn, whether what runs is any good. */
    void inspect() {
        queue.execute(() -> act(this::look));
    }

    private record Ended(Verdict verdict, Pass pass) {}

    private static Optional<Ended> ended(Optional<Verdict> verdict, Pass pass) {
        return verdict.map(one -> new Ended(one, pass));
    }

    /** What fails before anything is deployed, as when the registry does not answer, says all there is to know. */
    private static void keepEvidence(Ended ended) {
        if (ended.verdict() instanceof Verdict.Failed failed && failed.step().isBehindGates()) {
            var unused = ended.pass().evidence(failed.cause());
        }
    }

    /** Runs a cycle now, or what takes its place while the app is paused. */
    private void run(String cause) {
        prepare();
        EventScope scope = events.during(UUID.randomUUID().toString(), cause, "dewy");
        Function<Pass, Verdict> work = memory.isPaused() ? cycle::keep : cycle::run;
        passes.conclude(conclude(passes.run(scope, false, pass -> new Ended(work.apply(pass), pass))));
    }

    /** Does what somebody asked for in place of a cycle. For the queue. */
    CycleOutcome run(Ongoing<CycleOutcome> operation, Function<Pass, Verdict> work) {
        Optional<Due> before = due;
        prepare();
        EventScope scope = events.during(UUID.randomUUID().toString(), "command", operation.actor());
        Ended ended = passes.run(scope, operation, pass -> new Ended(work.apply(pass), pass));
        if (ended.verdict() instanceof Verdict.Refused refused) {
            due = before;
            return refused.outcome(timing.clock().instant());
        }
        return conclude(ended);
    }

    private void prepare() {
        due = Optional.empty();
        plugins.settle();
    }

    /** Tells how a cycle ended, and has the next one follow. */
    private CycleOutcome conclude(Ended ended) {
        CycleOutcome outcome = outcome(ended);
        Duration wait = wait(ended.verdict());
        report(ended, wait);
        failures = reporter.failures();
        count(ended.pass().events(), outcome, ended.pass().hasBegun());
        reportDegradation();
        listening.to(plugins.registry().current(), () -> wake(CHANGE));
        schedule(wait);
        return outcome;
    }

    /** Counts a cycle that is over, and has the log show how long one took that changed something, or failed. */
    private void count(EventScope scope, CycleOutcome outcome, boolean begun) {
        tally.count(outcome, passes.steps(), cycle.callsLeft());
        switch (outcome.outcome()) {
            case DEPLOYED, FAILED, CANCELLED -> tellEnd(scope, outcome);
            case NOTHING_TO_DO, TRY_LATER, WOULD_DEPLOY, DONE -> {
                if (begun) {
                    tellEnd(scope, outcome);
                }
            }
        }
    }

    private void tellEnd(EventScope scope, CycleOutcome outcome) {
        scope.publish(
                EventKind.CYCLE_ENDED,
                shown(outcome.outcome()),
                outcome.step(),
                outcome.failure().map(AppWatch::shown).orElse(""),
                outcome.version().orElse(""),
                passes.steps());
    }

    private static String shown(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Returns what its cycles came to. */
    CycleStatistics statistics() {
        return tally.read(app);
    }

    /** Returns how the last cycle ended. */
    Optional<CycleOutcome> last() {
        return last;
    }

    /** Returns when the registry is asked next. */
    Optional<Instant> next() {
        return memory.isPaused() ? Optional.empty() : due.map(Due::shown);
    }

    /** Returns how many cycles have failed in a row. */
    int failures() {
        return failures;
    }

    /** Returns for how long a cycle has been due without having begun. */
    Duration overdue() {
        return due.map(at -> Duration.ofNanos(timing.nanoTime().getAsLong() - at.nanoTime()))
                .filter(late -> !late.isNegative())
                .orElse(Duration.ZERO);
    }

    @Override
    public void close() {
        listening.close();
    }

    private void watch(String cause) {
        act(() -> {
            if (!passes.isEnded()) {
                run(cause);
            }
        });
    }

    private void look() {
        if (passes.isEnded()) {
            return;
        }
        EventScope scope = events.during(UUID.randomUUID().toString(), Move.ROLLBACK, "dewy");
        passes.run(scope, false, pass -> ended(cycle.inspect(pass), pass)).ifPresent(ended -> {
            CycleOutcome outcome = outcome(ended);
            passes.conclude(outcome);
            report(ended, Duration.ZERO);
            count(scope, outcome, false);
        });
    }

    /** Does something of the app's own accord. A fault that nobody foresaw is told, and must not end the watching. */
    private void act(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            events.publish(EventKind.CYCLE_FAILED, "watch", "an unforeseen fault: " + e, interval, "");
            schedule(interval);
        }
    }

    private void report(Ended ended, Duration wait) {
        Pass pass = ended.pass();
        reporter.report(pass.events(), ended.verdict(), wait, pass.hasBegun(), pass.capsule());
    }

    private CycleOutcome outcome(Ended ended) {
        keepEvidence(ended);
        CycleOutcome outcome = ended.verdict().outcome(timing.clock().instant());
        if (outcome.outcome() == CycleOutcome.Kind.FAILED) {
            outcome = outcome.withCapsule(ended.pass().capsule());
        }
        last = Optional.of(outcome);
        return outcome;
    }

    private Duration wait(Verdict verdict) {
        Duration wait = backoff.after(0);
        if (verdict instanceof Verdict.Failed failed && failed.tag().isEmpty()) {
            wait = backoff.after(reporter.failures() + 1);
        } else if (verdict instanceof Verdict.Interrupted) {
            wait = Duration.ofMillis(10);
        } else if (verdict instanceof Verdict.TryLater later && later.delay().compareTo(wait) < 0) {
            wait = later.delay().plusMillis(10);
        }
        Duration asked = cycle.notBefore();
        return asked.compareTo(wait) > 0 ? asked : wait;
    }

    private void schedule(Duration wait) {
        queue.unschedule();
        due = Optional.empty();
        if (!passes.isEnded()) {
            long now = timing.nanoTime().getAsLong();
            due = Optional.of(new Due(timing.clock().instant().plus(wait), now + wait.toNanos()));
            queue.schedule(() -> watch("poll"), wait);
        }
    }

    private void reportDegradation() {
        List<String> missing = plugins.missing();
        if (!missing.isEmpty() && !degraded) {
            events.publish(EventKind.APP_DEGRADED, String.join(", ", missing));
        } else if (missing.isEmpty() && degraded) {
            events.publish(EventKind.APP_RESTORED);
        }
        degraded = !missing.isEmpty();
    }
}
