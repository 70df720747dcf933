package dewy.shell.command;

import dewy.api.control.AppState;
import dewy.api.control.AppStatus;
import dewy.api.control.CycleOutcome;
import dewy.api.control.DeployedRelease;
import dewy.api.control.NotifierTrouble;
import dewy.api.control.Operation;
import dewy.api.control.PluginState;
import dewy.api.control.PluginStatus;
import dewy.api.control.Window;
import dewy.api.runtime.RuntimeStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Apps and plugins to look at. */
final class Samples {
    static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    static final Viewer SCRIPT = new Viewer("alice", Window.NONE, NOW);
    static final Viewer TERMINAL = new Viewer("alice", new Window(true, true, 80, 24), NOW);

    private Samples() {}

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
                Optional.of(new DeployedRelease(
                        tag,
                        tag + "-web.tar.gz",
                        Optional.of("sha256:0123456789abcdef0123456789abcdef"),
                        Optional.of(Path.of("/srv/web/releases/1")),
                        NOW.minus(Duration.ofHours(26)))),
                Optional.of(runtime),
                Optional.of(outcome(CycleOutcome.Kind.NOTHING_TO_DO, reason)),
                Optional.of(NOW.plus(Duration.ofSeconds(8))),
                0,
                Optional.empty(),
                Map.of(),
                List.of(),
                List.of(),
                Optional.empty());
    }

    /** The same, with a notifier that fails. */
    static AppStatus untold(AppStatus app) {
        NotifierTrouble trouble = new NotifierTrouble(
                "notifier:slack", NOW.minus(Duration.ofMinutes(3)), 2, "Cannot post to #deploys: HTTP status 503.");
        return new AppStatus(
                app.name(),
                app.command(),
                app.directory(),
                app.registry(),
                app.state(),
                app.current(),
                app.runtime(),
                app.last(),
                app.next(),
                app.failures(),
                app.pinned(),
                app.quarantined(),
                app.missing(),
                List.of(trouble),
                Optional.empty());
    }

    /** The same, with which something is done. */
    static AppStatus busy(AppStatus app, Operation operation) {
        return new AppStatus(
                app.name(),
                app.command(),
                app.directory(),
                app.registry(),
                app.state(),
                app.current(),
                app.runtime(),
                app.last(),
                app.next(),
                app.failures(),
                app.pinned(),
                app.quarantined(),
                app.missing(),
                app.failingNotifiers(),
                Optional.of(operation));
    }

    /** A deployment that is fetching a release. */
    static Operation fetching(String id, String app) {
        return new Operation(
                id,
                Operation.What.DEPLOY,
                Optional.of(app),
                Optional.empty(),
                "alice",
                NOW.minus(Duration.ofSeconds(30)),
                "fetch",
                Optional.of(new Operation.Progress("download", 3 << 20, OptionalLong.of(12 << 20))),
                Optional.empty());
    }

    /** An operation that has ended. */
    static Operation ended(Operation operation, CycleOutcome outcome) {
        return new Operation(
                operation.id(),
                operation.what(),
                operation.app(),
                operation.plugin(),
                operation.actor(),
                operation.started(),
                outcome.step(),
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
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0,
                Optional.empty(),
                Map.of(),
                List.of(),
                List.of(),
                Optional.empty());
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
