package dewy.shell.command;

import dewy.api.DewyException;
import dewy.api.FailureKind;
import dewy.api.control.Agent;
import dewy.api.control.CycleOutcome;
import dewy.api.control.Operation;
import dewy.api.control.Order;
import dewy.view.Words;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A command that has an app do something, and waits until it is done.
 *
 * @param more help, before the exit codes
 * @param order what is to be done
 */
record ActionCommand(String name, String takes, String summary, String more, Function<Target, Order> order)
        implements Command {
    static final List<Command> ALL = List.of(
            new ActionCommand(
                    "deploy",
                    "[app] [version]",
                    "Look for a new release now, and deploy it",
                    """
                    Named, a version is deployed even if it is older or failed before; the app is pinned to it then, unless
                    it is the newest.
                    """,
                    target -> target.version()
                            .map(version -> Order.deploy(target.app(), version))
                            .orElseGet(() -> Order.deploy(target.app()))),
            new ActionCommand(
                    "rollback",
                    "[app] [version]",
                    "Go back to the last good release, or to one that is named, and stay there",
                    """
                    Holds until unpin, also when the agent is started again. One that is quarantined is watched as after a
                    deployment: if it fails again, what ran before comes back.
                    """,
                    target -> Order.rollback(target.app(), target.version())),
            new ActionCommand(
                    "unpin",
                    "[app]",
                    "Take new releases again, after rollback or deploy",
                    """
                    One that was cancelled, failed, or waits for its deploy window is left alone: deploy and retry ask for it.
                    """,
                    target -> Order.unpin(target.app())),
            new ActionCommand(
                    "retry",
                    "[app]",
                    "Give releases that failed another try, now",
                    "",
                    target -> Order.retry(target.app())));

    private static final Duration TICK = Duration.ofMillis(250);

    /**
     * What it is done to.
     *
     * @param version the release, where one is named
     */
    record Target(String app, Optional<String> version) {
        /** Where there is only one app, its name may be left out before a version. */
        static Target of(ActionCommand command, Agent agent, List<String> names) throws DewyException, UsageException {
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
                Waits until it is done, and shows how far it is. Ctrl-C ends the waiting only; cancel ends
                what is waited for. Exit codes: 0 done, nothing to do, or not yet possible; 1 configuration, 2 network,
                3 file system, 4 application, 5 cancelled.
                """;
    }

    @Override
    public boolean changes() {
        return true;
    }

    @Override
    public Reply run(Agent agent, Arguments arguments, Viewer viewer) throws DewyException, UsageException {
        return ended(agent, ordered(agent, arguments), viewer);
    }

    @Override
    public Optional<Live> live(Agent agent, Arguments arguments, Viewer viewer) throws DewyException, UsageException {
        return arguments.json() ? Optional.empty() : Optional.of(new Waiting(agent, ordered(agent, arguments), viewer));
    }

    private Order ordered(Agent agent, Arguments arguments) throws DewyException, UsageException {
        return order.apply(Target.of(this, agent, arguments.names()));
    }

    /** Has the agent do something, and returns what came of it once it is done. */
    static Reply ended(Agent agent, Order order, Viewer viewer) throws DewyException {
        Operation now = agent.operations().start(order, viewer.user());
        while (now.outcome().isEmpty()) {
            now = agent.operations().await(now.id(), TICK);
        }
        return reply(now.outcome().get(), viewer);
    }

    static Reply reply(CycleOutcome outcome, Viewer viewer) {
        return new Reply(
                States.outcome(outcome, viewer) + ": " + outcome.reason() + Words.evidence(outcome.capsule()) + "\n",
                outcome,
                outcome.failure().map(FailureKind::exitCode).orElse(0));
    }

    /** Shows how far it is: in a line of a terminal, or else in a line for each step that takes a while. */
    record Waiting(Agent agent, Order order, Viewer viewer) implements Live {
        private static final String NEW_LINE = "\r\u001b[K";
        private static final int COLUMNS = 80;

        @Override
        public boolean goesOn() {
            return false;
        }

        @Override
        public Reply show(Screen screen) throws IOException, DewyException {
            boolean isDrawn = viewer.window().terminal();
            String shown = "";
            Operation now = agent.operations().start(order, viewer.user());
            now = agent.operations().await(now.id(), TICK); // What is done by then needs no line.
            try {
                while (now.outcome().isEmpty()) {
                    String line = isDrawn ? line(now) : Reply.tame(ProgressLine.step(now));
                    if (!line.equals(shown)) {
                        screen.write(isDrawn ? NEW_LINE + line : line + "\n");
                        shown = line;
                    }
                    now = agent.operations().await(now.id(), TICK);
                }
            } finally {
                if (isDrawn && !shown.isEmpty()) {
                    screen.write(NEW_LINE);
                }
            }
            return reply(now.outcome().get(), viewer);
        }

        private String line(Operation now) {
            int columns = viewer.window().columns() > 0 ? viewer.window().columns() : COLUMNS;
            return viewer.faint(Reply.tame(ProgressLine.of(now, viewer, columns - 1)));
        }
    }
}
