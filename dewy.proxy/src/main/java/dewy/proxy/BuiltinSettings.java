package dewy.proxy;

import dewy.api.InvalidException;
import dewy.api.InvalidException.Mistake;
import dewy.api.Problem;
import dewy.api.plugin.Parameters;
import dewy.api.plugin.PluginUrl;
import dewy.api.route.Listener;
import dewy.pem.BadCertificate;
import dewy.pem.Credential;
import dewy.proxy.control.Recording;
import dewy.proxy.tls.TlsSettings;
import dewy.proxy.tls.TlsSettings.Pair;
import dewy.proxy.tls.TlsSettings.Version;
import dewy.proxy.traffic.AccessFormat;
import dewy.proxy.traffic.Sites.Site;
import dewy.proxy.traffic.TrafficSettings;
import dewy.proxy.traffic.TrafficSettings.Announced;
import dewy.proxy.traffic.TrafficSettings.Balance;
import dewy.proxy.traffic.TrafficSettings.Check;
import dewy.proxy.traffic.TrafficSettings.Health;
import dewy.proxy.traffic.TrafficSettings.Hold;
import dewy.proxy.traffic.TrafficSettings.Mode;
import dewy.proxy.traffic.TrafficSettings.Timeouts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What the URL of a proxy says.
 *
 * @param listeners where to accept connections
 * @param sites which of the requests there are for the app
 * @param traffic how what passes is treated
 * @param accessLog how requests are recorded, if they are
 * @param accessLogSize the size in bytes from which the file for that begins anew
 * @param tls whether clients speak TLS, and how
 */
