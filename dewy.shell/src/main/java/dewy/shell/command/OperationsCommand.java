package dewy.shell.command;

import dewy.api.control.Agent;
import dewy.api.control.CycleOutcome;
import dewy.api.control.Operation;
import dewy.view.Words;
import java.util.List;

final class OperationsCommand implements Command {
    @Override
    public String name() {
        return "operations";
    }

    @Override
    public String takes() {
        return "";
    }

    @Override
    public String summary() {
        return "List what the agent is doing that takes a while, and what it did";
    }

    @Override
    public String details() {
        return """
                What people asked for, and each deployment of the agent's own: those that go on, then the last 100 that ended
                since the agent was started. A deployment can be cancelled until the release serves, a change of plugins
                until apps begin to move.
                """;
    }

    @Override
    public boolean changes() {
        return false;
    }

    @Override
    public Reply run(Agent agent, Arguments arguments, Viewer viewer) {
        List<Operation> operations = agent.operations().list();
        if (operations.isEmpty()) {
            return Reply.of("The agent has done nothing yet that takes a while.\n", List.of());
        }
        Table table = new Table("ID", "WHAT", "OF", "VERSION", "BY", "BEGAN", "STATE", "REASON");
        for (Operation operation : operations) {
            table.row(
                    operation.id(),
                    Words.of(operation.what()),
                    operation.on(),
                    operation.version().orElse("-"),
                    operation.actor(),
                    viewer.relative(operation.started()),
                    operation
                            .outcome()
                            .map(outcome -> States.outcome(outcome, viewer))
                            .orElseGet(() -> viewer.doubtful(Words.progress(operation, viewer.now()))),
                    operation
                            .outcome()
                            .map(CycleOutcome::reason)
                            .map(reason -> reason.replace('\n', ' '))
                            .orElse("-"));
        }
        return Reply.of(table.toString(), operations);
    }
}
