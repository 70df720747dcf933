package dewy.shell.command;

import dewy.api.control.Agent;
import dewy.api.control.CommandLines.Candidate;
import dewy.api.control.PluginStatus;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The plugin that a command is about, named by the symbolic name of its bundle or by a scheme. */
final class ChosenPlugin {
    /** What the commands take that are about a plugin. */
    static final String NAME = "NAME";

    private ChosenPlugin() {}

    /** Returns the name, once it is known that there is something of that name. */
    static String named(String command, Agent agent, Optional<String> name) throws UsageException {
        List<String> names = candidates(agent).map(Candidate::text).toList();
        if (name.isEmpty()) {
            throw new UsageException(command, "name a plugin, one of " + String.join(", ", names));
        }
        if (!names.contains(name.get())) {
            throw new UsageException(
                    command, "there is no plugin \"" + name.get() + "\"" + Nearest.hint(name.get(), names));
        }
        return name.get();
    }

    /** Returns the symbolic name of the one bundle that is named, or that answers to the scheme that is named. */
    static String bundle(String command, Agent agent, Optional<String> given) throws UsageException {
        String name = named(command, agent, given);
        List<PluginStatus> plugins = agent.plugins().list();
        if (plugins.stream().anyMatch(plugin -> plugin.bundle().equals(name))) {
            return name;
        }
        List<String> bundles = plugins.stream()
                .filter(plugin -> plugin.schemes().contains(name))
                .map(PluginStatus::bundle)
                .distinct()
                .toList();
        if (bundles.size() > 1) {
            String several = String.join(", ", bundles);
            throw new UsageException(command, "several plugins answer to " + name + ", name one of " + several);
        }
        return bundles.stream().findFirst().orElse(name);
    }

    /** Returns all names: those of bundles, then schemes. */
    static Stream<Candidate> candidates(Agent agent) {
        Map<String, String> bundles = new LinkedHashMap<>();
        Map<String, String> schemes = new LinkedHashMap<>();
        for (PluginStatus plugin : agent.plugins().list()) {
            String summary = (plugin.kind() + " " + String.join(", ", plugin.schemes())).strip();
            bundles.merge(plugin.bundle(), summary, ChosenPlugin::both);
            plugin.schemes().forEach(scheme -> schemes.merge(scheme, plugin.kind(), ChosenPlugin::both));
        }
        schemes.keySet().removeAll(bundles.keySet());
        return Stream.of(bundles, schemes)
                .flatMap(names -> names.entrySet().stream())
                .filter(name -> !name.getKey().isEmpty())
                .map(name -> new Candidate(name.getKey(), name.getValue()));
    }

    private static String both(String one, String other) {
        return List.of(one.split("; ", -1)).contains(other) ? one : one + "; " + other;
    }
}
