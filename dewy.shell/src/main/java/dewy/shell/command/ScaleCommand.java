package dewy.shell.command;

import dewy.api.DewyException;
import dewy.api.control.Agent;
import dewy.api.control.AppStatus;
import dewy.api.control.Order;
import java.util.List;
import java.util.Optional;

/** Has there be another number of replicas of an app, and waits until they serve. */
final class ScaleCommand implements Command {
    private static final Option RESET = Option.flag("--reset", "", "as many as the definition of the app says");

    @Override
    public String name() {
        return "scale";
    }

    @Override
    public String takes() {
        return "[app] [replicas]";
    }

    @Override
    public String summary() {
        return "Have another number of replicas of an app in containers, without a deployment";
    }

    @Override
    public String details() {
        return """
                Holds after deployments and when the agent is started again, until it is scaled anew, or its definition has it
                run otherwise. Waits until that many serve, as deploy does; what does not start is tried again all the same.
                """;
    }

    @Override
    public List<Option> options() {
        return List.of(RESET);
    }

    @Override
    public boolean changes() {
        return true;
    }

    @Override
    public Reply run(Agent agent, Arguments arguments, Viewer viewer) throws DewyException, UsageException {
        return ActionCommand.ended(agent, order(agent, arguments), viewer);
    }

    @Override
    public Optional<Live> live(Agent agent, Arguments arguments, Viewer viewer) throws DewyException, UsageException {
        return arguments.json()
                ? Optional.empty()
                : Optional.of(new ActionCommand.Waiting(agent, order(agent, arguments), viewer));
    }

    /** Where there is only one app, its name may be left out. */
    private Order order(Agent agent, Arguments arguments) throws DewyException, UsageException {
        List<String> names = arguments.names();
        List<String> apps = agent.apps().stream().map(AppStatus::name).toList();
        boolean isNamed = names.size() > 1 || arguments.has(RESET) || apps.containsAll(names);
        Optional<String> named = isNamed ? arguments.name() : Optional.empty();
        Optional<String> replicas =
                names.stream().skip(named.isPresent() ? 1 : 0).findFirst();
        String app = ChosenApp.of(name(), agent, named).name();
        if (arguments.has(RESET) == replicas.isPresent()) {
            throw new UsageException(name(), "say how many replicas there are to be, or --reset");
        }
        return Order.scale(app, replicas.isPresent() ? Optional.of(number(replicas.get())) : Optional.empty());
    }

    private int number(String text) throws UsageException {
        if (!text.matches("[1-9]\\d{0,8}")) {
            throw new UsageException(name(), "\"" + text + "\" is no number of replicas, which is 1 or more");
        }
        return Integer.parseInt(text);
    }
}
