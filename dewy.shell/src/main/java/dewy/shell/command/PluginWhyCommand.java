package dewy.shell.command;

import dewy.api.DewyException;
import dewy.api.control.Agent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

final class PluginWhyCommand implements Command {
    @Override
    public String name() {
        return "plugin why";
    }

    @Override
    public String takes() {
        return ChosenPlugin.NAME;
    }

    @Override
    public String summary() {
        return "Say why a plugin is not in use, or that it is";
    }

    @Override
    public String details() {
        return """
                NAME is the symbolic name of a bundle, or a scheme.
                """;
    }

    @Override
    public boolean changes() {
        return false;
    }

    @Override
    public Reply run(Agent agent, Arguments arguments, Viewer viewer) throws DewyException, UsageException {
        String name = ChosenPlugin.named(name(), agent, arguments.name());
        List<String> sentences = agent.plugins().why(name);
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("plugin", name);
        view.put("explanation", sentences);
        return Reply.of(String.join("\n", sentences) + "\n", view);
    }
}
