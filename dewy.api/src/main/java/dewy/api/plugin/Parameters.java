package dewy.api.plugin;

import dewy.api.InvalidException;
import dewy.api.InvalidException.Mistake;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads named values, the parameters of a plugin URL or the options of an app, and collects what is wrong with them, so
 * that a user is told everything at once. Read each, then call {@link #finish} or {@link #rest}. For one thread.
 */
public final class Parameters {
    private static final Pattern NUMBER_AND_UNIT = Pattern.compile("(\\d{1,15})\\s*([a-zA-Z]*)");
    private static final Map<String, Long> BYTES = Map.ofEntries(
            Map.entry("", 1L),
            Map.entry("b", 1L),
            Map.entry("k", 1L << 10),
            Map.entry("kb", 1L << 10),
            Map.entry("kib", 1L << 10),
            Map.entry("m", 1L << 20),
            Map.entry("mb", 1L << 20),
            Map.entry("mib", 1L << 20),
            Map.entry("g", 1L << 30),
            Map.entry("gb", 1L << 30),
            Map.entry("gib", 1L << 30));
    private static final Map<String, Long> MILLIS =
            Map.of("ms", 1L, "", 1_000L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L);

    private final String tried;
    private final Object on;
    private final Map<String, List<String>> values;
    private final Set<String> known = new LinkedHashSet<>();
    private final List<Mistake> wrong = new ArrayList<>();

    private Parameters(String tried, Object on, Map<String, List<String>> values) {
        this.tried = tried;
        this.on = on;
        this.values = values;
    }

    /** Returns a reader of the parameters of a URL. */
    public static Parameters of(PluginUrl url) {
        return new Parameters("use the URL", url, url.parameters());
    }

    /** Returns a reader of values by name; {@code tried} and {@code on} begin what is said when they are wrong. */
    public static Parameters of(String tried, Object on, Map<String, List<String>> values) {
        return new Parameters(tried, on, values);
    }

    /** Reads a text. */
    public Optional<String> text(String name) {
        List<String> given = texts(name);
        return given.isEmpty() ? Optional.empty() : Optional.of(given.get(given.size() - 1));
    }

    /** Reads a text that may be given several times. */
    public List<String> texts(String name) {
        known.add(name);
        return values.getOrDefault(name, List.of());
    }

    /** Reads {@code true} or {@code false}; a bare name stands for {@code true}. */
    public boolean flag(String name, boolean otherwise) {
        Optional<String> value = text(name);
        if (value.isEmpty()) {
            return otherwise;
        }
        switch (value.get().toLowerCase(Locale.ROOT)) {
            case "", "true", "yes", "1" -> {
                return true;
            }
            case "false", "no", "0" -> {
                return false;
            }
            default -> complain(name, name + "=" + value.get() + " is neither true nor false");
        }
        return otherwise;
    }

    /** Reads a whole number from {@code least} to {@code most}. */
    public long number(String name, long least, long most, long otherwise) {
        return text(name)
                .map(value -> inRange(name, value, least, most, otherwise))
                .orElse(otherwise);
    }

    /** Reads a length of time such as {@code 500ms}, {@code 30}, {@code 30s}, {@code 5m}, {@code 1h}; bare numbers are seconds. */
    public Duration duration(String name, Duration otherwise) {
        return text(name)
                .map(value ->
                        Duration.ofMillis(withUnit(name, value, MILLIS, "a time such as 30s", otherwise.toMillis())))
                .orElse(otherwise);
    }

    /** Reads a number of bytes such as {@code 4096}, {@code 512MB}, {@code 2G}; units are powers of 1,024. */
    public long bytes(String name, long otherwise) {
        return text(name)
                .map(value -> withUnit(name, value, BYTES, "a size such as 512MB", otherwise))
                .orElse(otherwise);
    }

    /** Reads a secret: a reference, or the secret itself. */
    public Optional<Secret> secret(String name) {
        return text(name).map(Secret::of);
    }

    /** Adds a complaint of the caller's own, to be told together with the others. */
    public void complain(String complaint) {
        complain("", complaint);
    }

    /** Adds a complaint about the value of a name. */
    public void complain(String name, String complaint) {
        wrong.add(new Mistake(name, complaint));
    }

    /**
     * Ends the reading.
     *
     * @throws InvalidException if anything was malformed, or a value was given that nobody read
     */
    public void finish() throws InvalidException {
        unread().keySet().forEach(name -> complain(name, "unknown parameter \"" + name + "\""));
        throwIfWrong();
    }

    /**
     * Ends the reading, and returns what nobody read, for somebody else to read.
     *
     * @throws InvalidException if anything was malformed
     */
    public Map<String, List<String>> rest() throws InvalidException {
        throwIfWrong();
        return unread();
    }

    /** Returns what nobody read so far. */
    public Map<String, List<String>> unread() {
        Map<String, List<String>> unread = new LinkedHashMap<>(values);
        unread.keySet().removeAll(known);
        return unread;
    }

    private void throwIfWrong() throws InvalidException {
        if (!wrong.isEmpty()) {
            throw InvalidException.of(tried, on, wrong, known);
        }
    }

    private long inRange(String name, String value, long least, long most, long otherwise) {
        try {
            long number = Long.parseLong(value.strip());
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below, together with the numbers out of range.
        }
        complain(name, name + "=" + value + " is not a whole number from " + least + " to " + most);
        return otherwise;
    }

    private long withUnit(String name, String value, Map<String, Long> units, String example, long otherwise) {
        Matcher matcher = NUMBER_AND_UNIT.matcher(value.strip());
        if (matcher.matches()) {
            Long unit = units.get(matcher.group(2).toLowerCase(Locale.ROOT));
            if (unit != null) {
                try {
                    return Math.multiplyExact(Long.parseLong(matcher.group(1)), unit);
                } catch (ArithmeticException e) {
                    // Too large to be meant: told below.
                }
            }
        }
        complain(name, name + "=" + value + " is not " + example);
        return otherwise;
    }
}
