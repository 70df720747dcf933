package dewy.config;

import dewy.api.control.AppDefinition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An app as a file has it.
 *
 * @param definition what is said about it, with the defaults filled in
 * @param line the line of its name
 * @param lines the lines of its keys, and of the defaults that it uses
 * @param inherited the keys that are from the defaults
 */
record WrittenApp(AppDefinition definition, int line, Map<String, Integer> lines, Set<String> inherited) {
    int line(String key) {
        return lines.getOrDefault(key, line);
    }

    /** Returns where a key is written, as people find it: what is wrong with a default is wrong once. */
    String place(String key) {
        return inherited.contains(key) ? YamlApps.DEFAULTS + "." + key : place() + (key.isEmpty() ? "" : "." + key);
    }

    String place() {
        return YamlApps.APPS + "." + name();
    }

    /** Returns whether a key is there without a value that counts. */
    boolean lacksValue(String key) {
        return List.of().equals(definition.options().get(key));
    }

    /** Returns the directory of the app, by whatever links it is named, as far as it is there. */
    Path directory() {
        Path named = Path.of(definition
                        .options()
                        .getOrDefault(AppKeys.DIR, List.of(""))
                        .get(0))
                .toAbsolutePath()
                .normalize();
        for (Path there = named; there != null; there = there.getParent()) {
            try {
                return there.toRealPath().resolve(there.relativize(named));
            } catch (IOException e) {
                // It is not there yet: the agent creates it in the folder above.
            }
        }
        return named;
    }

    String name() {
        return definition.options().getOrDefault("name", List.of("")).get(0);
    }
}
