package dewy.shell.command;

import dewy.api.DewyException;
import dewy.api.control.Agent;
import dewy.api.control.AppStatus;
import java.util.Map;

final class ResumeCommand implements Command {
    @Override
    public String name() {
        return "resume";
    }

    @Override
    public String takes() {
        return "[app]";
    }

    @Override
    public String summary() {
        return "Look for new releases again, at once";
    }

    @Override
    public Reply run(Agent agent, Arguments arguments, Viewer viewer) throws DewyException, UsageException {
        AppStatus app = ChosenApp.of(name(), agent, arguments.name());
        agent.resume(app.name(), viewer.user());
        return Reply.of(app.name() + " looks for new releases\n", Map.of("app", app.name(), "paused", false));
    }
}
