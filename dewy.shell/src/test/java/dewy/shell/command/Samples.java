package dewy.shell.command;

import dewy.api.control.AppState;
import dewy.api.control.AppStatus;
import dewy.api.control.CycleOutcome;
import dewy.api.control.DeployedRelease;
import dewy.api.control.NotifierTrouble;
import dewy.api.control.Operation;
import dewy.api.control.PluginState;
import dewy.api.control.PluginStatus;
import dewy.api.control.ProxyStatus;
import dewy.api.control.Window;
import dewy.api.process.ListeningAddress;
import dewy.api.proxy.Admission;
import dewy.api.proxy.Latency;
import dewy.api.proxy.ProxyStatistics;
import dewy.api.proxy.ProxyStatistics.OfBackend;
import dewy.api.route.Listener;
import dewy.api.runtime.ReplicaStatus;
import dewy.api.runtime.RuntimeStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Apps and plugins to look at. */
final class Samples {
    static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    static final Caller ALICE = new Caller("alice", Optional.of(1000), "socket");
    static final Viewer SCRIPT = new Viewer(ALICE, Window.NONE, NOW);
    static final Viewer TERMINAL = new Viewer(ALICE, new Window(true, true, 80, 24, false), NOW);

    static final ProxyStatus PROXY = new ProxyStatus(
            "web",
            "proxy:builtin",
            Admission.PAUSED,
            List.of(new Listener("80", new ListeningAddress("", 80), OptionalInt.empty())),
            List.of("www.example.com/shop"),
            new ProxyStatistics(
                    12,
                    1,
                    List.of(
                            OfBackend.of("1-1", "v1.2.3")
                                    .answered(11, 1, latency(Duration.ofMillis(3)))
                                    .active(2)
                                    .getting(5, OfBackend.State.EJECTED),
                            OfBackend.of("2-1", "").getting(1, OfBackend.State.DRAINING))));

    static final List<ReplicaStatus> REPLICAS = List.of(
            new ReplicaStatus(
                    "1-1",
                    "0123456789abcdef0123456789abcdef",
                    "v1.2.3",
                    "example/shop@sha256:01",
                    ReplicaStatus.State.RUNNING,
                    Optional.of("healthy"),
                    Map.of(8080, new ListeningAddress("127.0.0.1", 32_768)),
                    0,
                    Optional.of(NOW.minusSeconds(60))),
            new ReplicaStatus(
                    "2-1",
                    "",
                    "v1.2.2",
                    "example/shop@sha256:02",
                    ReplicaStatus.State.EXITED,
                    Optional.empty(),
                    Map.of(),
                    1,
                    Optional.empty()));

    private Samples() {}

    private static Latency latency(Duration of) {
        long[] counts = new long[Latency.BUCKETS];
        counts[Latency.bucket(of.toNanos())] = 11;
        return Latency.of(counts);
    }

    static AppStatus app(String name) {
        return app(name, "v1.2.3", "v1.2.3 is deployed");
    }

    /** An app of which everything is known. */
    static AppStatus app(String name, String tag, String reason) {
        RuntimeStatus runtime = new RuntimeStatus(
                RuntimeStatus.State.RUNNING,
                7,
                NOW.minus(Duration.ofMinutes(3)),
                List.of("4711", "4712"),
                0,
                "",
                Optional.empty());
        return new AppStatus(
                name,
                "server",
                Path.of("/srv/web"),
                "file:///registry",
                AppState.WATCHING,
                false,
                Optional.of(new DeployedRelease(
                        tag,
                        tag + "-web.tar.gz",
                        Optional.of("sha256:0123456789abcdef0123456789abcdef"),
                        Optional.of(Path.of("/srv/web/releases/1")),
                        Optional.empty(),
                        Optional.empty(),
                        NOW.minus(Duration.ofHours(26)))),
                Optional.of(runtime),
                Optional.empty(),
                Optional.of(outcome(CycleOutcome.Kind.NOTHING_TO_DO, reason)),
                Optional.of(NOW.plus(Duration.ofSeconds(8))),
                0,
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                Optional.empty(),
                List.of(),
                List.of(),
                Optional.empty(),
                List.of());
    }

