package dewy.shell.command;

import dewy.api.DewyException;
import dewy.api.FailureKind;
import dewy.api.control.Agent;
import dewy.api.control.AppStatus;
import dewy.api.control.AuditEntry;
import dewy.api.control.AuditEntry.Outcome;
import dewy.api.control.CycleOutcome;
import dewy.view.Words;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the audit log is told of a command by which somebody changes something.
 *
 * @param agent the agent that is changed
 * @param action the name of the command
 * @param app the app that is changed, where it is one
 * @param details what else was said
 * @param caller who says it
 */
record ChangeNote(
        Agent agent,
        String action,
        Optional<String> app,
        Map<String, String> details,
        Caller caller,
        InstantSource clock) {
    /** Returns the note of a command; nothing of one that only looks. */
    static Optional<ChangeNote> of(
            Agent agent, Command command, Arguments arguments, Caller caller, InstantSource clock) {
        if (!command.changes()) {
            return Optional.empty();
        }
        Map<String, String> details = new LinkedHashMap<>();
        if (!arguments.names().isEmpty()) {
            details.put("arguments", String.join(" ", arguments.names()));
        }
        details.putAll(arguments.options());
        return Optional.of(
                new ChangeNote(agent, command.name(), app(agent, command, arguments), details, caller, clock));
    }

    /** Returns the note of a line that is no command of this agent's own: whatever that does. */
    static ChangeNote of(Agent agent, List<String> words, Caller caller, InstantSource clock) {
        String rest = String.join(" ", words.subList(1, words.size()));
        Map<String, String> details = rest.isEmpty() ? Map.of() : Map.of("arguments", rest);
        return new ChangeNote(agent, words.get(0), Optional.empty(), details, caller, clock);
    }

    private static Optional<String> app(Agent agent, Command command, Arguments arguments) {
        List<String> apps = agent.apps().stream().map(AppStatus::name).toList();
        Optional<String> named =
                arguments.names().stream().filter(apps::contains).findFirst();
        boolean isOnly = command.takes().startsWith("[app]") && apps.size() == 1;
        return named.isPresent() || !isOnly ? named : Optional.of(apps.get(0));
    }

    /** It was done, or not, as the reply says. */
    void ended(Reply reply) {
        if (reply.json() instanceof CycleOutcome outcome) {
            note(outcome(outcome.outcome()), outcome.reason() + Words.evidence(outcome.capsule()));
        } else {
            String first = reply.text().lines().findFirst().orElse("");
            note(reply.exitCode() == 0 ? Outcome.DONE : Outcome.FAILED, first);
        }
    }

    private static Outcome outcome(CycleOutcome.Kind kind) {
        return switch (kind) {
            case FAILED -> Outcome.FAILED;
            case CANCELLED -> Outcome.CANCELLED;
            case DEPLOYED, NOTHING_TO_DO, TRY_LATER, WOULD_DEPLOY, DONE -> Outcome.DONE;
        };
    }

    void failed(DewyException failure) {
        boolean isRefused = failure.kind() == FailureKind.CONFIGURATION;
        note(isRefused ? Outcome.REFUSED : Outcome.FAILED, failure.problem().sentence());
    }

    void refused(UsageException misuse) {
        note(Outcome.REFUSED, String.valueOf(misuse.getMessage()));
    }

    /** Nobody waits for the end any more. */
    void left() {
        note(Outcome.BEGUN, "whoever asked for it has left; it goes on");
    }

    private void note(Outcome outcome, String reason) {
        agent.audit()
                .note(new AuditEntry(
                        clock.instant(),
                        caller.user(),
                        caller.uid(),
                        caller.from(),
                        action,
                        app,
                        Optional.empty(),
                        Optional.empty(),
                        outcome,
                        reason,
                        details));
    }
}
