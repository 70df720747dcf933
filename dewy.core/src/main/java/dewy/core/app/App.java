package dewy.core.app;

import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.control.AppState;
import dewy.api.control.AppStatus;
import dewy.api.control.CycleOutcome;
import dewy.api.control.DeployedRelease;
import dewy.api.control.PastDeployment;
import dewy.api.plugin.HandoverState;
import dewy.api.runtime.AppRuntime;
import dewy.core.cycle.CycleBuilder;
import dewy.core.cycle.DeployCycle;
import dewy.core.cycle.Pass;
import dewy.core.cycle.RetryBackoff;
import dewy.core.cycle.Verdict;
import dewy.core.event.EventKind;
import dewy.core.event.EventScope;
import dewy.core.journal.AppMemory;
import dewy.core.journal.Deed;
import dewy.core.notify.NotifierTest;
import dewy.core.plugin.Offer;
import dewy.core.plugin.PluginSlot;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One app: it runs its cycles one after the other, so that none overlaps another, on a thread that it has only meanwhile, so
 * that no other app waits for it. Everything that changes the app happens in its queue; status may be asked at any time.
 */
public final class App {
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(40);

    private final AppSpec spec;
    private final AppPlugins plugins;
    private final AppMemory memory;
    private final DeployCycle cycle;
    private final AppControl control;
    private final EventScope events;
    private final Timing timing;
    private final Runnable release;
    private final RetryBackoff backoff;
    private final CycleReporter reporter;
    private final AppQueue queue;
    private final RegistryListening listening = new RegistryListening();

    private volatile AppState state = AppState.WATCHING;
    private volatile Optional<CycleOutcome> last = Optional.empty();
    private volatile Optional<Instant> next = Optional.empty();
    private volatile @Nullable CancellableCall running;
    private volatile int failures;
    private volatile boolean stopping;
    private boolean degraded;
    private boolean renews;

    App(
            AppSpec spec,
            AppPlugins plugins,
            AppMemory memory,
            CycleBuilder.Cycles cycles,
            EventScope events,
            Timing timing,
            Runnable release) {
        this.spec = spec;
        this.plugins = plugins;
        this.memory = memory;
        this.cycle = cycles.cycle();
        this.control = new AppControl(cycles, this::ask);
        this.events = events;
        this.timing = timing;
        this.release = release;
        this.reporter = new CycleReporter(timing.clock());
        this.backoff = new RetryBackoff(spec.cycle().interval(), LONGEST_WAIT, timing.random());
        this.queue = new AppQueue(spec.name(), timing);
    }

    public AppSpec spec() {
        return spec;
    }

    public String name() {
        return spec.name();
    }

    /** What an earlier agent left running is replaced at the start, because it is to be run otherwise now. */
    void renewAtStart() {
        renews = true;
    }

    /**
     * Starts watching: what was deployed serves again first, then the registry is asked.
     *
     * @param agentVersion the version of the agent, for people
     */
    public void start(String agentVersion) {
        events.publish(EventKind.APP_ADDED, spec.command(), spec.directory(), spec.registry());
        events.publish(EventKind.SHIPPING_STARTED, agentVersion, spec.command());
        queue.execute(() -> {
            resume(renews);
            watch("start");
        });
    }

    /** Goes on where an earlier app of the same directory was retired: what runs is replaced only if it is run otherwise now. */
    public void goOnAfter(App earlier) {
        events.publish(EventKind.APP_CHANGED, spec.command(), spec.directory(), spec.registry());
        queue.execute(() -> {
            if (!spec.runsLike(earlier.spec)) {
                resume(true);
            }
            watch("change");
        });
    }

    /** Returns what people may ask of it. */
    public AppControl control() {
        return control;
    }

    private CycleOutcome ask(String actor, boolean changes, Function<Pass, Verdict> work) throws DewyException {
        return queue.call(() -> changes ? runCycle("command", actor, true, work) : foresee(actor, work));
    }

    private CycleOutcome foresee(String actor, Function<Pass, Verdict> work) {
        plugins.refresh();
        return pass(events.during("", "command", actor), true, work)
                .outcome(timing.clock().instant());
    }

    /** Replaces the running generation by a new one of the same release. */
    public void restart(String actor) throws DewyException {
        if (plugins.runtime().isEmpty()) {
            throw new InvalidException(
                    new Problem("restart", spec.name(), "nothing of it runs: it only places files", ""));
        }
        queue.<Boolean>call(() -> {
            try (CancellableCall call = call(spec.cycle().deployTimeout(), events)) {
                plugins.runtime().get().<Boolean>use(call, runtime -> {
                    runtime.restart(call);
                    return true;
                });
            }
            String version = memory.deployed().map(now -> now.release().tag()).orElse("");
            events.during("", "command", actor).publish(EventKind.SERVER_RESTARTED, version);
            return true;
        });
    }

