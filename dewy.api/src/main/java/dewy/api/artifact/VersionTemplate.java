package dewy.api.artifact;

import dewy.api.plugin.Parameters;
import dewy.api.release.Platform;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text with places for what differs between versions and hosts: {@code {version}}, {@code {os}} and {@code {arch}}, as in
 * {@code releases/{version}/app_{os}_{arch}.tar.gz}. Immutable.
 *
 * @param text in which {@code {version}} alone is left to be filled in
 */
public record VersionTemplate(String text) {
    /** What the tag of a release is put in place of. */
    public static final String VERSION = "{version}";

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([^{}]*)}");

    /** Returns whether a text has places to be filled in. */
    public static boolean isOne(String text) {
        return text.contains("{") || text.contains("}");
    }

    /** Reads a text; what is wrong with it is told to {@code parameters}. */
    public static VersionTemplate of(String text, Platform platform, Parameters parameters) {
        Map<String, String> known = Map.of("version", VERSION, "os", platform.os(), "arch", platform.arch());
        String filled = PLACEHOLDER.matcher(text).replaceAll(found -> {
            String name = found.group(1);
            if (!known.containsKey(name)) {
                parameters.complain("unknown placeholder {" + name + "}; known are {version}, {os} and {arch}");
            }
            return Matcher.quoteReplacement(known.getOrDefault(name, ""));
        });
        if (isOne(filled.replace(VERSION, ""))) {
            parameters.complain("it has a brace without its partner");
        }
        return new VersionTemplate(filled);
    }

    /** Returns the text for the release of a tag. */
    public String resolve(String tag) {
        return text.replace(VERSION, tag);
    }
}
