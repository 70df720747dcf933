package dewy.shell.command;

import dewy.api.DewyException;
import dewy.api.control.Agent;
import dewy.api.control.AppStatus;
import java.util.Map;

final class PauseCommand implements Command {
    @Override
    public String name() {
        return "pause";
    }

    @Override
    public String takes() {
        return "[app]";
    }

    @Override
    public String summary() {
        return "Look for no new releases until resumed";
    }

    @Override
    public String details() {
        return """
                What serves goes on, and is started again when it crashes. Holds until resume, also when the agent is
                started again.
                """;
    }

    @Override
    public Reply run(Agent agent, Arguments arguments, Viewer viewer) throws DewyException, UsageException {
        AppStatus app = ChosenApp.of(name(), agent, arguments.name());
        agent.pause(app.name(), viewer.user());
        return Reply.of(app.name() + " is paused\n", Map.of("app", app.name(), "paused", true));
    }
}
