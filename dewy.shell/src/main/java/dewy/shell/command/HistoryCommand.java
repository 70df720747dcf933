package dewy.shell.command;

import dewy.api.DewyException;
import dewy.api.control.Agent;
import dewy.api.control.AppStatus;
import dewy.api.control.PastDeployment;
import dewy.view.Words;
import java.time.Duration;
import java.util.List;

final class HistoryCommand implements Command {
    private static final int MILLIS_A_SECOND = 1_000;

    @Override
    public String name() {
        return "history";
    }

    @Override
    public String takes() {
        return "[app]";
    }

    @Override
    public String summary() {
        return "List how deployments ended, the last one first";
    }

    @Override
    public boolean changes() {
        return false;
    }

    @Override
    public Reply run(Agent agent, Arguments arguments, Viewer viewer) throws DewyException, UsageException {
        AppStatus app = ChosenApp.of(name(), agent, arguments.name());
        List<PastDeployment> history = agent.history(app.name());
        if (history.isEmpty()) {
            return Reply.of("Nothing of " + app.name() + " was deployed yet.\n", List.of());
        }
        Table table = new Table("WHEN", "VERSION", "FROM", "BY", "CAUSE", "TOOK", "OUTCOME", "REASON");
        for (PastDeployment past : history) {
            table.row(
                    viewer.relative(past.at()),
                    past.version(),
                    past.previous().orElse("-"),
                    past.actor().isEmpty() ? "-" : past.actor(),
                    past.cause().isEmpty() ? "-" : past.cause(),
                    past.seconds().stream()
                            .mapToObj(seconds -> Words.length(Duration.ofMillis(Math.round(seconds * MILLIS_A_SECOND))))
                            .findFirst()
                            .orElse("-"),
                    outcome(past, viewer),
                    past.error()
                            .or(past::reason)
                            .or(() -> past.signer().map(key -> "signed by " + key))
                            .map(error -> error.replace('\n', ' ') + Words.evidence(past.capsule()))
                            .orElse("-"));
        }
        return Reply.of(table.toString(), history);
    }

    private static String outcome(PastDeployment past, Viewer viewer) {
        if (past.cancelled()) {
            return viewer.doubtful("cancelled");
        }
        return past.error().isPresent() ? viewer.bad("failed") : viewer.good("deployed");
    }
}
