package dewy.config;

import dewy.api.control.AppDefinition;
import java.util.List;
import java.util.Map;

/**
 * An app as a file has it.
 *
 * @param definition what is said about it, with the defaults filled in
 * @param line the line of its name
 * @param lines the lines of its keys, and of the defaults that it uses
 */
record WrittenApp(AppDefinition definition, int line, Map<String, Integer> lines) {
    int line(String key) {
        return lines.getOrDefault(key, line);
    }

    /** Returns whether a key is there without a value that counts. */
    boolean lacksValue(String key) {
        return List.of().equals(definition.options().get(key));
    }

    String name() {
        return definition.options().getOrDefault("name", List.of("")).get(0);
    }
}