    /** Looks for no new releases until it is resumed. */
    public void pause(String actor) throws DewyException {
        queue.<Boolean>call(() -> {
            memory.pause(true);
            events.during("", "command", actor).publish(EventKind.APP_PAUSED, actor);
            queue.unschedule();
            next = Optional.empty();
            return true;
        });
    }

    /** Looks for new releases again, at once. */
    public void resume(String actor) throws DewyException {
        queue.<Boolean>call(() -> {
            if (memory.isPaused()) {
                memory.pause(false);
                events.during("", "command", actor).publish(EventKind.APP_RESUMED, actor);
                wake("command");
            }
            return true;
        });
    }

    /** Returns the releases whose folders are complete, the one deployed last first. */
    public List<DeployedRelease> releases() {
        return memory.releases();
    }

    /** Returns how deployments ended, the last one first. */
    public List<PastDeployment> history() {
        return memory.history();
    }

    /** Sends a test message by each notifier; returns what went wrong, by name, empty where nothing did. */
    public Map<String, String> testNotifiers(String actor) {
        return NotifierTest.run(
                plugins.notifiers(), name(), actor, timing.clock().instant());
    }

    /** What runs has told that it is doing otherwise: looks soon whether it is any good. Returns at once. */
    public void inspect() {
        queue.execute(this::look);
    }

    /** A provider came or went elsewhere: looks for a better one, or recovers, without waiting for the interval. */
    public void pluginsChanged() {
        wake("plugin");
    }

    /** A provider is about to go: what was opened with it is closed before this returns. */
    public void leaving(Offer<?> offer) {
        plugins.vacate(offer);
        wake("plugin");
    }

    public boolean uses(Offer<?> offer) {
        return plugins.use(offer);
    }

    public AppStatus status() {
        var missing = plugins.missing();
        AppState idle = memory.isPaused() ? AppState.PAUSED : AppState.WATCHING;
        return new AppStatus(
                spec.name(),
                spec.command(),
                spec.directory(),
                spec.registry().toString(),
                state != AppState.WATCHING ? state : missing.isEmpty() ? idle : AppState.DEGRADED,
                memory.deployed().map(AppMemory.Deployed::shown),
                plugins.runtime().flatMap(slot -> slot.current()).map(AppRuntime::status),
                last,
                next,
                failures,
                memory.pinned(),
                quarantined(),
                missing);
    }

    private Map<String, String> quarantined() {
        Map<String, String> versions = new LinkedHashMap<>();
        memory.quarantined().forEach(bad -> versions.put(bad.tag(), bad.why()));
        return versions;
    }

    /** Stops the app gracefully, and returns when nothing of it runs any more. */
    public void stop(String reason) {
        end(reason, () -> {
            stopRuntime();
            events.publish(EventKind.SHIPPING_STOPPED, spec.command());
            return Optional.empty();
        });
        events.publish(EventKind.APP_STOPPED);
    }

    /** Ends the app with its agent: as {@link #stop}, unless what runs is to go on without it. */
    public void endWithAgent(String reason) {
        if (!spec.leavesRunning()) {
            stop(reason);
            return;
        }
        end(reason, () -> {
            plugins.leaveRunning();
            events.publish(EventKind.SHIPPING_STOPPED, spec.command());
            return Optional.empty();
        });
        events.publish(EventKind.APP_LEFT);
    }

    /** Ends the app, and returns what runs of it, for another one to go on with. */
    public Optional<HandoverState> retire(String reason) {
        return end(reason, () -> plugins.runtime().flatMap(PluginSlot::handOver));
    }

    /** Does the last thing in the app's queue, then lets go of everything. */
    private Optional<HandoverState> end(String reason, Callable<Optional<HandoverState>> last) {
        stopping = true;
        CancellableCall call = running;
        if (call != null) {
            call.cancel(reason);
        }
        Optional<HandoverState> left = Optional.empty();
        try {
            left = queue.call(last);
        } catch (DewyException e) {
            events.publish(EventKind.HOUSEKEEPING_FAILED, String.valueOf(e.getMessage()));
        }
        queue.shutDown();
        listening.close();
        release.run();
        state = AppState.STOPPED;
        return left;
    }

    private void stopRuntime() throws DewyException {
        if (plugins.runtime().flatMap(slot -> slot.current()).isPresent()) {
            try (CancellableCall call = call(STOP_LIMIT, events)) {
                plugins.runtime().get().<Boolean>use(call, runtime -> {
                    runtime.stop(call);
                    return true;
                });
            }
        }
    }

