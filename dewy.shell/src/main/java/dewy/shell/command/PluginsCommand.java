package dewy.shell.command;

import dewy.api.control.Agent;
import dewy.api.control.PluginStatus;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

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
    public boolean changes() {
        return false;
    }

    @Override
    public Reply run(Agent agent, Arguments arguments, Viewer viewer) {
        List<PluginStatus> plugins = agent.plugins().list();
        return Reply.of(new Listing(plugins, viewer).toString(), plugins);
    }

    /**
     * Plugins in aligned columns, and below what is wrong with those that cannot be used.
     *
     * @param plugins the plugins
     * @param viewer who looks
     */
    record Listing(List<PluginStatus> plugins, Viewer viewer) {
        private static final int MOST_USERS = 3;

        private record Column(String heading, Function<PluginStatus, String> cell) {}

        @Override
        public String toString() {
            List<Column> columns = columns();
            Table table = new Table(columns.stream().map(Column::heading).toArray(String[]::new));
            for (PluginStatus plugin : plugins) {
                table.row(columns.stream()
                        .map(column -> column.cell().apply(plugin))
                        .toArray(String[]::new));
            }
            return table + troubles();
        }

        /** A bundle that offers several plugins has but one trouble. */
        private String troubles() {
            Set<String> troubles = new LinkedHashSet<>();
            for (PluginStatus plugin : plugins) {
                plugin.problem().map(problem -> trouble(plugin, problem)).ifPresent(troubles::add);
            }
            return troubles.isEmpty() ? "" : "\n" + String.join("", troubles);
        }

        /** Rankings are told only where there are any: without, nothing but versions decides. */
        private List<Column> columns() {
            List<Column> columns = new ArrayList<>(List.of(
                    new Column("KIND", plugin -> orDash(plugin.kind())),
                    new Column("SCHEME", plugin -> orDash(String.join(", ", plugin.schemes()))),
                    new Column("BUNDLE", PluginStatus::bundle),
                    new Column("VERSION", PluginStatus::version),
                    new Column("STATE", plugin -> States.state(plugin, viewer))));
            if (plugins.stream().anyMatch(plugin -> plugin.ranking() != 0)) {
                columns.add(new Column("RANKING", plugin -> Integer.toString(plugin.ranking())));
            }
            columns.add(new Column("CHOSEN", plugin -> plugin.chosen() ? viewer.good("yes") : "no"));
            columns.add(new Column("USED BY", plugin -> users(plugin.users())));
            columns.add(new Column("ORIGIN", PluginStatus::origin));
            return columns;
        }

        private String trouble(PluginStatus plugin, String problem) {
            String subject = plugin.bundle() + " " + plugin.version() + ", " + plugin.origin();
            return viewer.bad(subject + ": " + problem.replace('\n', ' ')) + "\n";
        }

        private static String users(List<String> users) {
            String some = String.join(", ", users.subList(0, Math.min(users.size(), MOST_USERS)));
            return users.size() > MOST_USERS ? some + " and " + (users.size() - MOST_USERS) + " more" : orDash(some);
        }

        private static String orDash(String text) {
            return text.isEmpty() ? "-" : text;
        }
    }
}
