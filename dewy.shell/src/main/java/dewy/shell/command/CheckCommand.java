package dewy.shell.command;

import dewy.api.DewyException;
import dewy.api.control.Agent;
import dewy.api.control.AppStatus;
import dewy.api.control.Operation;
import dewy.view.Words;
import java.io.IOException;
import java.util.Optional;

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
                Waits for its turn behind what is being done with the app, and says for what. Exit codes: 0 it would be
                deployed, nothing to do, or not yet possible; 1 configuration, 2 network, 3 file system, 4 application.
                """;
    }

    /** What is done before it is its turn may take long. */
    @Override
    public Optional<Live> live(Agent agent, Arguments arguments, Viewer viewer) throws DewyException, UsageException {
        AppStatus app = ChosenApp.of(name(), agent, arguments.name());
        return app.operation()
                .filter(before -> !arguments.json())
                .map(before -> new Waiting(agent, app.name(), before, viewer));
    }

    @Override
    public boolean changes() {
        return false;
    }

    @Override
    public Reply run(Agent agent, Arguments arguments, Viewer viewer) throws DewyException, UsageException {
        String app = ChosenApp.of(name(), agent, arguments.name()).name();
        return reply(agent, app, viewer);
    }

    private static Reply reply(Agent agent, String app, Viewer viewer) throws DewyException {
        return ActionCommand.reply(agent.foresee(app, viewer.user()), viewer);
    }

    /** Says what it waits for, and then what it came to. */
    private record Waiting(Agent agent, String app, Operation before, Viewer viewer) implements Live {
        @Override
        public boolean goesOn() {
            return false;
        }

        @Override
        public Reply show(Screen screen) throws IOException, DewyException {
            screen.write(Reply.tame("It waits for operation " + before.id() + ", " + Words.task(before) + ", now at "
                            + Words.progress(before, viewer.now()))
                    + "\n");
            return reply(agent, app, viewer);
        }
    }
}
