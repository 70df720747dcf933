package dewy.launcher.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The JSON Schema (draft 2020-12) of files with apps, for editors; made from the options, so it knows all of them. */
public final class ConfigSchema {
    private static final String TEXTS = "{\"anyOf\": [{\"$ref\": \"#/$defs/text\"},"
            + " {\"type\": \"array\", \"items\": {\"$ref\": \"#/$defs/text\"}}]";

    private static final Set<String> APPS = Set.of("server", "assets", "container");
    /** The name of an app is its key, and the two others are here whatever runs. */
    private static final Set<String> NAMED = Set.of("name", "runtime", "proxy");

    private ConfigSchema() {}

    public static String text() {
        List<String> keys = new ArrayList<>();
        keys.add(key(
                "command",
                "{\"enum\": [\"server\", \"assets\", \"container\"]",
                "server where run is given, else assets; or container"));
        keys.add(key("run", TEXTS, "command line of the server, or options of docker run for a container"));
        keys.add(key("runtime", "{\"type\": \"string\"", "the scheme of the plugin that runs it"));
        keys.add(key(
                "proxy",
                "{\"type\": [\"string\", \"boolean\"]",
                "the scheme of the plugin that carries its traffic, none, or true"));
        for (CommandOption option : CommandOption.ALL) {
            boolean ofApps = option.commands().stream().anyMatch(APPS::contains);
            if (ofApps && !option.agentWide() && !NAMED.contains(option.name())) {
                keys.add(key(option.name(), type(option), option.help()));
            }
        }
        return """
                {
                  "$schema": "https://json-schema.org/draft/2020-12/schema",
                  "title": "Apps of Dewy",
                  "type": "object",
                  "required": ["apps"],
                  "additionalProperties": false,
                  "properties": {
                    "defaults": {"$ref": "#/$defs/app", "description": "what holds for each app that does not say otherwise"},
                    "apps": {"type": "object", "additionalProperties": {"$ref": "#/$defs/app"}}
                  },
                  "$defs": {
                    "text": {"type": ["string", "number", "boolean"]},
                    "texts": %s},
                    "app": {
                      "type": "object",
                      "additionalProperties": false,
                      "patternProperties": {"^proxy-": {"$ref": "#/$defs/texts"}},
                      "properties": {
                %s
                      }
                    }
                  }
                }
                """
                .formatted(TEXTS, String.join(",\n", keys));
    }

    private static String type(CommandOption option) {
        if (option.repeatable()) {
            return TEXTS;
        }
        return option.label().isEmpty() ? "{\"type\": \"boolean\"" : "{\"type\": [\"string\", \"number\"]";
    }

    private static String key(String name, String type, String help) {
        return "        \"%s\": %s, \"description\": \"%s\"}".formatted(name, type, help);
    }
}
