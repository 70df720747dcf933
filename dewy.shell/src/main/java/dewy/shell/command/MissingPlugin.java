package dewy.shell.command;

import dewy.api.control.PluginState;
import dewy.api.control.PluginStatus;
import java.util.List;
import java.util.Optional;

/** What people are told of a plugin that an app needs and does not have. */
final class MissingPlugin {
    private MissingPlugin() {}

    /**
     * Returns what helps.
     *
     * @param name as {@code kind:scheme}
     * @param known all plugins
     */
    static String advice(String name, List<PluginStatus> known) {
        List<PluginStatus> answering = known.stream()
                .filter(plugin ->
                        plugin.schemes().stream().anyMatch(scheme -> name.equals(plugin.kind() + ":" + scheme)))
                .toList();
        Optional<PluginStatus> disabled = answering.stream()
                .filter(plugin -> plugin.state() == PluginState.DISABLED)
                .findFirst();
        if (disabled.isPresent()) {
            return disabled.get().bundle() + " should answer to " + name + ", but is disabled. Use plugin enable "
                    + disabled.get().bundle() + ".";
        }
        return answering.stream()
                .findFirst()
                .map(plugin -> plugin.bundle() + " should answer to " + name + ", but is " + Words.of(plugin.state())
                        + ". Why, says plugin why " + plugin.bundle() + ".")
                .orElse("Nothing answers to " + name + ". Use plugin install.");
    }
}
