package dewy.proxy.control;

import dewy.api.event.Level;
import dewy.api.process.ListeningAddress;
import dewy.api.proxy.Admission;
import dewy.api.proxy.Latency;
import dewy.api.proxy.ProxyStatistics;
import dewy.api.proxy.ProxyStatistics.OfBackend;
import dewy.api.proxy.ProxyStatistics.Transfer;
import dewy.api.route.Backend;
import dewy.proxy.tls.TlsSettings;
import dewy.proxy.tls.TlsSettings.Pair;
import dewy.proxy.tls.TlsSettings.Version;
import dewy.proxy.traffic.AccessFormat;
import dewy.proxy.traffic.Notice;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** How what is said is written in the fields of a {@link Message}. Lists are numbered: {@code set.0.listener}. */
public final class Contents {
    private Contents() {}

    /**
     * Something that a data plane tells of an app.
     *
     * @param number counts what it has told
     */
    public record Told(long number, Notice notice) {}

    public static Map<String, String> ofTold(List<Told> all) {
        Map<String, String> fields = new LinkedHashMap<>();
        int number = 0;
        for (Told told : all) {
            String name = "told." + number++;
            Notice notice = told.notice();
            fields.put(name, Long.toString(told.number()));
            fields.put(name + ".level", notice.level().name());
            fields.put(name + ".event", notice.event());
            fields.put(name + ".text", notice.text());
            int detail = 0;
            for (Map.Entry<String, String> about : notice.about().entrySet()) {
                fields.put(name + ".name." + detail, about.getKey());
                fields.put(name + ".value." + detail++, about.getValue());
            }
            fields.put(name + ".details", Integer.toString(detail));
        }
        fields.put("told", Integer.toString(number));
        return fields;
    }

    /** Reads what {@link #ofTold} wrote. */
    public static List<Told> told(Message message) {
        List<Told> all = new ArrayList<>();
        for (int number = 0; number < message.number("told"); number++) {
            String name = "told." + number;
            Map<String, String> about = new LinkedHashMap<>();
            for (int detail = 0; detail < message.number(name + ".details"); detail++) {
                about.put(message.text(name + ".name." + detail), message.text(name + ".value." + detail));
            }
            Notice notice = new Notice(
                    Level.valueOf(message.text(name + ".level")),
                    message.text(name + ".event"),
                    message.text(name + ".text"),
                    about);
            all.add(new Told(message.number(name), notice));
        }
        return all;
    }

    /** Writes sets of backends by listener. */
    public static Map<String, String> ofSets(Map<String, List<Backend>> sets) {
        Map<String, String> fields = new LinkedHashMap<>();
        int number = 0;
        for (Map.Entry<String, List<Backend>> set : sets.entrySet()) {
            String name = "set." + number++;
            fields.put(name + ".listener", set.getKey());
            fields.put(name + ".size", Integer.toString(set.getValue().size()));
            for (int i = 0; i < set.getValue().size(); i++) {
                write(set.getValue().get(i), name + "." + i, fields);
            }
        }
        fields.put("sets", Integer.toString(number));
        return fields;
    }

    /** Reads what {@link #ofSets} wrote; none where nothing did. */
    public static Map<String, List<Backend>> sets(Message message) {
        Map<String, List<Backend>> sets = new LinkedHashMap<>();
        long count = message.find("sets").isPresent() ? message.number("sets") : 0;
        for (int number = 0; number < count; number++) {
            String name = "set." + number;
            List<Backend> backends = new ArrayList<>();
            for (int i = 0; i < message.number(name + ".size"); i++) {
                backends.add(backend(name + "." + i, message));
            }
            sets.put(message.text(name + ".listener"), List.copyOf(backends));
        }
        return sets;
    }

    private static void write(Backend backend, String name, Map<String, String> fields) {
        fields.put(name + ".id", backend.id());
        fields.put(name + ".host", backend.address().host());
        fields.put(name + ".port", Integer.toString(backend.address().port()));
        fields.put(name + ".version", backend.version());
        fields.put(name + ".weight", Integer.toString(backend.weight()));
    }

    private static Backend backend(String name, Message message) {
        ListeningAddress address =
                new ListeningAddress(message.text(name + ".host"), (int) message.number(name + ".port"));
        return new Backend(message.text(name + ".id"), address, message.text(name + ".version"), (int)
                message.number(name + ".weight"));
    }

    /**
     * A listening socket that is passed.
     *
     * @param name under which that is done
     * @param address where it listens
     */
    public record Socket(String name, ListeningAddress address) {}

