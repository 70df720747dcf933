package dewy.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One of the ways in which a server wants to be shown who asks: a challenge of {@code WWW-Authenticate} (RFC 9110, section
 * 11.6.1).
 *
 * @param scheme in lower case, such as {@code bearer}
 * @param parameters by their names in lower case, such as {@code realm}
 */
public record Challenge(String scheme, Map<String, String> parameters) {
    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
    private static final Pattern PART = Pattern.compile("(?<name>" + TOKEN + ")[ \\t]*"
            + "(?:=[ \\t]*(?:\"(?<quoted>(?:[^\"\\\\]|\\\\.)*)\"|(?<plain>[^\\s\",]+))"
            + "|[A-Za-z0-9._~+/-]+=*(?=[ \\t]*(?:,|$)))?");

    /** Returns the challenges of an answer, in its order. */
    static List<Challenge> of(Response response) {
        return response.headers("www-authenticate").stream()
                .flatMap(header -> parse(header).stream())
                .toList();
    }

    /** Returns the challenges of a header; what follows a scheme in one piece (token68) is passed over. */
    static List<Challenge> parse(String header) {
        List<Challenge> challenges = new ArrayList<>();
        Map<String, String> parameters = new LinkedHashMap<>();
        Matcher part = PART.matcher(header);
        while (part.find()) {
            String name = part.group("name").toLowerCase(Locale.ROOT);
            Optional<String> value = Optional.ofNullable(part.group("quoted"))
                    .map(quoted -> quoted.replaceAll("\\\\(.)", "$1"))
                    .or(() -> Optional.ofNullable(part.group("plain")));
            if (value.isPresent()) {
                parameters.putIfAbsent(name, value.get());
            } else {
                parameters = new LinkedHashMap<>();
                challenges.add(new Challenge(name, parameters));
            }
        }
        return challenges;
    }

    /** Returns a parameter, by its name in lower case. */
    public Optional<String> parameter(String name) {
        return Optional.ofNullable(parameters.get(name));
    }
}
