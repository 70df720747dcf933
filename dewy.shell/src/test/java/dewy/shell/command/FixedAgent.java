package dewy.shell.command;

import dewy.api.DewyException;
import dewy.api.FailureKind;
import dewy.api.InvalidException;
import dewy.api.NotFoundException;
import dewy.api.Problem;
import dewy.api.control.Agent;
import dewy.api.control.AgentPhase;
import dewy.api.control.AppDefinition;
import dewy.api.control.AppStatus;
import dewy.api.control.Audit;
import dewy.api.control.Capsules;
import dewy.api.control.CycleOutcome;
import dewy.api.control.CycleStatistics;
import dewy.api.control.DeployedRelease;
import dewy.api.control.Operation;
import dewy.api.control.PastDeployment;
import dewy.api.control.PluginStatus;
import dewy.api.control.Plugins;
import dewy.api.control.ProxyStatus;
import dewy.api.proxy.Admission;
import dewy.api.runtime.ReplicaStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An agent whose apps are as they are.
 *
 * @param failure how its deployments fail, if they do
 */
record FixedAgent(
        List<AppStatus> apps,
        Plugins plugins,
        FixedOperations operations,
        Optional<FailureKind> failure,
        AgentPhase phase,
        FixedRecords records)
        implements Agent {
    static FixedAgent of(AppStatus... apps) {
        return new FixedAgent(
                List.of(apps),
                FixedPlugins.of(),
                FixedOperations.of(),
                Optional.empty(),
                AgentPhase.AT_WORK,
                new FixedRecords());
    }

    FixedAgent with(PluginStatus... known) {
        return with(FixedPlugins.of(known));
    }

    FixedAgent with(Plugins known) {
        return new FixedAgent(apps, known, operations, failure, phase, records);
    }

    FixedAgent failing(FailureKind kind) {
        FixedOperations failing = new FixedOperations(List.of(), Optional.of(kind), new AtomicInteger(1));
        return new FixedAgent(apps, plugins, failing, Optional.of(kind), phase, records);
    }

    FixedAgent in(AgentPhase other) {
        return new FixedAgent(apps, plugins, operations, failure, other, records);
    }

    FixedAgent with(FixedOperations known) {
        return new FixedAgent(apps, plugins, known, failure, phase, records);
    }

    @Override
    public AppStatus app(String app) throws DewyException {
        return apps.stream().filter(each -> each.name().equals(app)).findFirst().orElseThrow(() -> {
            String names = String.join(", ", apps.stream().map(AppStatus::name).toList());
            return new NotFoundException(new Problem(
                    "find the app", "\"" + app + "\"", "there is none of that name", "There are: " + names));
        });
    }

    @Override
    public List<CycleStatistics> cycles() {
        throw new UnsupportedOperationException();
    }

    @Override
    public CycleOutcome deploy(String app, String actor) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CycleOutcome deploy(String app, String version, String actor) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CycleOutcome rollback(String app, Optional<String> version, String actor) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CycleOutcome unpin(String app, String actor) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CycleOutcome retry(String app, String actor) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CycleOutcome foresee(String app, String actor) {
        return new CycleOutcome(
                CycleOutcome.Kind.WOULD_DEPLOY,
                "gate",
                app + " for " + actor,
                Samples.NOW,
                Optional.of("v1.2.3"),
                Optional.empty());
    }

    @Override
    public CycleOutcome foresee(AppDefinition definition) {
        throw new UnsupportedOperationException();
    }

    @Override
    public String add(AppDefinition definition) {
        throw new UnsupportedOperationException();
    }

    @Override
    public AppDefinition definition(String app) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void remove(String app) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void restart(String app, String actor) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void ready() {
        throw new UnsupportedOperationException();
    }

    @Override
    public String check(AppDefinition definition) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void requireFree(AppDefinition definition) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void change(AppDefinition definition) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void resume(String app, String actor) {}

    @Override
    public Optional<Operation> pause(String app, String actor) throws DewyException {
        return app(app).operation();
    }

    @Override
    public List<ReplicaStatus> replicas(String app) {
        return "none".equals(app) ? List.of() : Samples.REPLICAS;
    }

    @Override
    public ProxyStatus proxy(String app) {
        return Samples.PROXY;
    }

    @Override
    public void admit(String app, Admission admission, String actor) throws DewyException {
        throw new InvalidException(new Problem("admit", app, "by " + actor, admission.toString()));
    }

    @Override
    public List<DeployedRelease> releases(String app) throws DewyException {
        return app(app).current().stream().toList();
    }

    @Override
    public List<PastDeployment> history(String app) {
        return List.of(
                new PastDeployment(
                                Samples.NOW.minusSeconds(5),
                                "v1.3.0",
                                Optional.of("v1.2.3"),
                                Optional.of("it\nexited"),
                                false,
                                Optional.empty(),
                                Optional.empty(),
                                "alice",
                                "command",
                                Optional.of(Duration.ofMillis(2_340)),
                                "d-2")
                        .withCapsule(Optional.of("0a1b2c3d")),
                new PastDeployment(
                        Samples.NOW.minusSeconds(60),
                        "v1.2.3",
                        Optional.empty(),
                        Optional.empty(),
                        false,
                        Optional.of("v1.2.4 failed: it crashed"),
                        Optional.empty(),
                        "",
                        "",
                        Optional.empty(),
                        "d-1"));
    }

    @Override
    public Capsules capsules() {
        return records;
    }

    @Override
    public Audit audit() {
        return records;
    }

    @Override
    public Map<String, String> testNotifiers(String app, String actor) {
        return failure.isPresent()
                ? Map.of("slack://deploys", "Cannot send: no such channel")
                : "docs".equals(app) ? Map.of() : Map.of("log:", "");
    }

    @Override
    public void refused(String origin, Optional<String> why) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Duration stopLimit() {
        return Duration.ZERO;
    }

    @Override
    public void cutStopShort() {}

    @Override
    public void stop(String reason) {
        throw new UnsupportedOperationException();
    }
}
