package dewy.shell.command;

import dewy.api.DewyException;
import dewy.api.control.Agent;
import dewy.api.control.PluginStatus;
import java.util.List;

final class PluginRollbackCommand implements Command {
    @Override
    public String name() {
        return "plugin rollback";
    }

    @Override
    public String takes() {
        return ChosenPlugin.NAME;
    }

    @Override
    public String summary() {
        return "Go back to the version of a plugin before";
    }

    @Override
    public String details() {
        return """
                That is the one that was replaced last, or the one that came with the launcher. Apps are handed over as in an
                update: all of them, or none. A second time goes forward again. One that was disabled is used again.
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
        List<PluginStatus> offers = agent.plugins().rollback(bundle, viewer.user());
        String version = offers.stream().findFirst().map(PluginStatus::version).orElse("the version before");
        return Reply.of(
                bundle + " is back at " + version + "; the same command again goes forward\n\n"
                        + new PluginsCommand.Listing(offers, viewer),
                offers);
    }
}
