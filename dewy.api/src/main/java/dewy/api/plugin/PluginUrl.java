package dewy.api.plugin;

import dewy.api.InvalidException;
import dewy.api.Problem;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How a plugin is configured: {@code scheme://authority/path?name=value&name=value}, with the generic syntax of RFC 3986.
 * Path and values are percent-decoded here. A bare scheme ({@code log} or {@code log:}) stands for one with nothing
 * behind it, and {@code file:path} takes a relative path.
 *
 * @param scheme which plugin: lower case
 * @param authority between {@code //} and the next slash, as it was written: host, channel, owner; may be empty
 * @param path from the slash on; may be empty
 * @param parameters values by name, in the order given
 */
public record PluginUrl(String scheme, String authority, String path, Map<String, List<String>> parameters) {
    private static final Pattern SCHEME = Pattern.compile("[a-z][a-z0-9+.-]*");

    public PluginUrl {
        Map<String, List<String>> copy = new LinkedHashMap<>();
        parameters.forEach((name, values) -> copy.put(name, List.copyOf(values)));
        parameters = Collections.unmodifiableMap(copy);
    }

    /**
     * Parses a plugin URL.
     *
     * @throws InvalidException if it has no scheme, or a broken percent escape
     */
    public static PluginUrl parse(String text) throws InvalidException {
        int question = text.indexOf('?');
        String front = question < 0 ? text : text.substring(0, question);
        int colon = front.indexOf(':');
        String scheme = (colon < 0 ? front : front.substring(0, colon)).toLowerCase(Locale.ROOT);
        if (!SCHEME.matcher(scheme).matches()) {
            String advice = text.startsWith("/")
                    ? "A folder is written file://" + front
                    : "Write it as scheme://place?name=value";
            throw invalid(text, "it does not start with a scheme", advice);
        }
        String rest = colon < 0 ? "" : front.substring(colon + 1);
        String authority = "";
        if (rest.startsWith("//")) {
            int slash = rest.indexOf('/', 2);
            authority = rest.substring(2, slash < 0 ? rest.length() : slash);
            rest = slash < 0 ? "" : rest.substring(slash);
        }
        String query = question < 0 ? "" : text.substring(question + 1);
        Map<String, List<String>> parameters = parseQuery(text, query);
        if (parameters.keySet().stream().anyMatch(name -> name.contains("@"))) {
            throw invalid(text, "a question mark stands before its at sign", "In a user or password write it as %3F");
        }
        return new PluginUrl(scheme, authority, decode(text, rest), parameters);
    }

    /** Returns this URL with one value of a parameter, in place of those it has. */
    public PluginUrl with(String name, String value) {
        Map<String, List<String>> others = new LinkedHashMap<>(parameters);
        others.put(name, List.of(value));
        return new PluginUrl(scheme, authority, path, others);
    }

    /** Returns this URL without the named parameters. */
    public PluginUrl without(Set<String> names) {
        Map<String, List<String>> kept = new LinkedHashMap<>(parameters);
        kept.keySet().removeAll(names);
        return new PluginUrl(scheme, authority, path, kept);
    }

    /** Returns the last value given for a parameter. */
    public Optional<String> parameter(String name) {
        List<String> values = parameters.getOrDefault(name, List.of());
        return values.isEmpty() ? Optional.empty() : Optional.of(values.get(values.size() - 1));
    }

    /** Returns the URL for people: user information and parameters that look like secrets are masked. */
    @Override
    public String toString() {
        int at = authority.lastIndexOf('@');
        String shownAuthority = at < 0 ? authority : "***" + authority.substring(at);
        String slashes = authority.isEmpty() && !path.startsWith("/") ? "" : "//";
        String query = parameters.entrySet().stream()
                .flatMap(entry -> entry.getValue().stream()
                        .map(value -> entry.getKey() + "=" + (Secret.isSecretName(entry.getKey()) ? "***" : value)))
                .collect(Collectors.joining("&"));
        return scheme + ":" + slashes + shownAuthority + path + (query.isEmpty() ? "" : "?" + query);
    }

    private static Map<String, List<String>> parseQuery(String text, String query) throws InvalidException {
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        for (String pair : query.split("&", -1)) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            String name = decode(text, equals < 0 ? pair : pair.substring(0, equals));
            String value = equals < 0 ? "" : decode(text, pair.substring(equals + 1));
            parameters.computeIfAbsent(name, unused -> new ArrayList<>()).add(value);
        }
        return parameters;
    }

    private static String decode(String text, String encoded) throws InvalidException {
        try {
            return URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw invalid(text, "it holds a broken percent escape", "Write a percent sign as %25");
        }
    }

    private static InvalidException invalid(String text, String why, String advice) {
        // What is before an at sign may be a password, and what is behind a question mark a secret: neither is shown.
        String shown = text.replaceFirst("//[^/?]*\\?[^/]*@.*", "//***@…").replaceFirst("\\?.*", "?…");
        return new InvalidException(Problem.of("use the URL", "\"" + Secret.masked(shown) + "\"", why, advice));
    }
}
