package dewy.shell.command;

import dewy.api.DewyException;
import dewy.api.FailureKind;
import dewy.api.control.Agent;
import dewy.api.control.AppStatus;
import dewy.api.control.CycleOutcome;

final class DeployCommand implements Command {
    @Override
    public String name() {
        return "deploy";
    }

    @Override
    public String takes() {
        return "[app]";
    }

    @Override
    public String summary() {
        return "Look for a new release now, and deploy it";
    }

    @Override
    public String details() {
        return """
                Waits until it is done. Exit codes: 0 deployed, nothing to do, or not yet possible;
                1 configuration, 2 network, 3 file system, 4 application.
                """;
    }

    @Override
    public Reply run(Agent agent, Arguments arguments, Viewer viewer) throws DewyException, UsageException {
        AppStatus app = ChosenApp.of(name(), agent, arguments.name());
        CycleOutcome outcome = agent.deploy(app.name(), viewer.user());
        return new Reply(
                Words.outcome(outcome, viewer) + ": " + outcome.reason() + "\n",
                Views.outcome(outcome),
                outcome.failure().map(FailureKind::exitCode).orElse(0));
    }
}
