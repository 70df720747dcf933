package dewy.config;

import dewy.api.control.AppDefinition;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the keys of an app mean that are not options of a command line. */
final class AppKeys {
    static final String NAME = "name";
    private static final String COMMAND = "command";
    private static final String RUN = "run";
    private static final String RUNTIME = "runtime";
    static final String DIR = "dir";
    static final String PORT = "port";

    private AppKeys() {}

    /**
     * Returns the definition of an app.
     *
     * @param keys all keys and their values; its name is among them
     * @param folder where a relative directory begins
     * @param origin where the keys are written down
     */
    static AppDefinition definition(Map<String, List<String>> keys, Path folder, String origin) {
        Map<String, List<String>> options = new LinkedHashMap<>(keys);
        List<String> run = options.getOrDefault(RUN, List.of());
        boolean runs = !run.isEmpty() || options.containsKey(RUNTIME);
        String command = first(options, COMMAND, runs ? "server" : "assets");
        String directory = first(options, DIR, first(options, NAME, ""));
        options.keySet().removeAll(List.of(RUN, COMMAND));
        options.put(DIR, List.of(folder.resolve(directory).normalize().toString()));
        return new AppDefinition(command, options, run, origin);
    }

    private static String first(Map<String, List<String>> keys, String key, String absent) {
        return keys.getOrDefault(key, List.of()).stream().findFirst().orElse(absent);
    }
}
