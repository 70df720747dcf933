package dewy.config;

import dewy.api.control.AppDefinition;
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

    String name() {
        return definition.options().getOrDefault("name", java.util.List.of("")).get(0);
    }
}
