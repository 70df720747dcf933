package dewy.shell.command;

import dewy.api.DewyException;
import dewy.api.control.Agent;
import dewy.api.control.AppStatus;
import java.util.LinkedHashMap;
import java.util.Map;

final class StatusCommand implements Command {
    private static final int SHORT_DIGEST = 19;

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
    public Reply run(Agent agent, Arguments arguments, Viewer viewer) throws DewyException, UsageException {
        AppStatus app = ChosenApp.of(name(), agent, arguments.name());
        StringBuilder text = new StringBuilder();
        lines(app, viewer).forEach((label, value) -> {
            if (!value.isEmpty()) {
                text.append(String.format("%-12s%s\n", label, value.replace('\n', ' ')));
            }
        });
        return Reply.of(text.toString(), Views.app(app));
    }

    private static Map<String, String> lines(AppStatus app, Viewer viewer) {
        Map<String, String> lines = new LinkedHashMap<>();
        lines.put("App", app.name() + " (" + app.command() + ")");
        lines.put("State", Words.state(app, viewer));
        app.current().ifPresent(current -> {
            lines.put("Version", current.tag() + ", deployed " + viewer.relative(current.since()));
            current.digest().ifPresent(digest -> lines.put("Digest", shortened(digest)));
            current.folder().ifPresent(folder -> lines.put("Folder", folder.toString()));
        });
        app.runtime().ifPresent(runtime -> {
            String since = ", generation " + runtime.generation() + ", since " + viewer.relative(runtime.since());
            lines.put("Runtime", Words.runtime(app.runtime(), viewer) + since);
            lines.put("Instances", String.join(", ", runtime.instances()));
            lines.put("Detail", runtime.detail());
        });
        app.last().ifPresent(last -> {
            lines.put("Last check", Words.outcome(last, viewer) + " " + viewer.relative(last.at()));
            lines.put("Reason", last.reason());
        });
        lines.put("Next check", app.next().map(viewer::relative).orElse("running now"));
        lines.put("Failures", app.failures() == 0 ? "" : app.failures() + " in a row");
        lines.put("Missing", String.join(", ", app.missing()));
        lines.put("Registry", app.registry());
        lines.put("Directory", app.directory().toString());
        return lines;
    }

    private static String shortened(String digest) {
        return digest.length() > SHORT_DIGEST ? digest.substring(0, SHORT_DIGEST) + "…" : digest;
    }
}
