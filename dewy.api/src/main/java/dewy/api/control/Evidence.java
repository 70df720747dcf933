package dewy.api.control;

import dewy.api.event.Event;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All that is known of a failed deployment, for whoever was not there. Nothing of it is a secret, but for what a program
 * itself wrote into its output.
 *
 * @param capsule what failed
 * @param errors why, the failure first, then what brought about each
 * @param events what happened to the app since the deployment began, the oldest first
 * @param outputs what programs said last: the app, the hooks, whatever was asked whether the app is ready
 * @param plugins the plugins that the app used
 * @param options how the app was configured, by option, as {@link AppDefinition} has it
 * @param system what it ran on: the versions of dewy and Java, the host, …, by name
 */
public record Evidence(
        Capsule capsule,
        List<String> errors,
        List<Event> events,
        List<Output> outputs,
        List<PluginUse> plugins,
        Map<String, List<String>> options,
        Map<String, String> system) {
    public Evidence {
        errors = List.copyOf(errors);
        events = List.copyOf(events);
        outputs = List.copyOf(outputs);
        plugins = List.copyOf(plugins);
        options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
        system = Collections.unmodifiableMap(new LinkedHashMap<>(system));
    }

    /**
     * The last lines that a program said.
     *
     * @param by which one, for people
     */
    public record Output(String by, List<String> lines) {
        public Output {
            lines = List.copyOf(lines);
        }
    }

    /**
     * A plugin that was in use.
     *
     * @param plugin kind and scheme, as {@code registry:github}
     * @param bundle the symbolic name of its bundle
     * @param version the version of its bundle
     */
    public record PluginUse(String plugin, String bundle, String version) {}
}