record BuiltinSettings(
        List<Listener> listeners,
        List<Site> sites,
        TrafficSettings traffic,
        Optional<AccessFormat> accessLog,
        long accessLogSize,
        Optional<TlsSettings> tls) {
    private static final String CHAIN = "tls-cert";
    private static final String KEY = "tls-key";
    private static final long LOG_SIZE = 64L << 20;
    private static final long LEAST_LOG_SIZE = 64L << 10;
    private static final String DEFAULT_PORT = "8000";
    private static final int MOST_HELD = 100_000;
    private static final int LEAST_HEADER = 1 << 10;
    private static final int MOST_HEADER = 1 << 20;
    private static final int MOST_TIMES = 1_000;
    private static final int RISE = 2;
    private static final int FALL = 3;
    private static final Duration HEALTH_INTERVAL = Duration.ofSeconds(5);
    private static final Duration LONGEST = Duration.ofDays(7);

    static BuiltinSettings parse(PluginUrl url) throws InvalidException {
        Parameters parameters = Parameters.of(url);
        List<Listener> listeners = listeners(parameters);
        Mode mode = choice("mode", Mode.HTTP, parameters);
        List<Site> sites = sites(mode, parameters);
        Balance balance = choice("balance", Balance.ROUND_ROBIN, parameters);
        Hold hold = new Hold(time("hold-time", Hold.DEFAULT.time(), Duration.ZERO, parameters), (int)
                parameters.number("hold-limit", 0, MOST_HELD, Hold.DEFAULT.most()));
        Timeouts timeouts = timeouts(parameters);
        int header = headerLimit(parameters);
        Health health = health(parameters);
        Announcing announcing = choice("protocol", Announcing.NONE, parameters);
        Logging accessLog = choice("access-log", Logging.NONE, parameters);
        long logSize = logSize(parameters);
        Optional<TlsSettings> tls = tls(parameters);
        parameters.finish();
        return new BuiltinSettings(
                listeners,
                sites,
                new TrafficSettings(mode, balance, hold, timeouts, header, health, announcing.announced()),
                accessLog.format(),
                logSize,
                tls);
    }

    private static Optional<TlsSettings> tls(Parameters parameters) {
        List<String> chains = parameters.texts(CHAIN);
        List<String> keys = parameters.texts(KEY);
        String least = parameters.text("tls-min").orElse("");
        Optional<Version> version = Arrays.stream(Version.values())
                .filter(one -> one.number().equals(least))
                .findFirst();
        if (version.isEmpty() && !least.isEmpty()) {
            parameters.complain("tls-min", "tls-min=" + least + " is neither 1.2 nor 1.3");
        } else if (chains.isEmpty() && !least.isEmpty()) {
            parameters.complain("tls-min", "tls-min is of no use without " + CHAIN);
        }
        if (chains.size() != keys.size()) {
            String name = chains.size() < keys.size() ? CHAIN : KEY;
            parameters.complain(
                    name,
                    "each certificate has its key: there is " + chains.size() + " times " + CHAIN + ", and "
                            + keys.size() + " times " + KEY);
            return Optional.empty();
        }
        List<Pair> pairs = IntStream.range(0, chains.size())
                .mapToObj(i -> new Pair(file(chains.get(i)), file(keys.get(i))))
                .toList();
        return pairs.isEmpty()
                ? Optional.empty()
                : Optional.of(new TlsSettings(pairs, version.orElse(Version.TLS_1_2)));
    }

    /** The data plane has another folder. */
    private static Path file(String path) {
        return Path.of(path).toAbsolutePath().normalize();
    }

    /**
     * Finds out whether the certificates can be used, before anything is begun with them.
     *
     * @throws InvalidException if one cannot be
     */
    void checkCertificates() throws InvalidException {
        List<Mistake> wrong = new ArrayList<>();
        for (Pair pair : tls.map(TlsSettings::pairs).orElse(List.of())) {
            try {
                Credential unused = Credential.read(pair.chain(), pair.key());
            } catch (BadCertificate e) {
                String name = e.file().equals(pair.chain()) ? CHAIN : KEY;
                wrong.add(new Mistake(name, name + "=" + e.file() + ": " + e.why() + ". " + e.advice()));
            }
        }
        if (!wrong.isEmpty()) {
            String why = wrong.stream().map(Mistake::why).collect(Collectors.joining("; "));
            throw InvalidException.of(new Problem("use the certificates", "", why, ""), wrong);
        }
    }

    private static long logSize(Parameters parameters) {
        long bytes = parameters.bytes("access-log-size", LOG_SIZE);
        if (bytes < LEAST_LOG_SIZE) {
            parameters.complain("access-log-size", "access-log-size is at least 64KB");
            return LOG_SIZE;
        }
        return bytes;
    }

    /** Returns where the requests of an app are recorded, if they are. */
    Optional<Recording> recording(Supplier<Path> stateDirectory) {
        return accessLog.map(format ->
                new Recording(format, stateDirectory.get().resolve("log").resolve("access.log"), accessLogSize));
    }

    /** How requests are recorded. */
    private enum Logging {
        NONE,
        COMMON,
        JSON;

        Optional<AccessFormat> format() {
            return this == NONE ? Optional.empty() : Optional.of(AccessFormat.valueOf(name()));
        }
    }

    private static Health health(Parameters parameters) {
        int failures = (int) parameters.number("failures", 1, MOST_TIMES, Health.DEFAULT.failures());
        Duration ejection = timeout("ejection-time", Health.DEFAULT.ejection(), parameters);
        Duration interval = timeout("health-interval", HEALTH_INTERVAL, parameters);
        int rise = (int) parameters.number("health-rise", 1, MOST_TIMES, RISE);
        int fall = (int) parameters.number("health-fall", 1, MOST_TIMES, FALL);
        Optional<String> path = parameters.text("health-path");
        try {
            return new Health(failures, ejection, path.map(page -> new Check(page, interval, rise, fall)));
        } catch (IllegalArgumentException e) {
            parameters.complain("health-path", "health-path: " + e.getMessage());
            return Health.DEFAULT;
        }
    }

    /** Who says by the PROXY protocol whose a connection is. */
    private enum Announcing {
        NONE,
        IN,
        OUT,
        BOTH;

        Announced announced() {
            return new Announced(this == IN || this == BOTH, this == OUT || this == BOTH);
        }
    }

    private static List<Listener> listeners(Parameters parameters) {
        List<String> ports = parameters.texts("port");
        try {
            return Listener.parseList(ports.isEmpty() ? DEFAULT_PORT : String.join(",", ports));
        } catch (InvalidException e) {
            parameters.complain("port", e.problem().why());
            return List.of();
        }
    }

    private static List<Site> sites(Mode mode, Parameters parameters) {
        List<String> hosts = parameters.texts("host");
        Optional<String> path = parameters.text("path");
        if (mode == Mode.TCP && !hosts.isEmpty()) {
            parameters.complain("host", "host is for mode=http: what is relayed has none");
        }
        if (mode == Mode.TCP && path.isPresent()) {
            parameters.complain("path", "path is for mode=http: what is relayed has none");
        }
        List<Site> sites = new ArrayList<>();
        for (String host : hosts.isEmpty() ? List.of("") : hosts) {
            site(host.toLowerCase(Locale.ROOT), parameters).ifPresent(sites::add);
        }
        return path.map(beginning -> below(beginning, sites, parameters)).orElse(sites).stream()
                .distinct()
                .toList();
    }

    private static Optional<Site> site(String host, Parameters parameters) {
        try {
            return Optional.of(new Site(host, "/"));
        } catch (IllegalArgumentException e) {
            parameters.complain(
                    "host", "host=" + host + " is none such as example.com, and none such as *.example.com");
            return Optional.empty();
        }
    }

    private static List<Site> below(String path, List<Site> sites, Parameters parameters) {
        try {
            Site unused = new Site("", path);
            return sites.stream().map(site -> new Site(site.host(), path)).toList();
        } catch (IllegalArgumentException e) {
            parameters.complain("path", "path=" + path + " is none such as /shop, with no / at its end");
            return sites;
        }
    }

    private static Timeouts timeouts(Parameters parameters) {
        Timeouts usual = Timeouts.DEFAULT;
        return new Timeouts(
                timeout("connect-timeout", usual.connect(), parameters),
                timeout("request-timeout", usual.request(), parameters),
                timeout("response-timeout", usual.response(), parameters),
                timeout("keep-alive", usual.keepAlive(), parameters),
                timeout("backend-keep-alive", usual.backendKeepAlive(), parameters),
                timeout("idle-timeout", usual.idle(), parameters));
    }

    private static Duration timeout(String name, Duration usual, Parameters parameters) {
        return time(name, usual, Duration.ofMillis(1), parameters);
    }

    private static Duration time(String name, Duration usual, Duration least, Parameters parameters) {
        Duration time = parameters.duration(name, usual);
        if (time.compareTo(least) < 0 || time.compareTo(LONGEST) > 0) {
            parameters.complain(name, name + " is from " + least.toMillis() + "ms to " + LONGEST.toDays() + "d");
            return usual;
        }
        return time;
    }

    private static int headerLimit(Parameters parameters) {
        int usual = TrafficSettings.of(Mode.HTTP).headerLimit();
        long bytes = parameters.bytes("header-limit", usual);
        if (bytes < LEAST_HEADER || bytes > MOST_HEADER) {
            parameters.complain("header-limit", "header-limit is from 1KB to 1MB");
            return usual;
        }
        return (int) bytes;
    }

    /** Reads one of the values of an enumeration, written in small letters with dashes. */
    private static <E extends Enum<E>> E choice(String name, E otherwise, Parameters parameters) {
        String value = parameters.text(name).orElse(written(otherwise));
        for (E one : otherwise.getDeclaringClass().getEnumConstants()) {
            if (written(one).equals(value)) {
                return one;
            }
        }
        parameters.complain(
                name,
                name + "=" + value + " is none of "
                        + Arrays.stream(otherwise.getDeclaringClass().getEnumConstants())
                                .map(BuiltinSettings::written)
                                .collect(Collectors.joining(", ")));
        return otherwise;
    }

    private static String written(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
