package dewy.shell.command;

import dewy.api.DewyException;
import dewy.api.control.Agent;
import dewy.api.control.AppStatus;
import dewy.api.control.Operation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Has an app look for no new releases, or look again.
 *
 * @param pauses which of the two
 * @param details more help
 */
record PauseCommand(String name, boolean pauses, String summary, String details) implements Command {
    static final List<Command> ALL = List.of(
            new PauseCommand(
                    "pause",
                    true,
                    "Look for no new releases until resumed",
                    """
                    What serves goes on, and is started again when it crashes. Holds until resume, also when the agent is
                    started again. What is being deployed already is not waited for, and goes on: cancel ends it.
                    """),
            new PauseCommand("resume", false, "Look for new releases again, at once", ""));

    @Override
    public String takes() {
        return "[app]";
    }

    @Override
    public boolean changes() {
        return true;
    }

    @Override
    public Reply run(Agent agent, Arguments arguments, Viewer viewer) throws DewyException, UsageException {
        AppStatus app = ChosenApp.of(name, agent, arguments.name());
        if (pauses) {
            return paused(app.name(), agent.pause(app.name(), viewer.user()));
        }
        agent.resume(app.name(), viewer.user());
        return Reply.of(app.name() + " looks for new releases\n", view(app.name()));
    }

    private Reply paused(String app, Optional<Operation> still) {
        Map<String, Object> view = view(app);
        still.ifPresent(operation -> view.put("operation", operation));
        String goesOn = still.map(operation -> "; operation " + operation.id() + " ("
                        + operation.version().map(tag -> tag + ", ").orElse("") + operation.step() + ") goes on")
                .orElse("");
        return Reply.of(app + " is paused" + goesOn + "\n", view);
    }

    private Map<String, Object> view(String app) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("app", app);
        view.put("paused", pauses);
        return view;
    }
}
