package dewy.shell.command;

import dewy.api.control.Agent;
import dewy.api.control.PluginStatus;
import java.util.List;

final class PluginsCommand implements Command {
    @Override
    public String name() {
        return "plugins";
    }

    @Override
    public String takes() {
        return "";
    }

    @Override
    public String summary() {
        return "List the plugins, and which apps use them";
    }

    @Override
    public Reply run(Agent agent, Arguments arguments, Viewer viewer) {
        List<PluginStatus> plugins = agent.plugins().list();
        return Reply.of(
                new PluginTable(plugins, viewer).toString(),
                plugins.stream().map(Views::plugin).toList());
    }
}
