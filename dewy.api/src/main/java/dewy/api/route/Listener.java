package dewy.api.route;

import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.process.ListeningAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a proxy accepts the connections of one app.
 *
 * @param name unique within the app; it is what the option {@code --port} says for it, such as {@code 8080} or {@code
 *     127.0.0.1:8080:3000}, so that it is the same for every instance of the app's proxy
 * @param address where clients connect to; of a proxy that was started, with the port that was found when 0 was asked for
 * @param target the port at which the app itself listens for what arrives here, where the option names one; else the app's
 *     only port
 */
public record Listener(String name, ListeningAddress address, OptionalInt target) {
    /** The host has something other than digits, which tells it from a port that is followed by a target. */
    private static final Pattern WITH_TARGET =
            Pattern.compile("((?:(?:\\[[^\\]]+\\]|[^:\\[\\]]*[^:\\[\\]\\d][^:\\[\\]]*):)?\\d{1,5}):(\\d{1,5})");

    /**
     * Parses a value of {@code --port}, as proxies read it: what {@link ListeningAddress#parseList} knows, where a port, with
     * or without a host, may be followed by the port of the app: {@code 8080:3000}, {@code 127.0.0.1:8080:3000}.
     *
     * @throws InvalidException if it is none of these, or names the same twice
     */
    public static List<Listener> parseList(String text) throws InvalidException {
        List<Listener> listeners = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            listeners.addAll(parse(text, part.strip()));
        }
        Set<String> names = new HashSet<>();
        for (Listener listener : listeners) {
            if (!names.add(listener.name())) {
                throw invalid(text, "\"" + listener.name() + "\" is there twice");
            }
        }
        return listeners;
    }

    private static List<Listener> parse(String text, String part) throws InvalidException {
        Matcher matcher = WITH_TARGET.matcher(part);
        if (!matcher.matches()) {
            return ListeningAddress.parseList(part).stream()
                    .map(address -> new Listener(address.toString(), address, OptionalInt.empty()))
                    .toList();
        }
        int target = Integer.parseInt(matcher.group(2));
        if (target < 1 || target > 65535) {
            throw invalid(text, "\"" + part + "\" names no port from 1 to 65535 for the app");
        }
        ListeningAddress address = ListeningAddress.parseList(matcher.group(1)).get(0);
        return List.of(new Listener(part, address, OptionalInt.of(target)));
    }

    private static InvalidException invalid(String text, String why) {
        return new InvalidException(
                Problem.of("use the port", "\"" + text + "\"", why, "Write 8080, 8080:3000 or 127.0.0.1:8080:3000"));
    }
}
