package dewy.registry.gcs;

import dewy.api.plugin.Parameters;
import dewy.api.release.Platform;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where artifacts are: {@code releases/{version}/app_{os}_{arch}.tar.gz}.
 *
 * @param key in which {@code {version}} alone is left to be filled in
 */
record KeyTemplate(String key) {
    private static final String VERSION = "{version}";
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([^{}]*)}");

    /** Returns whether a prefix is one. */
    static boolean isOne(String prefix) {
        return prefix.contains("{") || prefix.contains("}");
    }

    /** Reads what follows the bucket in a URL; what is wrong with it is told to {@code parameters}. */
    static KeyTemplate of(Location location, Platform platform, Parameters parameters) {
        Map<String, String> known = Map.of("version", VERSION, "os", platform.os(), "arch", platform.arch());
        String key = PLACEHOLDER
                .matcher(location.prefix().replaceFirst("/$", ""))
                .replaceAll(found -> {
                    String name = found.group(1);
                    if (!known.containsKey(name)) {
                        parameters.complain("unknown placeholder {" + name + "}; known are {version}, {os} and {arch}");
                    }
                    return Matcher.quoteReplacement(known.getOrDefault(name, ""));
                });
        if (isOne(key.replace(VERSION, ""))) {
            parameters.complain("it has a brace without its partner");
        } else if (isOne(location.prefix()) && !key.contains(VERSION)) {
            parameters.complain("{version} must stand in it, or no placeholder at all");
        }
        return new KeyTemplate(key);
    }

    /** Returns the key of the artifact of a release. */
    String resolve(String tag) {
        return key.replace(VERSION, tag);
    }

    /** Returns the name of the artifact of a release: what follows the last slash. */
    String name(String tag) {
        return key.substring(key.lastIndexOf('/') + 1).replace(VERSION, tag);
    }
}
