package dewy.shell.command;

import dewy.api.DewyException;
import dewy.api.control.Agent;
import dewy.api.control.AppStatus;
import dewy.api.control.CycleOutcome;
import dewy.api.control.NotifierTrouble;
import dewy.api.control.Operation;
import dewy.api.control.PluginState;
import dewy.api.control.PluginStatus;
import dewy.api.runtime.RuntimeStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

final class ExplainCommand implements Command {
    @Override
    public String name() {
        return "explain";
    }

    @Override
    public String takes() {
        return "[app]";
    }

    @Override
    public String summary() {
        return "Say why an app is as it is, and why nothing was deployed";
    }

    @Override
    public Reply run(Agent agent, Arguments arguments, Viewer viewer) throws DewyException, UsageException {
        AppStatus app = ChosenApp.of(name(), agent, arguments.name());
        List<String> sentences = sentences(app, agent, viewer);
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("app", app.name());
        view.put("explanation", sentences);
        app.last().ifPresent(last -> view.put("last", last));
        return Reply.of(String.join("\n", sentences) + "\n", view);
    }

    private static List<String> sentences(AppStatus app, Agent agent, Viewer viewer) {
        List<String> sentences = new ArrayList<>();
        sentences.add(deployed(app, viewer));
        sentences.add(
                app.operation().map(operation -> goesOn(operation, viewer)).orElseGet(() -> app.last()
                        .map(last -> lastCheck(last, viewer))
                        .orElse("The first check is not over yet.")));
        app.waiting()
                .forEach(operation -> sentences.add("After that: " + Words.task(operation) + ", asked for "
                        + viewer.relative(operation.started()) + "."));
        app.refused()
                .ifPresent(why -> sentences.add("What is written of it was changed and refused, and what was in force"
                        + " before still is: " + why.replaceFirst("\\.$", "") + "."));
        app.runtime().map(runtime -> runtime(runtime, viewer)).ifPresent(sentences::add);
        if (!app.missing().isEmpty()) {
            List<PluginStatus> known = agent.plugins().list();
            sentences.add(
                    "It is degraded: a plugin is missing. What serves goes on, and it recovers by itself once that is"
                            + " there.");
            app.missing().forEach(name -> sentences.add(missing(name, known)));
        }
        app.failingNotifiers().forEach(trouble -> sentences.add(notifier(trouble, viewer)));
        app.pinned().ifPresent(tag -> sentences.add("It is pinned to " + tag + ", until unpin."));
        app.quarantined()
                .forEach((tag, why) -> sentences.add(tag + " is quarantined, since it failed by its own fault: "
                        + why.replaceFirst("\\.$", "") + "."));
        if (app.failures() > 1) {
            sentences.add("The last " + app.failures() + " checks failed.");
        }
        sentences.add(next(app, viewer));
        return sentences;
    }

    private static String deployed(AppStatus app, Viewer viewer) {
        return app.current()
                .map(current -> app.name() + " has " + current.version() + ", deployed "
                        + viewer.relative(current.since())
                        + current.signer().map(key -> ", signed by " + key).orElse("") + ".")
                .orElse("Nothing of " + app.name() + " is deployed yet.");
    }

    private static String goesOn(Operation operation, Viewer viewer) {
        return "Under way for " + viewer.age(operation.started()) + ": " + Words.task(operation) + ", at "
                + Words.progress(operation, viewer) + ".";
    }

    private static String lastCheck(CycleOutcome last, Viewer viewer) {
        String when = "The check " + viewer.relative(last.at());
        String reason = last.reason().replaceFirst("\\.$", "");
        return switch (last.outcome()) {
            case DEPLOYED -> when + " deployed a release: " + reason + ".";
            case NOTHING_TO_DO -> when + " found nothing to do: " + reason + ".";
            case WOULD_DEPLOY -> when + " was only a look: " + reason + ".";
            case DONE -> when + " did what was asked for: " + reason + ".";
            case CANCELLED -> when + " was ended: " + reason + ".";
            case TRY_LATER ->
                when + ("serve".equals(last.step()) ? " found that " : " has to be tried again later: ") + reason + ".";
            case FAILED -> when + " failed at the step \"" + last.step() + "\": " + reason + ".";
        };
    }

    /** Returns what helps where a plugin is missing; its name is as {@code kind:scheme}. */
    private static String missing(String name, List<PluginStatus> known) {
        List<PluginStatus> answering = known.stream()
                .filter(plugin ->
                        plugin.schemes().stream().anyMatch(scheme -> name.equals(plugin.kind() + ":" + scheme)))
                .toList();
        Optional<PluginStatus> disabled = answering.stream()
                .filter(plugin -> plugin.state() == PluginState.DISABLED)
                .findFirst();
        if (disabled.isPresent()) {
            return disabled.get().bundle() + " should answer to " + name + ", but is disabled. Use plugin enable "
                    + disabled.get().bundle() + ".";
        }
        return answering.stream()
                .findFirst()
                .map(plugin -> plugin.bundle() + " should answer to " + name + ", but is " + Words.of(plugin.state())
                        + ". Why, says plugin why " + plugin.bundle() + ".")
                .orElse("Nothing answers to " + name + ". Use plugin install.");
    }

    private static String notifier(NotifierTrouble trouble, Viewer viewer) {
        String lost =
                switch (trouble.lost()) {
                    case 0 -> "and is tried again";
                    case 1 -> "1 notification was lost";
                    default -> trouble.lost() + " notifications were lost";
                };
        return "The notifier " + trouble.notifier() + " has failed for "
                + viewer.age(trouble.since()) + ", " + lost + ": "
                + trouble.error().replaceFirst("\\.$", "") + ".";
    }

    private static String runtime(RuntimeStatus runtime, Viewer viewer) {
        String detail = runtime.detail().isEmpty() ? "" : ": " + runtime.detail();
        String often = runtime.crashesInWords();
        String crashed = runtime.crashes() == 0 ? "" : "crashed " + often + " and ";
        String age = viewer.age(runtime.since());
        return switch (runtime.state()) {
            case RUNNING ->
                "Its server has been up for " + age + ", in generation " + runtime.generation()
                        + (runtime.crashes() == 0 ? "" : ", and crashed " + often + " before") + detail + ".";
            case BACKING_OFF ->
                "Its server " + crashed + "has been down for " + age + "; it will be started again soon" + detail + ".";
            case FAILED -> "Its server " + crashed + "was given up " + age + " ago" + detail + ".";
            case STARTING, STOPPED -> "Its server is " + Words.of(runtime.state()) + detail + ".";
        };
    }

    private static String next(AppStatus app, Viewer viewer) {
        if (app.next().isPresent()) {
            return "The next check is due " + viewer.relative(app.next().get()) + ".";
        }
        return app.paused()
                ? "No new releases are looked for until resume; a server that crashes is started again all the same."
                : "A check is running now.";
    }
}
