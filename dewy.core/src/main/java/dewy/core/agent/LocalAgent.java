package dewy.core.agent;

import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.NotFoundException;
import dewy.api.Problem;
import dewy.api.Registration;
import dewy.api.control.Agent;
import dewy.api.control.AgentPhase;
import dewy.api.control.AppDefinition;
import dewy.api.control.AppState;
import dewy.api.control.AppStatus;
import dewy.api.control.Audit;
import dewy.api.control.Capsules;
import dewy.api.control.CycleOutcome;
import dewy.api.control.CycleStatistics;
import dewy.api.control.DeployedRelease;
import dewy.api.control.Operation;
import dewy.api.control.Operations;
import dewy.api.control.PastDeployment;
import dewy.api.control.Plugins;
import dewy.api.control.ProxyStatus;
import dewy.api.process.ListeningSockets;
import dewy.api.proxy.Admission;
import dewy.api.runtime.ReplicaStatus;
import dewy.core.app.App;
import dewy.core.app.AppFactory;
import dewy.core.app.AppSpec;
import dewy.core.app.AppSpecReader;
import dewy.core.app.Running;
import dewy.core.plugin.Offer;
import dewy.core.plugin.PluginDirectory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The agent of this host: any number of apps, each on its own. */
final class LocalAgent implements Agent, PluginDirectory.Listener, Heartbeat.Vitals {
    private final Apps apps;
    private final AppFactory factory;
    private final Plugins plugins;
    private final Operations operations;
    private final AgentRecords records;
    private final String version;
    private final Heartbeat heartbeat;
    private final Supplier<ListeningSockets> sockets;
    /** What was said last of each app; that of one which was removed is not looked at. */
    private final Map<String, AppDefinition> definitions = new ConcurrentHashMap<>();

    /** What is wrong with what is written down anew, by where that is. */
    private final Map<String, String> refusals = new ConcurrentHashMap<>();

    /** Those that are being stopped, each with what completes when it has been. */
    private final Map<App, CompletableFuture<Void>> stopping = new ConcurrentHashMap<>();

    private volatile AgentPhase phase = AgentPhase.STARTING;

    LocalAgent(
            Apps apps,
            AppFactory factory,
            Plugins plugins,
            Operations operations,
            AgentRecords records,
            String version,
            Heartbeat heartbeat,
            Supplier<ListeningSockets> sockets) {
        this.apps = apps;
        this.factory = factory;
        this.plugins = plugins;
        this.operations = operations;
        this.records = records;
        this.version = version;
        this.heartbeat = heartbeat;
        this.sockets = sockets;
    }

    @Override
    public synchronized String add(AppDefinition definition) throws DewyException {
        AppSpec spec = AppSpecReader.read(definition);
        boolean stops = phase == AgentPhase.STOPPING;
        if (stops || apps.find(spec.name()).isPresent()) {
            String why = stops ? "the agent is being stopped" : "there is one of that name" + origin(spec.name());
            throw new InvalidException(Problem.of("add the app", spec.name(), why, "Give it another name with --name"));
        }
        App app = factory.create(spec, Optional.empty());
        apps.put(app);
        definitions.put(spec.name(), definition);
        records.note("app.added", spec.name(), definition);
        app.start(version);
        return spec.name();
    }

    @Override
    public String check(AppDefinition definition) throws DewyException {
        return factory.check(AppSpecReader.draft(definition)).name();
    }

    @Override
    public void requireFree(AppDefinition definition) throws DewyException {
        factory.requireFree(AppSpecReader.read(definition));
    }

    @Override
    public void ready() {
        synchronized (this) {
            phase = phase == AgentPhase.STARTING ? AgentPhase.AT_WORK : phase;
        }
        records.note("agent.started", version);
        heartbeat.start(this);
        CompletableFuture<?>[] resumed = apps.all().stream().map(App::resumed).toArray(CompletableFuture<?>[]::new);
        var unused = CompletableFuture.allOf(resumed).thenRun(() -> heartbeat.ready(this));
    }

    @Override
    public synchronized void change(AppDefinition definition) throws DewyException {
        AppSpec spec = factory.check(AppSpecReader.draft(definition));
        App old = find(spec.name());
        if (!spec.goesOnWith(old.spec())) {
            beginAnew(old, definition);
            return;
        }
        Running running = old.retire("its definition was changed; it goes on under the new one");
        App app;
        try {
            app = factory.create(spec, Optional.of(running));
        } catch (DewyException | RuntimeException e) {
            App same = factory.create(old.spec(), Optional.of(running));
            apps.put(same);
            same.goOnAfter(old);
            throw e;
        }
        apps.put(app);
        definitions.put(spec.name(), definition);
        records.note("app.changed", spec.name(), definition);
        app.goOnAfter(old);
    }

    /** Who connects meanwhile waits where the new app listens as well. */
    private void beginAnew(App old, AppDefinition definition) throws DewyException {
        Registration open = sockets.get().keepOpen();
        try {
            remove(old, () -> old.makeWay("another one takes its place"));
            add(definition);
        } finally {
            CompletableFuture<Void> begun =
                    apps.find(old.name()).map(App::resumed).orElse(CompletableFuture.completedFuture(null));
            var unused = begun.whenComplete((done, e) -> open.close());
        }
    }

    @Override
    public void refused(String origin, Optional<String> why) {
        why.filter(now -> !now.equals(refusals.get(origin))).ifPresent(now -> records.refused(origin, now));
        refusals.compute(origin, (same, before) -> why.orElse(null));
    }

    @Override
    public AppDefinition definition(String name) throws DewyException {
        App app = find(name);
        return Objects.requireNonNull(definitions.get(app.name()));
    }

    @Override
    public void remove(String name) throws DewyException {
        App app = find(name);
        remove(app, () -> app.stop("the app was removed"));
    }

