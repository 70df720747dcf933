package dewy.shell.command;

import dewy.api.DewyException;
import dewy.api.control.Agent;
import dewy.api.control.CommandLines.Candidate;
import dewy.api.control.Operation;
import dewy.view.Words;
import java.util.List;
import java.util.stream.Stream;

final class CancelCommand implements Command {
    static final String ID = "ID";

    @Override
    public String name() {
        return "cancel";
    }

    @Override
    public String takes() {
        return ID;
    }

    @Override
    public String summary() {
        return "Cancel an operation that goes on";
    }

    @Override
    public String details() {
        return """
                ID is the first column of operations. All is then as before: what served serves on, and apps use the plugins
                that they used. A release whose deployment was cancelled is left alone until deploy or retry asks for it; a
                newer one is deployed. Refused once the release serves, or apps move. What takes long to end is being
                cancelled: operations shows what comes of it.
                """;
    }

    @Override
    public boolean changes() {
        return true;
    }

    @Override
    public Reply run(Agent agent, Arguments arguments, Viewer viewer) throws DewyException, UsageException {
        List<String> ids = candidates(agent).map(Candidate::text).toList();
        String known = ids.isEmpty() ? "nothing goes on that could be" : "there are " + String.join(", ", ids);
        String id = arguments.name().orElseThrow(() -> new UsageException(name(), "name an operation; " + known));
        if (agent.operations().list().stream().noneMatch(each -> each.id().equals(id))) {
            throw new UsageException(name(), "there is no operation \"" + id + "\"; " + known);
        }
        Operation cancelled = agent.operations().cancel(id, viewer.user());
        String how = cancelled.outcome().isPresent() ? "is cancelled" : "is being cancelled";
        return Reply.of("operation " + id + ", " + Words.task(cancelled) + ", " + how + "\n", cancelled);
    }

    /** Returns the operations that go on. */
    static Stream<Candidate> candidates(Agent agent) {
        return agent.operations().list().stream()
                .filter(operation -> operation.outcome().isEmpty())
                .map(operation -> new Candidate(operation.id(), Words.task(operation)));
    }
}