    /** Writes listeners, each with its socket. */
    public static Map<String, String> ofListeners(Map<String, Socket> passed) {
        Map<String, String> fields = new LinkedHashMap<>();
        int number = 0;
        for (Map.Entry<String, Socket> listener : passed.entrySet()) {
            String name = "listener." + number++;
            fields.put(name, listener.getKey());
            fields.put(name + ".socket", listener.getValue().name());
            fields.put(name + ".host", listener.getValue().address().host());
            fields.put(
                    name + ".port",
                    Integer.toString(listener.getValue().address().port()));
        }
        fields.put("listeners", Integer.toString(number));
        return fields;
    }

    /** Reads what {@link #ofListeners} wrote. */
    public static Map<String, Socket> listeners(Message message) {
        Map<String, Socket> passed = new LinkedHashMap<>();
        for (int number = 0; number < message.number("listeners"); number++) {
            String name = "listener." + number;
            ListeningAddress address =
                    new ListeningAddress(message.text(name + ".host"), (int) message.number(name + ".port"));
            passed.put(message.text(name), new Socket(message.text(name + ".socket"), address));
        }
        return passed;
    }

    /** Writes what an app answers to. */
    public static Map<String, String> ofSites(List<Site> sites) {
        Map<String, String> fields = new LinkedHashMap<>();
        int number = 0;
        for (Site site : sites) {
            fields.put("site." + number + ".host", site.host());
            fields.put("site." + number++ + ".path", site.path());
        }
        fields.put("sites", Integer.toString(number));
        return fields;
    }

    /** Reads what {@link #ofSites} wrote. */
    public static List<Site> sites(Message message) {
        List<Site> sites = new ArrayList<>();
        for (int number = 0; number < message.number("sites"); number++) {
            String name = "site." + number;
            sites.add(new Site(message.text(name + ".host"), message.text(name + ".path")));
        }
        return List.copyOf(sites);
    }

    /** Writes by what apps are told apart. */
    public static Map<String, String> ofFellows(List<String> ids) {
        return Map.of("fellows", String.join(" ", ids));
    }

    /** Reads what {@link #ofFellows} wrote. */
    public static List<String> fellows(Message message) {
        String ids = message.text("fellows");
        return ids.isEmpty() ? List.of() : List.of(ids.split(" ", -1));
    }

