package dewy.core.app;

import dewy.api.CancellableCall;
import dewy.api.CancelledException;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.control.AppState;
import dewy.api.control.AppStatus;
import dewy.api.control.CycleOutcome;
import dewy.api.control.CycleStatistics;
import dewy.api.control.DeployedRelease;
import dewy.api.control.Operation;
import dewy.api.control.Order;
import dewy.api.control.PastDeployment;
import dewy.api.runtime.AppRuntime;
import dewy.core.capsule.CapsuleFolder;
import dewy.core.cycle.Cycles;
import dewy.core.event.EventKind;
import dewy.core.event.EventScope;
import dewy.core.host.PluginUser;
import dewy.core.journal.AppJournal;
import dewy.core.journal.AppMemory;
import dewy.core.notify.Notifications;
import dewy.core.notify.NotifierTest;
import dewy.core.operation.Ongoing;
import dewy.core.operation.OperationList;
import dewy.core.plugin.Offer;
import dewy.core.plugin.PluginSlot;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * One app, from its start to its end, and what people may have it do. Everything that changes it happens in its queue, one
 * thing after the other, on a thread that it has only meanwhile, so that no other app waits for it; status may be asked at
 * any time.
 */
public final class App implements PluginUser {
    /** How long a cycle may go on that has a plugin wait that is to take the place of another one. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** For what of it runs no more, or is killed. */
    private static final Duration SHORT_STOP = Duration.ofSeconds(10);

    private final AppSpec spec;
    private final AppPlugins plugins;
    private final AppJournal journal;
    private final AppMemory memory;
    private final CapsuleFolder capsules;
    private final Notifications notifications;
    private final AppOrders orders;
    private final AppControl control;
    private final AppProxy proxy;
    private final AppReplicas replicas;
    private final EventScope events;
    private final Timing timing;
    private final OperationList operations;
    private final Runnable release;
    private final AppQueue queue;
    private final Passes passes;
    private final AppWatch watch;
    private final CompletableFuture<Void> resumed = new CompletableFuture<>();
    private volatile boolean stops;
    private volatile boolean stopped;
    private boolean renews;

    App(AppParts parts, Cycles cycles, Notifications notifications, Runnable release) {
        this.spec = parts.spec();
        this.plugins = parts.plugins();
        this.journal = parts.journal();
        this.memory = journal.memory();
        this.capsules = parts.investigator().folder();
        this.notifications = notifications;
        this.events = parts.events();
        this.timing = parts.timing();
        this.operations = parts.operations();
        this.release = release;
        this.queue = new AppQueue(spec.name(), timing);
        this.passes = new Passes(parts);
        this.watch = new AppWatch(parts, cycles.cycle(), queue, passes);
        this.replicas = new AppReplicas(parts, passes);
        this.orders = new AppOrders(parts, replicas, queue, passes, watch);
        this.proxy = new AppProxy(parts, passes);
        this.control = new AppControl(spec.name(), cycles, orders);
    }

    public AppSpec spec() {
        return spec;
    }

