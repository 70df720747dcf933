package dewy.core.cycle;

import dewy.api.InvalidException;
import dewy.api.Problem;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * When a release is deployed that takes the place of another one, as people write it: {@code Mon-Fri 09:00-17:00}, {@code
 * 22:00-04:00 Europe/Berlin}, and several of these with commas between them.
 *
 * @param text as it was written
 * @param windows at any time when there are none
 */
public record DeployWindows(String text, List<DeployWindow> windows) {
    /** At any time. */
    public static final DeployWindows ALWAYS = new DeployWindows("", List.of());

    private static final String DAY = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)";
    private static final Pattern WINDOW = Pattern.compile(
            "(?:(?<first>" + DAY + ")(?:-(?<last>" + DAY + "))?\\s+)?"
                    + "(?<from>\\d{2}:\\d{2})-(?<to>\\d{2}:\\d{2})(?:\\s+(?<zone>\\S+))?",
            Pattern.CASE_INSENSITIVE);
    private static final String MIDNIGHT_AFTER = "24:00";

    public DeployWindows {
        windows = List.copyOf(windows);
    }

    /**
     * Returns what is written.
     *
     * @param host the zone of times that name none
     * @throws InvalidException naming the part that is wrong
     */
    public static DeployWindows parse(String text, ZoneId host) throws InvalidException {
        List<DeployWindow> windows = new ArrayList<>();
        String[] parts = text.split(",", -1);
        for (String part : parts) {
            try {
                windows.add(window(part.strip(), host));
            } catch (InvalidException e) {
                throw parts.length == 1 ? e : partOf(text, e);
            }
        }
        return new DeployWindows(text.strip(), windows);
    }

    /** A comma may not have been meant to part two windows. */
    private static InvalidException partOf(String text, InvalidException e) {
        Problem problem = e.problem();
        String place = problem.on() + " of \"" + text.strip() + "\"";
        return new InvalidException(new Problem(problem.tried(), place, problem.why(), problem.advice()));
    }

    private static DeployWindow window(String part, ZoneId host) throws InvalidException {
        Matcher matcher = WINDOW.matcher(part);
        if (!matcher.matches()) {
            throw wrong(part, "it is not made of days, a time and a zone");
        }
        LocalTime from = time(part, matcher.group("from"));
        LocalTime to =
                MIDNIGHT_AFTER.equals(matcher.group("to")) ? LocalTime.MIDNIGHT : time(part, matcher.group("to"));
        if (matcher.group("from").equals(matcher.group("to"))) {
            throw wrong(part, "it opens when it closes; 00:00-24:00 is a whole day");
        }
        return new DeployWindow(
                days(matcher.group("first"), matcher.group("last")), from, to, zone(part, matcher, host));
    }

    private static LocalTime time(String part, String time) throws InvalidException {
        try {
            return LocalTime.parse(time);
        } catch (DateTimeException e) {
            throw wrong(part, "there is no time " + time);
        }
    }

    private static ZoneId zone(String part, Matcher matcher, ZoneId host) throws InvalidException {
        String zone = matcher.group("zone");
        try {
            return zone == null ? host : ZoneId.of(zone);
        } catch (DateTimeException e) {
            throw wrong(part, "there is no time zone " + zone);
        }
    }

    private static Set<DayOfWeek> days(String first, String last) {
        Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
        DayOfWeek end = first == null ? DayOfWeek.SUNDAY : day(last == null ? first : last);
        DayOfWeek day = first == null ? DayOfWeek.MONDAY : day(first);
        days.add(end);
        for (; day != end; day = day.plus(1)) {
            days.add(day);
        }
        return days;
    }

    private static DayOfWeek day(String name) {
        return Stream.of(DayOfWeek.values())
                .filter(day -> day.name().startsWith(name.toUpperCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow();
    }

    private static InvalidException wrong(String part, String why) {
        return new InvalidException(Problem.of(
                "use the deploy window",
                "\"" + part + "\"",
                why,
                "Write \"Mon-Fri 09:00-17:00\", \"22:00-04:00 Europe/Berlin\", or several with commas between"));
    }

    /** Returns when one of them opens, or empty while one is open. */
    Optional<Instant> closedUntil(Instant now) {
        if (windows.isEmpty() || windows.stream().anyMatch(window -> window.isOpen(now))) {
            return Optional.empty();
        }
        return windows.stream()
                .flatMap(window -> window.opensAfter(now).stream())
                .min(Instant::compareTo);
    }
}
