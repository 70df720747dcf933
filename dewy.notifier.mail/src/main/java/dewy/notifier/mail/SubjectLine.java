package dewy.notifier.mail;

import dewy.api.event.Event;
import dewy.api.notifier.Notification;
import dewy.api.plugin.Parameters;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How subjects are made: words with {@code {app}}, {@code {host}} and the like in them.
 *
 * @param template all of whose places are known
 */
record SubjectLine(String template) {
    private static final String DEFAULT = "{app} on {host}: {text}";
    private static final Pattern PLACE = Pattern.compile("\\{(\\w+)}");
    private static final Set<String> PLACES =
            new TreeSet<>(Set.of("app", "host", "text", "severity", "version", "event"));
    private static final int LIMIT = 200;

    /** Reads the parameter {@code subject}. */
    static SubjectLine of(Parameters parameters) {
        String template =
                parameters.text("subject").filter(text -> !text.isBlank()).orElse(DEFAULT);
        PLACE.matcher(template)
                .results()
                .map(place -> place.group(1))
                .filter(place -> !PLACES.contains(place))
                .forEach(place -> parameters.complain(
                        "subject", "subject has no {" + place + "}; there are {" + String.join("}, {", PLACES) + "}"));
        return new SubjectLine(template);
    }

    /** Returns one line, of a length that people see. */
    String of(Notification notification, String host) {
        Event event = notification.event();
        Map<String, String> values = Map.of(
                "app", event.app().isEmpty() ? "Dewy" : event.app(),
                "host", host,
                "text", notification.text(),
                "severity", notification.severity().name().toLowerCase(Locale.ROOT),
                "version", event.data().getOrDefault("version", ""),
                "event", event.type());
        String line = PLACE.matcher(template)
                .replaceAll(place -> Matcher.quoteReplacement(values.getOrDefault(place.group(1), "")))
                .replaceAll("[\\p{Cntrl}\\s]+", " ")
                .strip();
        boolean fits = line.codePointCount(0, line.length()) <= LIMIT;
        return fits ? line : line.substring(0, line.offsetByCodePoints(0, LIMIT - 1)) + "…";
    }
}
