package dewy.core.notify;

import dewy.api.InvalidException;
import dewy.api.notifier.Notification;
import dewy.api.notifier.Severity;
import dewy.api.plugin.Parameters;
import dewy.api.plugin.PluginUrl;
import dewy.core.event.EventKind;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What somebody wants to be told, as the URL of any notifier says it; its plugin does not see these parameters. Immutable.
 *
 * @param quiet only of failures, and that they are over
 * @param types the events that it is about
 */
public record Interest(boolean quiet, Set<String> types) {
    private static final String QUIET = "quiet";
    private static final String EVENTS = "events";
    private static final Set<String> TOLD = Arrays.stream(EventKind.values())
            .filter(kind -> kind.notice().isPresent())
            .map(EventKind::type)
            .collect(Collectors.toCollection(TreeSet::new));

    public Interest {
        types = Set.copyOf(types);
    }

    /**
     * Reads the URL of a notifier.
     *
     * @throws InvalidException if it names events that nobody is told of
     */
    public static Interest of(PluginUrl url) throws InvalidException {
        Parameters parameters = Parameters.of(url);
        boolean quiet = parameters.flag(QUIET, false);
        List<String> patterns = parameters.texts(EVENTS).stream()
                .flatMap(text -> Arrays.stream(text.split(",", -1)))
                .map(String::strip)
                .toList();
        Set<String> types = new TreeSet<>(patterns.isEmpty() ? TOLD : Set.of());
        for (String pattern : patterns) {
            Set<String> fitting = fitting(pattern);
            if (fitting.isEmpty()) {
                parameters.complain(
                        EVENTS,
                        "events: \"" + pattern + "\" fits no event that people are told of, which are "
                                + String.join(", ", TOLD));
            }
            types.addAll(fitting);
        }
        parameters.rest();
        return new Interest(quiet, types);
    }

    /** Returns the URL as its plugin sees it. */
    public static PluginUrl without(PluginUrl url) {
        return url.without(Set.of(QUIET, EVENTS));
    }

    boolean covers(Notification notification) {
        boolean loud = !quiet || notification.severity() != Severity.ROUTINE;
        return loud && types.contains(notification.event().type());
    }

    private static Set<String> fitting(String pattern) {
        String regex = pattern.replaceAll("[^\\w*]", "\\\\$0").replace("*", ".*");
        return TOLD.stream().filter(type -> type.matches(regex)).collect(Collectors.toSet());
    }
}
