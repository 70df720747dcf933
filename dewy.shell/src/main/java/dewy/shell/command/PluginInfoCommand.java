package dewy.shell.command;

import dewy.api.DewyException;
import dewy.api.control.Agent;
import dewy.api.control.PluginStatus;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

final class PluginInfoCommand implements Command {
    @Override
    public String name() {
        return "plugin info";
    }

    @Override
    public String takes() {
        return ChosenPlugin.NAME;
    }

    @Override
    public String summary() {
        return "Show everything about a plugin";
    }

    @Override
    public String details() {
        return """
                NAME is the symbolic name of a bundle, or a scheme; the newest version comes first.
                """;
    }

    @Override
    public boolean changes() {
        return false;
    }

    @Override
    public Reply run(Agent agent, Arguments arguments, Viewer viewer) throws DewyException, UsageException {
        List<PluginStatus> plugins = agent.plugins().find(ChosenPlugin.named(name(), agent, arguments.name()));
        String text = plugins.stream().map(plugin -> text(plugin, viewer)).collect(Collectors.joining("\n"));
        return Reply.of(text, plugins);
    }

    private static String text(PluginStatus plugin, Viewer viewer) {
        StringBuilder text = new StringBuilder();
        lines(plugin, viewer).forEach((label, value) -> {
            if (!value.isEmpty()) {
                text.append(String.format("%-9s%s\n", label, value.replace('\n', ' ')));
            }
        });
        return text.toString();
    }

    private static Map<String, String> lines(PluginStatus plugin, Viewer viewer) {
        Map<String, String> lines = new LinkedHashMap<>();
        lines.put("Bundle", plugin.bundle());
        lines.put("Version", plugin.version());
        lines.put("Kind", plugin.kind());
        lines.put("Schemes", String.join(", ", plugin.schemes()));
        lines.put("State", States.state(plugin, viewer));
        lines.put("Problem", plugin.problem().map(viewer::bad).orElse(""));
        lines.put("Ranking", Integer.toString(plugin.ranking()));
        lines.put("Chosen", plugin.chosen() ? viewer.good("yes") : "no");
        lines.put("Used by", String.join(", ", plugin.users()));
        lines.put("Origin", plugin.origin());
        return lines;
    }
}
