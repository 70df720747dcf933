package dewy.shell.command;

import dewy.api.DewyException;
import dewy.api.control.Agent;
import dewy.api.control.AppStatus;
import java.util.Map;

final class NotifyTestCommand implements Command {
    private static final int NONE = 1;
    private static final int FAILED = 2;

    @Override
    public String name() {
        return "notify-test";
    }

    @Override
    public String takes() {
        return "[app]";
    }

    @Override
    public String summary() {
        return "Send a test message by each notifier of an app";
    }

    @Override
    public String details() {
        return """
                Exit code 2 when one of them failed, 1 when there is none.
                """;
    }

    @Override
    public boolean changes() {
        return false;
    }

    @Override
    public Reply run(Agent agent, Arguments arguments, Viewer viewer) throws DewyException, UsageException {
        AppStatus app = ChosenApp.of(name(), agent, arguments.name());
        Map<String, String> results = agent.testNotifiers(app.name(), viewer.user());
        if (results.isEmpty()) {
            return new Reply(app.name() + " has no notifiers. Name one with --notifier.\n", Map.of(), NONE);
        }
        Table table = new Table("NOTIFIER", "RESULT");
        results.forEach(
                (notifier, error) -> table.row(notifier, error.isEmpty() ? viewer.good("sent") : viewer.bad(error)));
        boolean isWell = results.values().stream().allMatch(String::isEmpty);
        return new Reply(table.toString(), results, isWell ? 0 : FAILED);
    }
}
