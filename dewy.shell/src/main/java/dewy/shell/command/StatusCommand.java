package dewy.shell.command;

import dewy.api.DewyException;
import dewy.api.control.Agent;
import dewy.api.control.AppStatus;
import dewy.view.Explanation;
import dewy.view.Words;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

final class StatusCommand implements Command {
    private static final Option WATCH = Option.flag("--watch", "-w", "show it anew each second, on a terminal");
    private static final int SHORT_DIGEST = 19;

    private final InstantSource clock;

    StatusCommand(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public String name() {
        return "status";
    }

    @Override
    public String takes() {
        return "[app]";
    }

    @Override
    public String summary() {
        return "Show everything about an app";
    }

    @Override
    public List<Option> options() {
        return List.of(WATCH);
    }

    @Override
    public Optional<Live> live(Agent agent, Arguments arguments, Viewer viewer) throws DewyException, UsageException {
        if (!arguments.has(WATCH) || arguments.json() || !viewer.window().terminal()) {
            return Optional.empty();
        }
        ChosenApp.of(name(), agent, arguments.name());
        return Optional.of(new Redrawn(now -> run(agent, arguments, now), viewer, clock));
    }

    @Override
    public boolean changes() {
        return false;
    }

    @Override
    public Reply run(Agent agent, Arguments arguments, Viewer viewer) throws DewyException, UsageException {
        AppStatus app = ChosenApp.of(name(), agent, arguments.name());
        StringBuilder text = new StringBuilder();
        lines(app, evidence(agent, app), viewer).forEach((label, value) -> {
            if (!value.isEmpty()) {
                text.append(String.format("%-12s%s\n", label, value.replace('\n', ' ')));
            }
        });
        return Reply.of(text.toString(), app);
    }

    private static Map<String, String> evidence(Agent agent, AppStatus app) {
        return app.quarantined().isEmpty() ? Map.of() : Explanation.evidence(agent, app.name());
    }

    private static Map<String, String> lines(AppStatus app, Map<String, String> evidence, Viewer viewer) {
        Map<String, String> lines = new LinkedHashMap<>();
        lines.put("App", app.name() + " (" + app.command() + ")");
        lines.put("State", States.state(app, viewer));
        app.operation()
                .ifPresent(operation -> lines.put(
                        "Doing",
                        Words.task(operation) + ", " + Words.progress(operation, viewer.now()) + "; operation "
                                + operation.id()));
        lines.put(
                "Waiting",
                app.waiting().stream()
                        .map(operation -> Words.task(operation) + ", for " + viewer.age(operation.started())
                                + "; operation " + operation.id())
                        .collect(Collectors.joining(", ")));
        app.current().ifPresent(current -> {
            lines.put("Version", current.version() + ", deployed " + viewer.relative(current.since()));
            current.digest().ifPresent(digest -> lines.put("Digest", shortened(digest)));
            current.signer().ifPresent(key -> lines.put("Signed by", key));
            current.folder().ifPresent(folder -> lines.put("Folder", folder.toString()));
            current.image().ifPresent(image -> lines.put("Image", image));
        });
        app.runtime().ifPresent(runtime -> {
            String since = ", generation " + runtime.generation() + ", since " + viewer.relative(runtime.since());
            lines.put("Runtime", States.runtime(app.runtime(), viewer) + since);
            lines.put("Instances", String.join(", ", runtime.instances()));
            lines.put("Detail", runtime.detail());
        });
        app.admission().ifPresent(mode -> lines.put("Traffic", ProxyCommand.state(mode, viewer)));
        app.last().filter(last -> !States.isBusy(app)).ifPresent(last -> {
            lines.put("Last check", States.outcome(last, viewer) + " " + viewer.relative(last.at()));
            lines.put("Reason", last.reason());
            lines.put("Capsule", last.capsule().orElse(""));
        });
        lines.put("Next check", States.next(app, viewer));
        lines.put("Failures", app.failures() == 0 ? "" : app.failures() + " in a row");
        lines.put("Pinned", app.pinned().map(tag -> "to " + tag).orElse(""));
        lines.put("Scaled", app.scaled().map(count -> "to " + count).orElse(""));
        lines.put(
                "Quarantined",
                app.quarantined().entrySet().stream()
                        .map(release -> release.getKey() + " (" + release.getValue() + ")"
                                + evidence.getOrDefault(release.getKey(), ""))
                        .collect(Collectors.joining(", ")));
        lines.put("Refused", app.refused().orElse(""));
        lines.put("Missing", String.join(", ", app.missing()));
        lines.put("Registry", app.registry());
        lines.put("Directory", app.directory().toString());
        return lines;
    }

    private static String shortened(String digest) {
        return digest.length() > SHORT_DIGEST ? digest.substring(0, SHORT_DIGEST) + "…" : digest;
    }
}
