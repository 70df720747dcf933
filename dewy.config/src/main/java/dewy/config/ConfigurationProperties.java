package dewy.config;

import dewy.api.InvalidException;
import dewy.api.Problem;
import java.lang.reflect.Array;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The properties of a configuration as the keys of an app, every value as the text that it is. */
final class ConfigurationProperties {
    private static final String NAMED = ConfiguredApp.FACTORY + "~";

    /** What the framework, and those who bring configurations, add to them. */
    private static final List<String> FOREIGN = List.of("service.", "component.", "felix.", "org.", "osgi.", ":");

    private ConfigurationProperties() {}

    static String pid(Map<String, Object> properties) {
        Object pid = properties.getOrDefault("service.pid", ConfiguredApp.FACTORY);
        return texts(pid).stream().findFirst().orElse(ConfiguredApp.FACTORY);
    }

    /**
     * Returns the keys, the app's name among them: what stands behind the tilde of the PID, else the key {@code name}.
     *
     * @throws InvalidException if there is none of both, or both
     */
    static Map<String, List<String>> keys(Map<String, Object> properties) throws InvalidException {
        Map<String, List<String>> keys = new LinkedHashMap<>();
        properties.forEach((key, value) -> {
            if (FOREIGN.stream().noneMatch(key::startsWith)) {
                keys.put(key, texts(value));
            }
        });
        String pid = pid(properties);
        boolean named = pid.startsWith(NAMED);
        if (named == keys.containsKey(AppKeys.NAME)) {
            String why = named ? "its PID names the app already" : "nothing names the app";
            throw new InvalidException(
                    Problem.of("use the configuration", pid, why, "Make one of the PID " + NAMED + "NAME"),
                    List.of(AppKeys.NAME));
        }
        if (named) {
            keys.put(AppKeys.NAME, List.of(pid.substring(NAMED.length())));
        }
        return keys;
    }

    private static List<String> texts(Object value) {
        if (value instanceof Collection<?> all) {
            return all.stream().map(String::valueOf).toList();
        }
        if (value.getClass().isArray()) {
            return IntStream.range(0, Array.getLength(value))
                    .mapToObj(i -> String.valueOf(Array.get(value, i)))
                    .toList();
        }
        return List.of(String.valueOf(value));
    }
}