    /** The same, of which an image runs. */
    static AppStatus ofImage(AppStatus app, String image) {
        DeployedRelease before = app.current().orElseThrow();
        DeployedRelease current = new DeployedRelease(
                before.version(),
                before.version() + "--example/web",
                before.digest(),
                Optional.empty(),
                Optional.of(image),
                before.signer(),
                before.since());
        return with(app, "container", current);
    }

    /** The same, whose release is signed. */
    static AppStatus signed(AppStatus app, String key) {
        DeployedRelease before = app.current().orElseThrow();
        DeployedRelease current = new DeployedRelease(
                before.version(),
                before.key(),
                before.digest(),
                before.folder(),
                before.image(),
                Optional.of(key),
                before.since());
        return with(app, app.command(), current);
    }

    private static AppStatus with(AppStatus app, String command, DeployedRelease current) {
        return new AppStatus(
                app.name(),
                command,
                app.directory(),
                app.registry(),
                app.state(),
                app.paused(),
                Optional.of(current),
                app.runtime(),
                app.admission(),
                app.last(),
                app.next(),
                app.failures(),
                app.pinned(),
                app.scaled(),
                app.quarantined(),
                Optional.empty(),
                app.missing(),
                app.failingNotifiers(),
                Optional.empty(),
                List.of());
    }

    /** An app that runs in containers behind a proxy, of which a person wants another number. */
    static AppStatus inContainers(String name) {
        AppStatus app = app(name);
        return new AppStatus(
                app.name(),
                "container",
                app.directory(),
                app.registry(),
                app.state(),
                app.paused(),
                app.current(),
                app.runtime(),
                Optional.of(Admission.Mode.SERVE),
                app.last(),
                app.next(),
                app.failures(),
                app.pinned(),
                Optional.of(3),
                app.quarantined(),
                Optional.empty(),
                app.missing(),
                app.failingNotifiers(),
                Optional.empty(),
                List.of());
    }

    /** The same, with a notifier that fails. */
    static AppStatus untold(AppStatus app) {
        NotifierTrouble trouble = new NotifierTrouble(
                "slack://deploys", NOW.minus(Duration.ofMinutes(3)), 2, "Cannot post to #deploys: HTTP status 503.");
        return copy(app, app.state(), app.runtime(), app.last(), app.next(), List.of(), List.of(trouble));
    }

    /** The same, with a server that is doing otherwise since three minutes. */
    static AppStatus crashed(AppStatus app, RuntimeStatus.State state, int crashes, String detail) {
        RuntimeStatus runtime = new RuntimeStatus(
                state, 7, NOW.minus(Duration.ofMinutes(3)), List.of(), crashes, detail, Optional.empty());
        return copy(app, app.state(), Optional.of(runtime), app.last(), app.next(), List.of(), List.of());
    }

    /** The same, without some plugins. */
    static AppStatus degraded(AppStatus app, String... missing) {
        return copy(app, AppState.DEGRADED, Optional.empty(), app.last(), app.next(), List.of(missing), List.of());
    }

    /** The same, of which a release was no good. */
    static AppStatus quarantined(AppStatus app, String tag, String why) {
        return new AppStatus(
                app.name(),
                app.command(),
                app.directory(),
                app.registry(),
                app.state(),
                app.paused(),
                app.current(),
                app.runtime(),
                app.admission(),
                app.last(),
                app.next(),
                app.failures(),
                app.pinned(),
                app.scaled(),
                Map.of(tag, why),
                Optional.empty(),
                app.missing(),
                app.failingNotifiers(),
                app.operation(),
                app.waiting());
    }

    static AppStatus paused(AppStatus app) {
        return copy(app, AppState.PAUSED, app.runtime(), app.last(), Optional.empty(), List.of(), List.of());
    }

    /** The same, with another end of its last check. */
    static AppStatus ended(AppStatus app, CycleOutcome.Kind kind, String step, String reason) {
        CycleOutcome last = new CycleOutcome(
                kind, step, reason, NOW.minus(Duration.ofSeconds(2)), Optional.empty(), Optional.empty());
        return copy(app, app.state(), app.runtime(), Optional.of(last), app.next(), List.of(), List.of());
    }

    /** The same, with which something is done, and other things are to be after that. */
    static AppStatus busy(AppStatus app, Operation operation, Operation... waiting) {
        return new AppStatus(
                app.name(),
                app.command(),
                app.directory(),
                app.registry(),
                AppState.DEPLOYING,
                app.paused(),
                app.current(),
                app.runtime(),
                app.admission(),
                app.last(),
                Optional.empty(),
                app.failures(),
                app.pinned(),
                app.scaled(),
                app.quarantined(),
                Optional.empty(),
                app.missing(),
                app.failingNotifiers(),
                Optional.of(operation),
                List.of(waiting));
    }

