package dewy.launcher.cli;

import ch.qos.logback.classic.Level;
import dewy.launcher.log.LogSettings;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The options of the agent as a whole.
 *
 * @param home its folder, absolute
 * @param logLevel the least level that is logged
 * @param logFormat how the log is written
 * @param config the file with the apps
 * @param properties what bundles are told that are started where that is asked for: framework properties, each named after its
 *     bundle
 */
public record AgentOptions(
        Path home, String logLevel, String logFormat, Optional<Path> config, Map<String, String> properties) {
    /** What a file with apps is called. */
    public static final String CONFIG = "dewy.yaml";

    private static final List<String> LEVELS = List.of("error", "warn", "info", "debug");
    private static final List<String> ADMIN = List.of("port", "address", "tokens", "tls-cert", "tls-key", "host");
    private static final List<String> TELEMETRY = List.of("telemetry", "otlp-endpoint", "otlp-insecure");
    private static final Pattern ENDPOINT = Pattern.compile("https?://[^/?#@\\s]+(/[^?#\\s]*)?|[^/?#@:\\s]+:\\d{1,5}");
    private static final List<String> FORMATS = List.of("text", "json");

    static AgentOptions of(String command, Map<String, List<String>> agent, Map<String, List<String>> app)
            throws CommandLineException {
        Path directory = path(command, "dir", last(app, "dir", ""));
        if ("host".equals(command)) {
            requireDirectory(directory);
        }
        Path home =
                agent.containsKey("home") ? path(command, "home", last(agent, "home", "")) : directory.resolve(".dewy");
        return new AgentOptions(
                home.toAbsolutePath().normalize(),
                oneOf(command, "log-level", LEVELS, last(agent, "log-level", "info")),
                oneOf(command, "log-format", FORMATS, last(agent, "log-format", "text")),
                "host".equals(command) ? config(command, directory, agent) : Optional.empty(),
                properties(command, agent));
    }

    /** There is an admin API where something asks for it, and for those who run more than one program. */
    private static Map<String, String> admin(String command, Map<String, List<String>> agent) {
        Map<String, String> admin = new TreeMap<>();
        for (String name : ADMIN) {
            if (agent.containsKey("admin-" + name)) {
                admin.put("dewy.admin." + name, String.join(",", agent.get("admin-" + name)));
            }
        }
        boolean isWanted = !admin.isEmpty()
                || agent.containsKey("telemetry")
                || List.of("container", "host").contains(command);
        if (!isWanted || "none".equals(admin.get("dewy.admin.port"))) {
            return Map.of();
        }
        admin.putIfAbsent("dewy.admin.port", "17539");
        return admin;
    }

    private static Map<String, String> properties(String command, Map<String, List<String>> agent)
            throws CommandLineException {
        Map<String, String> properties = new TreeMap<>(admin(command, agent));
        if (agent.containsKey("otlp-endpoint")
                && !ENDPOINT.matcher(last(agent, "otlp-endpoint", "")).matches()) {
            throw CommandLines.wrong(
                    "the value of --otlp-endpoint is no address. Write https://HOST:PORT, http://HOST:PORT or HOST:PORT",
                    command);
        }
        for (String name : TELEMETRY) {
            if (agent.containsKey(name)) {
                properties.put("dewy.telemetry." + name, last(agent, name, ""));
            }
        }
        return properties;
    }

    /** That of an app is created; that of a host has its apps, and a misspelt one would be an agent of nothing. */
    private static void requireDirectory(Path directory) throws CommandLineException {
        if (!Files.isDirectory(directory.toAbsolutePath())) {
            String why = Files.exists(directory) ? "is no folder" : "is not there";
            throw CommandLines.wrong(
                    "the directory " + directory + " " + why + ". Create it, or name another one with --dir", "host");
        }
    }

    private static Optional<Path> config(String command, Path directory, Map<String, List<String>> agent)
            throws CommandLineException {
        if (agent.containsKey("config")) {
            return Optional.of(
                    path(command, "config", last(agent, "config", CONFIG)).toAbsolutePath());
        }
        return Optional.of(directory.resolve(CONFIG).toAbsolutePath()).filter(Files::exists);
    }

    /** Returns how the log is to be written. */
    public LogSettings logSettings() {
        return new LogSettings(Level.toLevel(logLevel), LogSettings.Format.valueOf(logFormat.toUpperCase(Locale.ROOT)));
    }

    private static Path path(String command, String option, String value) throws CommandLineException {
        try {
            return Path.of(value);
        } catch (InvalidPathException e) {
            throw CommandLines.wrong(
                    "the value of --" + option
                            + " cannot be written in the character set of the locale. Start with LC_ALL=C.UTF-8",
                    command);
        }
    }

    private static String last(Map<String, List<String>> options, String name, String otherwise) {
        List<String> values = options.getOrDefault(name, List.of(otherwise));
        return values.get(values.size() - 1);
    }

    private static String oneOf(String command, String option, List<String> allowed, String value)
            throws CommandLineException {
        String lower = value.toLowerCase(Locale.ROOT);
        if (!allowed.contains(lower)) {
            throw CommandLines.wrong(
                    "the value '" + value + "' of --" + option + " is not one of " + String.join(", ", allowed),
                    command);
        }
        return lower;
    }
}
