package dewy.bench.proxy;

import dewy.bench.proxy.Case.Mode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What is to be measured: all of it, where no option says what part.
 *
 * @param keepAlive whether connections are kept, made anew for each request, or both
 * @param idle with how many idle connections the memory is looked at
 * @param switching whether the built-in proxy is compared with itself while it is led to and fro
 */
record Choice(
        List<Peer> peers,
        List<Mode> modes,
        List<Integer> sizes,
        List<Integer> connections,
        List<Boolean> keepAlive,
        List<Integer> idle,
        boolean switching,
        int pairs,
        int seconds,
        Path folder) {
    private static final Map<String, String> USUAL = Map.of(
            "peers", "haproxy,nginx,caddy,kamal-proxy,dewy-relay",
            "modes", "http,tcp,https",
            "sizes", "128,64k,10m",
            "connections", "16,128,1000",
            "ways", "keep-alive,close",
            "idle", "1000,10000",
            "switching", "yes",
            "pairs", "5",
            "seconds", "3",
            "out", "dewy.bench/target/proxy");

    /**
     * Reads options, each with a value: a list is separated by commas, and {@code none} is an empty one.
     *
     * @throws IllegalArgumentException if there is no such option or value
     */
    static Choice parse(String... arguments) {
        Map<String, String> options = new TreeMap<>(USUAL);
        for (int i = 0; i < arguments.length; i += 2) {
            String name = arguments[i].replaceFirst("^--", "");
            if (!USUAL.containsKey(name) || i + 1 == arguments.length) {
                throw new IllegalArgumentException(arguments[i] + " is none of "
                        + String.join(", ", USUAL.keySet().stream().sorted().toList()) + ", or has no value");
            }
            options.put(name, arguments[i + 1]);
        }
        return new Choice(
                list("peers", options, Peer::named),
                list("modes", options, mode -> Mode.valueOf(mode.toUpperCase(Locale.ROOT))),
                list("sizes", options, Case::size),
                list("connections", options, Integer::valueOf),
                list("ways", options, Choice::isKept),
                list("idle", options, Integer::valueOf),
                value("switching", options).equals("yes"),
                Integer.parseInt(value("pairs", options)),
                Integer.parseInt(value("seconds", options)),
                Path.of(value("out", options)).toAbsolutePath());
    }

    private static boolean isKept(String way) {
        return switch (way) {
            case "keep-alive" -> true;
            case "close" -> false;
            default -> throw new IllegalArgumentException("a connection is \"keep-alive\" or \"close\", not " + way);
        };
    }

    private static String value(String name, Map<String, String> options) {
        return options.getOrDefault(name, "");
    }

    private static <T> List<T> list(String name, Map<String, String> options, Function<String, T> parse) {
        return Stream.of(value(name, options).split(",", -1))
                .filter(item -> !item.equals("none"))
                .map(parse)
                .toList();
    }

    List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (Mode mode : modes) {
            for (int size : sizes) {
                for (int connection : connections) {
                    keepAlive.forEach(kept -> cases.add(new Case(mode, size, connection, kept)));
                }
            }
        }
        return cases;
    }
}