    private static AppStatus copy(
            AppStatus app,
            AppState state,
            Optional<RuntimeStatus> runtime,
            Optional<CycleOutcome> last,
            Optional<Instant> next,
            List<String> missing,
            List<NotifierTrouble> troubles) {
        return new AppStatus(
                app.name(),
                app.command(),
                app.directory(),
                app.registry(),
                state,
                state == AppState.PAUSED,
                app.current(),
                runtime,
                app.admission(),
                last,
                next,
                app.failures(),
                app.pinned(),
                app.scaled(),
                app.quarantined(),
                Optional.empty(),
                missing,
                troubles,
                Optional.empty(),
                List.of());
    }

    /** A deployment that is fetching a release. */
    static Operation fetching(String id, String app) {
        return new Operation(
                id,
                Operation.What.DEPLOY,
                Optional.of(app),
                Optional.empty(),
                Optional.of("v1.3.0"),
                "alice",
                NOW.minus(Duration.ofSeconds(30)),
                "fetch",
                NOW.minus(Duration.ofSeconds(12)),
                Optional.of(new Operation.Progress("download", 3 << 20, OptionalLong.of(12 << 20))),
                Optional.empty());
    }

    /** A rollback whose turn has not come. */
    static Operation waiting(String id, String app) {
        Instant started = NOW.minus(Duration.ofSeconds(3));
        return new Operation(
                id,
                Operation.What.ROLLBACK,
                Optional.of(app),
                Optional.empty(),
                Optional.empty(),
                "bob",
                started,
                "wait",
                started,
                Optional.empty(),
                Optional.empty());
    }

    /** An operation that has ended. */
    static Operation ended(Operation operation, CycleOutcome outcome) {
        return new Operation(
                operation.id(),
                operation.what(),
                operation.app(),
                operation.plugin(),
                operation.version(),
                operation.actor(),
                operation.started(),
                outcome.step(),
                operation.since(),
                Optional.empty(),
                Optional.of(outcome));
    }

    /** An app of which nothing is known yet. */
    static AppStatus newApp(String name) {
        return new AppStatus(
                name,
                "assets",
                Path.of("/srv/new"),
                "file:///registry",
                AppState.CHECKING,
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0,
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                Optional.empty(),
                List.of(),
                List.of(),
                Optional.empty(),
                List.of());
    }

    static CycleOutcome outcome(CycleOutcome.Kind kind, String reason) {
        return new CycleOutcome(
                kind, "gate", reason, NOW.minus(Duration.ofSeconds(2)), Optional.of("v1.2.3"), Optional.empty());
    }

    static PluginStatus plugin(String kind, boolean chosen, String... users) {
        return new PluginStatus(
                kind,
                List.of("file", "zip"),
                "dewy." + kind + ".file",
                "0.1.0",
                PluginState.ACTIVE,
                0,
                chosen,
                List.of(users),
                "launcher",
                Optional.empty());
    }

    /** A plugin of the plugin folder that is used by no app. */
    static PluginStatus strange(PluginState state, int ranking, String problem) {
        return new PluginStatus(
                "notifier",
                List.of("pager"),
                "org.example.pager",
                "1.2.0",
                state,
                ranking,
                false,
                List.of(),
                "pager-1.2.0.jar",
                problem.isEmpty() ? Optional.empty() : Optional.of(problem));
    }

    /** A plugin that came with the launcher and is not in use. */
    static PluginStatus idle(String kind, String scheme, PluginState state) {
        return new PluginStatus(
                kind,
                List.of(scheme),
                "dewy." + kind + "." + scheme,
                "0.1.0",
                state,
                0,
                false,
                List.of(),
                "launcher",
                Optional.empty());
    }

    /** A file of the plugin folder of which nothing but its name and version could be found out. */
    static PluginStatus unknown(String problem) {
        return new PluginStatus(
                "",
                List.of(),
                "org.example.odd",
                "0.0.0",
                PluginState.REFUSED,
                0,
                false,
                List.of(),
                "odd.jar",
                Optional.of(problem));
    }
}
