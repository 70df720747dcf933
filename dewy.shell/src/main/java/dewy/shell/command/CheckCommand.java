package dewy.shell.command;

import dewy.api.DewyException;
import dewy.api.control.Agent;

final class CheckCommand implements Command {
    @Override
    public String name() {
        return "check";
    }

    @Override
    public String takes() {
        return "[app]";
    }

    @Override
    public String summary() {
        return "Say what would be deployed now and why, without doing it";
    }

    @Override
    public String details() {
        return """
                Exit codes: 0 it would be deployed, nothing to do, or not yet possible; 1 configuration, 2 network,
                3 file system, 4 application.
                """;
    }

    @Override
    public Reply run(Agent agent, Arguments arguments, Viewer viewer) throws DewyException, UsageException {
        String app = ChosenApp.of(name(), agent, arguments.name()).name();
        return ActionCommand.reply(agent.foresee(app, viewer.user()), viewer);
    }
}