    private void resume(boolean renew) {
        EventScope scope = events.during(UUID.randomUUID().toString(), "start", "dewy");
        pass(scope, false, pass -> cycle.resume(pass, renew))
                .ifPresent(verdict -> reporter.report(scope, verdict, Duration.ZERO));
    }

    private void look() {
        EventScope scope = events.during(UUID.randomUUID().toString(), Deed.ROLLBACK, "dewy");
        Optional<Verdict> verdict = stopping ? Optional.empty() : pass(scope, false, cycle::inspect);
        verdict.ifPresent(found -> {
            last = Optional.of(found.outcome(timing.clock().instant()));
            reporter.report(scope, found, Duration.ZERO);
        });
    }

    private <T> T pass(EventScope scope, boolean asked, Function<Pass, T> work) {
        try (CancellableCall call = call(spec.cycle().deployTimeout(), scope)) {
            running = call;
            return work.apply(new Pass(call, scope, asked, this::entered));
        } finally {
            running = null;
            state = AppState.WATCHING;
        }
    }

    private CycleOutcome runCycle(String cause, String actor, boolean asked, Function<Pass, Verdict> work) {
        if (memory.isPaused() && !asked) {
            return rest();
        }
        EventScope scope = events.during(UUID.randomUUID().toString(), cause, actor);
        state = AppState.CHECKING;
        next = Optional.empty();
        plugins.refresh();
        Verdict verdict;
        EventScope ended;
        try (CancellableCall call = call(spec.cycle().deployTimeout(), scope)) {
            running = call;
            Pass pass = new Pass(call, scope, asked, this::entered);
            verdict = stopping
                    ? new Verdict.NothingToDo("poll", "the app is being stopped", Optional.empty())
                    : work.apply(pass);
            ended = pass.events();
        } finally {
            running = null;
            state = AppState.WATCHING;
        }
        CycleOutcome outcome = verdict.outcome(timing.clock().instant());
        last = Optional.of(outcome);
        Duration wait = wait(verdict);
        reporter.report(ended, verdict, wait);
        failures = reporter.failures();
        reportDegradation();
        listening.to(plugins.registry().current(), () -> wake("change"));
        schedule(wait);
        return outcome;
    }

    /** What is left of a cycle while the app is paused. */
    private CycleOutcome rest() {
        plugins.refresh();
        reportDegradation();
        CycleOutcome outcome = new Verdict.NothingToDo("pause", "it is paused", Optional.empty())
                .outcome(timing.clock().instant());
        last = Optional.of(outcome);
        return outcome;
    }

    private void entered(String step) {
        state = "gate".equals(step) ? AppState.CHECKING : AppState.DEPLOYING;
    }

    private Duration wait(Verdict verdict) {
        Duration interval = backoff.after(0);
        Duration wait = interval;
        if (verdict instanceof Verdict.Failed failed) {
            boolean ofRelease = failed.tag().isPresent();
            wait = ofRelease ? interval : backoff.after(reporter.failures() + 1);
        } else if (verdict instanceof Verdict.TryLater later && later.delay().compareTo(interval) < 0) {
            wait = later.delay().plusMillis(10);
        }
        Duration asked = cycle.notBefore();
        return asked.compareTo(wait) > 0 ? asked : wait;
    }

    private void schedule(Duration wait) {
        queue.unschedule();
        if (stopping || memory.isPaused()) {
            return;
        }
        next = Optional.of(timing.clock().instant().plus(wait));
        queue.schedule(() -> watch("poll"), wait);
    }

    private void wake(String cause) {
        queue.execute(() -> watch(cause));
    }

    /** Runs a cycle of its own accord. A fault that nobody foresaw must not end the watching. */
    private void watch(String cause) {
        try {
            runCycle(cause, "dewy", false, cycle::run);
        } catch (RuntimeException e) {
            Duration wait = spec.cycle().interval();
            events.publish(EventKind.CYCLE_FAILED, "watch", "an unforeseen fault: " + e, wait);
            schedule(wait);
        }
    }

    private void reportDegradation() {
        var missing = plugins.missing();
        if (!missing.isEmpty() && !degraded) {
            events.publish(EventKind.APP_DEGRADED, String.join(", ", missing));
        } else if (missing.isEmpty() && degraded) {
            events.publish(EventKind.APP_RESTORED);
        }
        degraded = !missing.isEmpty();
    }

    private CancellableCall call(Duration limit, EventScope scope) {
        return CancellableCall.of(
                        UUID.randomUUID().toString(),
                        Optional.of(scope.deployId()),
                        limit,
                        timing.nanoTime(),
                        (what, done, total) -> {})
                .expiredBy(timing.timer());
    }
}
