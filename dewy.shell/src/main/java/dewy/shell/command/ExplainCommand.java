package dewy.shell.command;

import dewy.api.DewyException;
import dewy.api.control.Agent;
import dewy.api.control.AppStatus;
import dewy.api.control.CycleOutcome;
import dewy.api.control.NotifierTrouble;
import dewy.api.runtime.RuntimeStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
        List<String> sentences = sentences(app, viewer);
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("app", app.name());
        view.put("explanation", sentences);
        app.last().ifPresent(last -> view.put("last", last));
        return Reply.of(String.join("\n", sentences) + "\n", view);
    }

    private static List<String> sentences(AppStatus app, Viewer viewer) {
        List<String> sentences = new ArrayList<>();
        sentences.add(deployed(app, viewer));
        app.operation()
                .map(operation ->
                        "Something goes on, " + Words.task(operation) + ", at " + Words.progress(operation) + ".")
                .ifPresent(sentences::add);
        sentences.add(app.last().map(last -> lastCheck(last, viewer)).orElse("The first check is not over yet."));
        app.runtime().map(ExplainCommand::runtime).ifPresent(sentences::add);
        if (!app.missing().isEmpty()) {
            sentences.add("It is degraded: the plugins " + String.join(", ", app.missing())
                    + " are gone. What serves goes on; install them and it recovers by itself.");
        }
        app.failingNotifiers().forEach(trouble -> sentences.add(notifier(trouble, viewer)));
        app.pinned().ifPresent(tag -> sentences.add("It is pinned to " + tag + ", until unpin."));
        app.quarantined()
                .forEach((tag, why) -> sentences.add(tag + " is quarantined, since it failed by its own fault: "
                        + why.replaceFirst("\\.$", "") + "."));
        if (app.failures() > 1) {
            sentences.add("The last " + app.failures() + " checks failed.");
        }
        sentences.add(app.next()
                .map(next -> "The next check is due " + viewer.relative(next) + ".")
                .orElse("A check is running now."));
        return sentences;
    }

    private static String deployed(AppStatus app, Viewer viewer) {
        return app.current()
                .map(current -> app.name() + " has " + current.version() + ", deployed "
                        + viewer.relative(current.since()) + ".")
                .orElse("Nothing of " + app.name() + " is deployed yet.");
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
            case TRY_LATER -> when + " has to be tried again later: " + reason + ".";
            case FAILED -> when + " failed at the step \"" + last.step() + "\": " + reason + ".";
        };
    }

    private static String notifier(NotifierTrouble trouble, Viewer viewer) {
        String lost = trouble.lost() == 1 ? "1 notification was" : trouble.lost() + " notifications were";
        return "The " + trouble.notifier().replaceFirst("^notifier:", "notifier ") + " has failed for "
                + viewer.age(trouble.since()) + ", " + lost + " lost: "
                + trouble.error().replaceFirst("\\.$", "") + ".";
    }

    private static String runtime(RuntimeStatus runtime) {
        String detail = runtime.detail().isEmpty() ? "" : ": " + runtime.detail();
        return "Its runtime is " + Words.of(runtime.state()) + " in generation " + runtime.generation() + detail + ".";
    }
}
