package dewy.api.control;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An app as a person wrote it down, before it is checked.
 *
 * @param command {@code server}, {@code assets} or {@code container}
 * @param options values by long option name without dashes ({@code registry}, {@code interval}, {@code port}); an option
 *     without a value has the value {@code true}
 * @param arguments what stands behind {@code --}: the command line of the application
 * @param origin where it is written down, such as a file; empty for a command line
 */
public record AppDefinition(String command, Map<String, List<String>> options, List<String> arguments, String origin) {
    public AppDefinition {
        Map<String, List<String>> copy = new LinkedHashMap<>();
        options.forEach((name, values) -> copy.put(name, List.copyOf(values)));
        options = Collections.unmodifiableMap(copy);
        arguments = List.copyOf(arguments);
    }

    /** Creates the definition of an app that a command line holds. */
    public AppDefinition(String command, Map<String, List<String>> options, List<String> arguments) {
        this(command, options, arguments, "");
    }
}