    public static Map<String, String> ofSettings(TrafficSettings settings) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("mode", settings.mode().name());
        fields.put("balance", settings.balance().name());
        fields.put("hold.time", settings.hold().time().toString());
        fields.put("hold.most", Integer.toString(settings.hold().most()));
        Timeouts timeouts = settings.timeouts();
        fields.put("timeout.connect", timeouts.connect().toString());
        fields.put("timeout.request", timeouts.request().toString());
        fields.put("timeout.response", timeouts.response().toString());
        fields.put("timeout.keep-alive", timeouts.keepAlive().toString());
        fields.put("timeout.backend-keep-alive", timeouts.backendKeepAlive().toString());
        fields.put("timeout.idle", timeouts.idle().toString());
        fields.put("header-limit", Integer.toString(settings.headerLimit()));
        Health health = settings.health();
        fields.put("health.failures", Integer.toString(health.failures()));
        fields.put("health.ejection", health.ejection().toString());
        health.check().ifPresent(check -> {
            fields.put("health.path", check.path());
            fields.put("health.interval", check.interval().toString());
            fields.put("health.rise", Integer.toString(check.rise()));
            fields.put("health.fall", Integer.toString(check.fall()));
        });
        fields.put("announced.by-clients", Boolean.toString(settings.announced().byClients()));
        fields.put(
                "announced.to-backends", Boolean.toString(settings.announced().toBackends()));
        return fields;
    }

    /** Reads what {@link #ofSettings} wrote. */
    public static TrafficSettings settings(Message message) {
        return new TrafficSettings(
                Mode.valueOf(message.text("mode")),
                Balance.valueOf(message.text("balance")),
                new Hold(duration("hold.time", message), (int) message.number("hold.most")),
                new Timeouts(
                        duration("timeout.connect", message),
                        duration("timeout.request", message),
                        duration("timeout.response", message),
                        duration("timeout.keep-alive", message),
                        duration("timeout.backend-keep-alive", message),
                        duration("timeout.idle", message)),
                (int) message.number("header-limit"),
                health(message),
                new Announced(
                        Boolean.parseBoolean(message.text("announced.by-clients")),
                        Boolean.parseBoolean(message.text("announced.to-backends"))));
    }

    private static Health health(Message message) {
        Optional<Check> check = message.find("health.path")
                .map(path ->
                        new Check(path, duration("health.interval", message), (int) message.number("health.rise"), (int)
                                message.number("health.fall")));
        return new Health((int) message.number("health.failures"), duration("health.ejection", message), check);
    }

    private static Duration duration(String name, Message message) {
        return Duration.parse(message.text(name));
    }

    public static Map<String, String> ofAdmission(Admission admission) {
        return Map.of(
                "admission", admission.mode().name(),
                "admission.page", admission.page(),
                "admission.retry-after", admission.retryAfter().toString());
    }

    /** Reads what {@link #ofAdmission} wrote. */
    public static Admission admission(Message message) {
        return new Admission(
                Admission.Mode.valueOf(message.text("admission")),
                message.text("admission.page"),
                duration("admission.retry-after", message));
    }

    public static Map<String, String> ofRecording(Optional<Recording> recording) {
        return recording
                .map(log -> Map.of(
                        "access-log.format", log.format().name(),
                        "access-log.file", log.file().toString(),
                        "access-log.size", Long.toString(log.size())))
                .orElse(Map.of());
    }

    /** Reads what {@link #ofRecording} wrote, if it wrote anything. */
    public static Optional<Recording> recording(Message message) {
        return message.find("access-log.format")
                .map(format -> new Recording(
                        AccessFormat.valueOf(format),
                        Path.of(message.text("access-log.file")),
                        message.number("access-log.size")));
    }

    public static Map<String, String> ofTls(Optional<TlsSettings> tls) {
        Map<String, String> fields = new LinkedHashMap<>();
        tls.ifPresent(settings -> {
            fields.put("tls.least", settings.least().name());
            int number = 0;
            for (Pair pair : settings.pairs()) {
                fields.put("tls." + number + ".chain", pair.chain().toString());
                fields.put("tls." + number++ + ".key", pair.key().toString());
            }
            fields.put("tls.pairs", Integer.toString(number));
        });
        return fields;
    }

    /** Reads what {@link #ofTls} wrote, if it wrote anything. */
    public static Optional<TlsSettings> tls(Message message) {
        return message.find("tls.least").map(least -> {
            List<Pair> pairs = new ArrayList<>();
            for (int number = 0; number < message.number("tls.pairs"); number++) {
                pairs.add(new Pair(
                        Path.of(message.text("tls." + number + ".chain")),
                        Path.of(message.text("tls." + number + ".key"))));
            }
            return new TlsSettings(pairs, Version.valueOf(least));
        });
    }

    public static Map<String, String> ofStatistics(ProxyStatistics statistics) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("requests", Long.toString(statistics.requests()));
        fields.put("failed", Long.toString(statistics.failed()));
        statistics.transfer().ifPresent(transfer -> {
            fields.put("bytes", Long.toString(transfer.bytes()));
            fields.put("durations", text(transfer.durations()));
        });
        int number = 0;
        for (OfBackend passed : statistics.backends()) {
            String name = "backend." + number++;
            fields.put(name, passed.backend());
            fields.put(name + ".version", passed.version());
            fields.put(name + ".weight", Integer.toString(passed.weight()));
            fields.put(name + ".state", passed.state().name());
            fields.put(name + ".requests", Long.toString(passed.requests()));
            fields.put(name + ".errors", Long.toString(passed.errors()));
            fields.put(name + ".active", Long.toString(passed.active()));
            fields.put(name + ".latency", text(passed.latency()));
        }
        fields.put("backends", Integer.toString(number));
        return fields;
    }

    /** Reads what {@link #ofStatistics} wrote. */
    public static ProxyStatistics statistics(Message message) {
        List<OfBackend> backends = new ArrayList<>();
        for (int number = 0; number < message.number("backends"); number++) {
            String name = "backend." + number;
            backends.add(OfBackend.of(message.text(name), message.text(name + ".version"))
                    .answered(
                            message.number(name + ".requests"),
                            message.number(name + ".errors"),
                            latency(message.text(name + ".latency")))
                    .active(message.number(name + ".active"))
                    .getting(
                            (int) message.number(name + ".weight"),
                            OfBackend.State.valueOf(message.text(name + ".state"))));
        }
        // A plane of an earlier version does not tell.
        Optional<Transfer> transfer =
                message.find("durations").map(durations -> new Transfer(message.number("bytes"), latency(durations)));
        return new ProxyStatistics(message.number("requests"), message.number("failed"), transfer, backends);
    }

    private static String text(Latency latency) {
        return latency.counts().stream().map(String::valueOf).collect(Collectors.joining(" "));
    }

    /** That of a plane whose histograms have other buckets is left out. */
    private static Latency latency(String text) {
        long[] counts = text.isEmpty()
                ? new long[0]
                : Arrays.stream(text.split(" ", -1)).mapToLong(Long::parseLong).toArray();
        return counts.length == Latency.BUCKETS ? Latency.of(counts) : Latency.NONE;
    }
}
