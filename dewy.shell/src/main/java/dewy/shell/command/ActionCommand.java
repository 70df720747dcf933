package dewy.shell.command;

import dewy.api.DewyException;
import dewy.api.FailureKind;
import dewy.api.control.Agent;
import dewy.api.control.CycleOutcome;
import java.util.List;
import java.util.Optional;

/**
 * A command that has an app do something, and waits until it is done.
 *
 * @param more help, before the exit codes
 */
record ActionCommand(String name, String takes, String summary, String more, Action action) implements Command {
    static final List<Command> ALL = List.of(
            new ActionCommand(
                    "deploy",
                    "[app] [version]",
                    "Look for a new release now, and deploy it",
                    """
                    Named, a version is deployed even if it is older or failed before; the app is pinned to it then, unless
                    it is the newest.
                    """,
                    (agent, target, actor) -> target.version().isPresent()
                            ? agent.deploy(target.app(), target.version().get(), actor)
                            : agent.deploy(target.app(), actor)),
            new ActionCommand(
                    "rollback",
                    "[app] [version]",
                    "Go back to the last good release, or to one that is named, and stay there",
                    "Holds until unpin, also when the agent is started again.\n",
                    (agent, target, actor) -> agent.rollback(target.app(), target.version(), actor)),
            new ActionCommand(
                    "unpin",
                    "[app]",
                    "Take new releases again, after rollback or deploy",
                    "",
                    (agent, target, actor) -> agent.unpin(target.app(), actor)),
            new ActionCommand(
                    "retry",
                    "[app]",
                    "Give releases that failed another try, now",
                    "",
                    (agent, target, actor) -> agent.retry(target.app(), actor)),
            new ActionCommand(
                    "check",
                    "[app]",
                    "Say what would be deployed now and why, without doing it",
                    "",
                    (agent, target, actor) -> agent.foresee(target.app(), actor)));

    /** What is done. */
    @FunctionalInterface
    interface Action {
        CycleOutcome of(Agent agent, Target target, String actor) throws DewyException;
    }

    /**
     * What it is done to.
     *
     * @param version the release, where one is named
     */
    record Target(String app, Optional<String> version) {
        /** Where there is only one app, its name may be left out before a version. */
        static Target of(ActionCommand command, Agent agent, List<String> names) throws UsageException {
            boolean isVersion = command.takes().contains("version")
                    && names.size() == 1
                    && agent.apps().size() == 1
                    && !agent.apps().get(0).name().equals(names.get(0));
            Optional<String> first = names.stream().findFirst();
            Optional<String> app = isVersion ? Optional.empty() : first;
            Optional<String> version =
                    isVersion ? first : names.stream().skip(1).findFirst();
            return new Target(ChosenApp.of(command.name(), agent, app).name(), version);
        }
    }

    @Override
    public String details() {
        return more
                + """
                Waits until it is done. Exit codes: 0 done, nothing to do, or not yet possible;
                1 configuration, 2 network, 3 file system, 4 application.
                """;
    }

    @Override
    public Reply run(Agent agent, Arguments arguments, Viewer viewer) throws DewyException, UsageException {
        Target target = Target.of(this, agent, arguments.names());
        CycleOutcome outcome = action.of(agent, target, viewer.user());
        return new Reply(
                Words.outcome(outcome, viewer) + ": " + outcome.reason() + "\n",
                Views.outcome(outcome),
                outcome.failure().map(FailureKind::exitCode).orElse(0));
    }
}