    @Override
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
        begin(true, renews, AppWatch.START);
    }

    /** Goes on where an earlier app of the same directory was retired: what runs is replaced only if it is run otherwise now. */
    public void goOnAfter(App earlier) {
        events.publish(EventKind.APP_CHANGED, spec.command(), spec.directory(), spec.registry());
        begin(!spec.runsLike(earlier.spec), true, AppWatch.CHANGE);
    }

    private void begin(boolean resumes, boolean renew, String cause) {
        queue.execute(() -> {
            if (resumes) {
                watch.resume(renew);
            }
            resumed.complete(null);
        });
        watch.wake(cause);
    }

    /** Returns what completes when what was deployed before serves again, or cannot, or the app has ended. */
    public CompletableFuture<Void> resumed() {
        return resumed;
    }

    /** Returns what people may ask of it. */
    public AppControl control() {
        return control;
    }

    /** Returns what people may ask of its proxy. */
    public AppProxy proxy() {
        return proxy;
    }

    /** Returns what people may ask of its replicas. */
    public AppReplicas replicas() {
        return replicas;
    }

    /**
     * Begins what is ordered, and returns at once: it is done when it is its turn.
     *
     * @throws InvalidException if it cannot be done to such an app
     */
    public Ongoing<CycleOutcome> begin(Order order, String actor) throws InvalidException {
        return switch (order.what()) {
            case RESTART -> orders.restart(actor);
            case PAUSE, RESUME -> orders.turn(order, actor);
            case SCALE -> orders.scale(order.replicas(), actor);
            default -> control.begin(order, actor);
        };
    }

    /** Replaces the running generation by a new one of the same release. */
    public void restart(String actor) throws DewyException {
        orders.restart(actor).await();
    }

    /**
     * Looks for no new releases until it is resumed; what is deployed is kept up. It holds at once, and is not waited for.
     *
     * @return what is being done still, which goes on
     */
    public Optional<Operation> pause(String actor) throws DewyException {
        return orders.pause(actor);
    }

    /** Looks for new releases again, at once. */
    public void resume(String actor) throws DewyException {
        orders.resume(actor);
    }

    /** Returns the evidence of its deployments that failed. */
    public CapsuleFolder capsules() {
        return capsules;
    }

    /** Returns the releases whose folders are complete, the one deployed last first. */
    public List<DeployedRelease> releases() {
        return memory.releases();
    }

    /** Returns how deployments ended, the last one first. */
    public List<PastDeployment> history() {
        List<PastDeployment> history = memory.history();
        boolean anyFailed = history.stream().anyMatch(past -> why(past).isPresent());
        Map<String, String> evidence = anyFailed ? capsules.byDeployment() : Map.of();
        return history.stream()
                .map(past -> past.withCapsule(why(past).map(why -> evidence.get(past.deployId()))))
                .toList();
    }

    /** Returns what failed: the deployment itself, or what it had to replace. */
    private static Optional<String> why(PastDeployment past) {
        return past.error().or(past::reason);
    }

    /** Sends a test message by each notifier; returns what went wrong, by name, empty where nothing did. */
    public Map<String, String> testNotifiers(String actor) {
        return NotifierTest.run(
                spec.notifiers(),
                plugins.notifiers(),
                name(),
                actor,
                timing.clock().instant());
    }

    /** What runs has told that it is doing otherwise: looks soon whether it is any good. Returns at once. */
    public void inspect() {
        watch.inspect();
    }

    /** A provider came or went elsewhere: looks for a better one, or recovers, without waiting for the interval. */
    public void pluginsChanged() {
        watch.wake(AppWatch.PLUGIN);
    }

    /** A provider is about to go: what was opened with it is closed before this returns. */
    public void leaving(Offer<?> offer) {
        plugins.vacate(offer);
        watch.wake(AppWatch.PLUGIN);
    }

    @Override
    public List<Offer<?>> offers() {
        return plugins.offers();
    }

    @Override
    public void prove(List<? extends Offer<?>> next) throws DewyException {
        plugins.prove(next);
    }

    @Override
    public void moveTo(List<? extends Offer<?>> next) throws DewyException {
        Future<?> patience = timing.timer()
                .schedule(
                        () -> passes.interrupt("a plugin is replaced, after which it begins anew"),
                        PATIENCE.toNanos(),
                        TimeUnit.NANOSECONDS);
        try {
            queue.<Boolean>call(() -> {
                patience.cancel(false);
                plugins.moveTo(next);
                return true;
            });
        } catch (CancelledException e) {
            if (!passes.isEnded()) {
                throw e;
            }
        } finally {
            patience.cancel(false);
        }
    }

    @Override
    public void release() {
        plugins.release();
    }

    public AppStatus status() {
        var missing = plugins.missing();
        List<Operation> ongoing = operations.of(spec.name());
        return new AppStatus(
                spec.name(),
                spec.command(),
                spec.directory(),
                spec.registry().toString(),
                state(missing.isEmpty()),
                memory.isPaused(),
                memory.shown(),
                plugins.runtime().flatMap(slot -> slot.current()).map(AppRuntime::status),
                proxy.admission(),
                watch.last(),
                watch.next(),
                watch.failures(),
                memory.pinned(),
                memory.scaled(),
                quarantined(),
                Optional.empty(),
                missing,
                notifications.troubles(),
                ongoing.stream().findFirst(),
                ongoing.stream().skip(1).toList());
    }

    /** Returns what its cycles came to. */
    public CycleStatistics cycles() {
        return watch.statistics();
    }

    /**
     * Asks what runs of it how it is doing, and returns whether no cycle has been due for longer than {@code patience} without
     * having begun. What has long been under way does not count, and what throws does answer: no plugin is to end the agent.
     */
    public boolean progresses(Duration patience) {
        try {
            plugins.runtime().flatMap(PluginSlot::current).ifPresent(AppRuntime::status);
        } catch (RuntimeException e) {
            // It shows in the status of the app.
        }
        return queue.isBusy() || watch.overdue().compareTo(patience) <= 0;
    }

    private AppState state(boolean complete) {
        AppState now = stopped ? AppState.STOPPED : passes.state();
        boolean keepsUp = now == AppState.CHECKING && memory.isPaused(); // Which is no check of the registry.
        if (now != AppState.WATCHING && !keepsUp) {
            return now;
        }
        AppState idle = memory.isPaused() ? AppState.PAUSED : AppState.WATCHING;
        return complete ? idle : AppState.DEGRADED;
    }

    private Map<String, String> quarantined() {
        Map<String, String> versions = new LinkedHashMap<>();
        memory.quarantined().forEach(bad -> versions.put(bad.tag(), bad.why()));
        return versions;
    }

    /** Returns how long stopping it takes at the longest. No plugin is to keep the agent from ending. */
    public Duration stopLimit() {
        try {
            return plugins.runtime()
                    .flatMap(PluginSlot::current)
                    .map(AppRuntime::stopLimit)
                    .orElse(SHORT_STOP);
        } catch (RuntimeException e) {
            return SHORT_STOP;
        }
    }

    /** Stops the app gracefully, and returns when nothing of it runs any more. */
    public void stop(String reason) {
        stop(reason, () -> {});
    }

    /** Stops it for another one that takes its place: what its proxy has accepted is answered first. */
    public void makeWay(String reason) {
        stop(reason, () -> proxy.finish(stopLimit()));
    }

    private void stop(String reason, Runnable first) {
        stops = true;
        end(reason, () -> {
            first.run();
            passes.finish(stopLimit(), events, this::stopRuntime);
            events.publish(EventKind.SHIPPING_STOPPED, spec.command());
            return Running.NOTHING;
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
            return Running.NOTHING;
        });
        events.publish(EventKind.APP_LEFT);
    }

    /** Kills what the end waits for, by whatever that is kept. */
    public void cutEndShort() {
        if (spec.leavesRunning() && !stops) {
            return;
        }
        passes.cutShort();
        try (CancellableCall call = passes.call(SHORT_STOP, events)) {
            call.cancel("stopping was cut short");
            stopRuntime(call);
        } catch (DewyException e) {
            events.publish(EventKind.HOUSEKEEPING_FAILED, String.valueOf(e.getMessage()));
        }
    }

    /** Ends the app, and returns what runs of it, for another one to go on with. */
    public Running retire(String reason) {
        return end(reason, plugins::handOver);
    }

    /** Does the last thing in the app's queue, then lets go of everything. */
    private Running end(String reason, Callable<Running> last) {
        passes.end(reason);
        Running left = Running.NOTHING;
        try {
            left = queue.call(last);
        } catch (DewyException e) {
            events.publish(EventKind.HOUSEKEEPING_FAILED, String.valueOf(e.getMessage()));
        }
        queue.shutDown();
        watch.close();
        journal.close();
        release.run();
        stopped = true;
        resumed.complete(null);
        return left;
    }

    private void stopRuntime(CancellableCall call) throws DewyException {
        Optional<PluginSlot<AppRuntime>> slot = plugins.runtime().filter(PluginSlot::isFilled);
        if (slot.isPresent()) {
            slot.get().<Boolean>use(call, runtime -> {
                runtime.stop(call);
                return true;
            });
        }
    }
}