    private void remove(App app, Runnable end) {
        synchronized (this) {
            if (!apps.remove(app)) {
                return;
            }
            stopping.put(app, new CompletableFuture<>());
        }
        records.note("app.removed", app.name(), Objects.requireNonNull(definitions.get(app.name())));
        end(app, end);
    }

    @Override
    public AgentPhase phase() {
        return phase;
    }

    @Override
    public List<AppStatus> apps() {
        return apps.all().stream().map(this::status).toList();
    }

    @Override
    public AppStatus app(String name) throws DewyException {
        return status(find(name));
    }

    @Override
    public List<CycleStatistics> cycles() {
        return apps.all().stream().map(App::cycles).toList();
    }

    private AppStatus status(App app) {
        AppStatus status = app.status();
        AppDefinition definition = definitions.get(app.name());
        Optional<String> refusal = Optional.ofNullable(definition).map(written -> refusals.get(written.origin()));
        return refusal.map(status::refused).orElse(status);
    }

    @Override
    public CycleOutcome deploy(String name, String actor) throws DewyException {
        return find(name).control().deploy(actor);
    }

    @Override
    public CycleOutcome deploy(String name, String version, String actor) throws DewyException {
        return find(name).control().deploy(version, actor);
    }

    @Override
    public CycleOutcome rollback(String name, Optional<String> version, String actor) throws DewyException {
        return find(name).control().rollback(version, actor);
    }

    @Override
    public CycleOutcome unpin(String name, String actor) throws DewyException {
        return find(name).control().unpin(actor);
    }

    @Override
    public CycleOutcome retry(String name, String actor) throws DewyException {
        return find(name).control().retry(actor);
    }

    @Override
    public CycleOutcome foresee(String name, String actor) throws DewyException {
        return find(name).control().check(actor);
    }

    @Override
    public CycleOutcome foresee(AppDefinition definition) throws DewyException {
        return factory.foresee(factory.check(AppSpecReader.draft(definition)));
    }

    @Override
    public void restart(String name, String actor) throws DewyException {
        find(name).restart(actor);
    }

    @Override
    public Optional<Operation> pause(String name, String actor) throws DewyException {
        return find(name).pause(actor);
    }

    @Override
    public void resume(String name, String actor) throws DewyException {
        find(name).resume(actor);
    }

    @Override
    public List<ReplicaStatus> replicas(String name) throws DewyException {
        return find(name).replicas().all();
    }

    @Override
    public ProxyStatus proxy(String name) throws DewyException {
        return find(name).proxy().status();
    }

    @Override
    public void admit(String name, Admission admission, String actor) throws DewyException {
        find(name).proxy().admit(admission, actor);
    }

    @Override
    public List<DeployedRelease> releases(String name) throws DewyException {
        return find(name).releases();
    }

    @Override
    public List<PastDeployment> history(String name) throws DewyException {
        return find(name).history();
    }

    @Override
    public Map<String, String> testNotifiers(String name, String actor) throws DewyException {
        return find(name).testNotifiers(actor);
    }

    @Override
    public Operations operations() {
        return operations;
    }

    @Override
    public Plugins plugins() {
        return plugins;
    }

    @Override
    public void stop(String reason) {
        Collection<App> all;
        synchronized (this) {
            if (phase != AgentPhase.STOPPING) {
                records.note("agent.stopped", reason);
            }
            phase = AgentPhase.STOPPING;
            heartbeat.stop();
            all = apps.removeAll();
            all.forEach(app -> stopping.put(app, new CompletableFuture<>()));
        }
        inParallel(all, app -> end(app, () -> app.endWithAgent(reason)));
        // One that somebody else has removed is waited for as well, so that nothing of it is left.
        List.copyOf(stopping.values()).forEach(CompletableFuture::join);
    }

    @Override
    public Capsules capsules() {
        return records.capsules();
    }

    @Override
    public Audit audit() {
        return records.audit();
    }

    @Override
    public Duration stopLimit() {
        return apps.all().stream()
                .map(App::stopLimit)
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }

    @Override
    public void cutStopShort() {
        inParallel(
                Stream.concat(stopping.keySet().stream(), apps.all().stream()).toList(), App::cutEndShort);
    }

    private void end(App app, Runnable end) {
        CompletableFuture<Void> over = Objects.requireNonNull(stopping.get(app));
        try {
            end.run();
        } finally {
            over.complete(null);
            stopping.remove(app);
        }
    }

    private static void inParallel(Collection<App> apps, Consumer<App> work) {
        List<Thread> threads = new ArrayList<>();
        for (App app : apps) {
            Thread thread = new Thread(() -> work.accept(app), "dewy-stop-" + app.name());
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    @Override
    public void changed() {
        apps.all().forEach(App::pluginsChanged);
    }

    @Override
    public void leaving(Offer<?> offer) {
        apps.all().forEach(app -> app.leaving(offer));
    }

    @Override
    public boolean areGood(Duration patience) {
        return apps.all().stream().allMatch(app -> app.progresses(patience));
    }

    @Override
    public String summary() {
        List<AppStatus> all = apps();
        long degraded =
                all.stream().filter(app -> app.state() == AppState.DEGRADED).count();
        long failing = all.stream().filter(app -> app.failures() > 0).count();
        return (all.size() == 1 ? "1 app" : all.size() + " apps")
                + (degraded == 0 ? "" : ", " + degraded + " degraded")
                + (failing == 0 ? "" : ", " + failing + " failing");
    }

    private String origin(String name) {
        AppDefinition definition = definitions.get(name);
        return definition == null || definition.origin().isEmpty() ? "" : ", from " + definition.origin();
    }

    private App find(String name) throws NotFoundException {
        return apps.require(name);
    }
}
