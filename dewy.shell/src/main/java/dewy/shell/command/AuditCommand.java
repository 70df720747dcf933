package dewy.shell.command;

import dewy.api.DewyException;
import dewy.api.control.Agent;
import dewy.api.control.AuditEntry;
import dewy.view.Words;
import java.util.List;
import java.util.stream.Collectors;

final class AuditCommand implements Command {
    private static final Option LINES = new Option("--lines", "-n", "N", "so many changes (default: 20)");
    private static final int FEW = 20;
    private static final int MOST = 10_000;

    @Override
    public String name() {
        return "audit";
    }

    @Override
    public String takes() {
        return "[app]";
    }

    @Override
    public String summary() {
        return "List who changed what and from where, the last change first";
    }

    @Override
    public String details() {
        return """
                What people ask for is one entry, once it has ended or was refused; what the agent did about it, and of its own
                accord, are others, which are from the agent. An app need not be there any more.
                """;
    }

    @Override
    public List<Option> options() {
        return List.of(LINES);
    }

    @Override
    public boolean changes() {
        return false;
    }

    @Override
    public Reply run(Agent agent, Arguments arguments, Viewer viewer) throws DewyException, UsageException {
        List<AuditEntry> entries = agent.audit().newest(arguments.name(), count(arguments));
        if (entries.isEmpty()) {
            return Reply.of("Nothing was changed yet.\n", List.of());
        }
        Table table = new Table("WHEN", "WHO", "FROM", "WHAT", "APP", "OUTCOME", "REASON", "DETAILS");
        for (AuditEntry entry : entries) {
            table.row(
                    viewer.relative(entry.at()),
                    entry.actor() + entry.uid().map(uid -> " (" + uid + ")").orElse(""),
                    entry.from(),
                    entry.action(),
                    entry.app().orElse("-"),
                    outcome(entry, viewer),
                    entry.reason().isEmpty() ? "-" : entry.reason().replace('\n', ' '),
                    details(entry));
        }
        return Reply.of(table.toString(), entries);
    }

    private static String outcome(AuditEntry entry, Viewer viewer) {
        String word = Words.of(entry.outcome());
        return switch (entry.outcome()) {
            case DONE -> viewer.good(word);
            case BEGUN -> word;
            case REFUSED, CANCELLED -> viewer.doubtful(word);
            case FAILED -> viewer.bad(word);
        };
    }

    private static String details(AuditEntry entry) {
        return entry.details().entrySet().stream()
                .map(detail -> detail.getKey() + (detail.getValue().isEmpty() ? "" : "=" + detail.getValue()))
                .collect(Collectors.joining(" "))
                .replace('\n', ' ');
    }

    private int count(Arguments arguments) throws UsageException {
        String given = arguments.value(LINES).orElse(Integer.toString(FEW));
        if (!given.matches("\\d{1,5}") || Integer.parseInt(given) > MOST) {
            throw new UsageException(name(), "\"" + given + "\" is no number of changes from 0 to " + MOST);
        }
        return Integer.parseInt(given);
    }
}
