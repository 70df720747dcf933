package dewy.shell.command;

import dewy.api.DewyException;
import dewy.api.control.Agent;
import dewy.api.control.Plugins;
import java.util.List;
import java.util.Map;

/**
 * A command that changes a plugin that is there.
 *
 * @param verb the last word of its name
 * @param done what is said of the plugin then
 * @param more help, before what its argument is
 */
record PluginChangeCommand(String verb, String done, String summary, String more, Change change) implements Command {
    static final List<Command> ALL = List.of(
            new PluginChangeCommand("enable", "enabled", "Use a plugin again that was disabled", "", Plugins::enable),
            new PluginChangeCommand(
                    "disable",
                    "disabled",
                    "Use a plugin no more until it is enabled",
                    """
                    Apps that use it move to the next best one first; those for which there is none go on serving, degraded.
                    Holds until enable, also when the agent is started again.
                    """,
                    Plugins::disable),
            new PluginChangeCommand(
                    "remove",
                    "removed",
                    "Remove a plugin that was installed",
                    """
                    Apps that use it move to the next best one first. Refused where there is none, and for a plugin that came
                    with the launcher, which can be disabled instead. One that is disabled is removed at once.
                    """,
                    Plugins::remove));

    /** What is done. */
    @FunctionalInterface
    interface Change {
        void of(Plugins plugins, String bundle, String actor) throws DewyException;
    }

    @Override
    public String name() {
        return "plugin " + verb;
    }

    @Override
    public String takes() {
        return ChosenPlugin.NAME;
    }

    @Override
    public String details() {
        return more
                + """
                NAME is the symbolic name of a bundle, or a scheme that no other bundle answers to.
                """;
    }

    @Override
    public boolean changes() {
        return true;
    }

    @Override
    public Reply run(Agent agent, Arguments arguments, Viewer viewer) throws DewyException, UsageException {
        String bundle = ChosenPlugin.bundle(name(), agent, arguments.name());
        change.of(agent.plugins(), bundle, viewer.user());
        return Reply.of(bundle + " is " + done + "\n", Map.of("plugin", bundle, "done", done));
    }
}
