package dewy.shell.command;

import dewy.api.DewyException;
import dewy.api.control.Agent;
import dewy.api.control.AppStatus;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
                    started again.
                    """),
            new PauseCommand("resume", false, "Look for new releases again, at once", ""));

    @Override
    public String takes() {
        return "[app]";
    }

    @Override
    public Reply run(Agent agent, Arguments arguments, Viewer viewer) throws DewyException, UsageException {
        AppStatus app = ChosenApp.of(name, agent, arguments.name());
        if (pauses) {
            agent.pause(app.name(), viewer.user());
        } else {
            agent.resume(app.name(), viewer.user());
        }
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("app", app.name());
        view.put("paused", pauses);
        return Reply.of(app.name() + (pauses ? " is paused\n" : " looks for new releases\n"), view);
    }
}
