package dewy.telemetry;

import dewy.api.DewyException;
import dewy.api.control.Agent;
import dewy.api.control.AppStatus;
import dewy.api.control.ProxyStatus;
import dewy.api.proxy.Latency;
import dewy.api.proxy.ProxyStatistics;
import dewy.api.proxy.ProxyStatistics.OfBackend;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What passes through the proxies of the apps. For one thread at a time. */
final class TrafficReadings {
    private final Map<String, Passed> passed = new HashMap<>();

    /** A proxy that does not tell is left out. */
    void read(Agent agent, List<AppStatus> apps, Points points) {
        List<AppStatus> proxied =
                apps.stream().filter(app -> app.admission().isPresent()).toList();
        passed.keySet().retainAll(proxied.stream().map(AppStatus::name).toList());
        for (AppStatus app : proxied) {
            try {
                read(agent.proxy(app.name()), points);
            } catch (DewyException | RuntimeException e) {
                // It is away, or was replaced just now: the app's own status tells.
            }
        }
    }

    private void read(ProxyStatus proxy, Points points) {
        String app = proxy.app();
        String port = proxy.listeners().stream()
                .map(listener -> listener.address().isUnix()
                        ? listener.address().host()
                        : Integer.toString(listener.address().port()))
                .collect(Collectors.joining(","));
        ProxyStatistics now = proxy.statistics();
        points.add(Metric.PROXY_CONNECTIONS, now.requests(), app, port);
        points.add(Metric.PROXY_ERRORS, now.failed(), app, port);
        points.add(
                Metric.PROXY_ACTIVE,
                now.backends().stream().mapToLong(OfBackend::active).sum(),
                app,
                port);
        points.add(
                Metric.PROXY_BACKENDS,
                now.backends().stream().filter(TrafficReadings::gets).count(),
                app,
                port);
        Passed all = passed.computeIfAbsent(app, same -> new Passed());
        all.read(now.backends());
        points.add(Metric.PROXY_LATENCY, all.latency(), app, port);
        now.transfer().ifPresent(transfer -> {
            points.add(Metric.PROXY_BYTES, transfer.bytes(), app, port);
            points.add(Metric.PROXY_DURATION, all.durations(transfer.durations()), app, port);
        });
        all.versions().forEach((version, sum) -> {
            points.add(Metric.BACKEND_REQUESTS, sum.requests, app, version);
            points.add(Metric.BACKEND_ERRORS, sum.errors, app, version);
            points.add(Metric.BACKEND_ACTIVE, sum.active, app, version);
            points.add(Metric.BACKEND_LATENCY, sum.latency, app, version);
        });
    }

    private static boolean gets(OfBackend backend) {
        return backend.state() == OfBackend.State.HEALTHY;
    }

    /**
     * What passed to the backends of an app, by the version that they run. What is counted only grows, also where one backend of
     * a version takes the place of another, which counts from nothing; a version without any is forgotten.
     */
    static final class Passed {
        private final Distribution latency = new Distribution(Metric.PROXY_LATENCY.boundaries());
        private final Distribution durations = new Distribution(Metric.PROXY_DURATION.boundaries());
        private final Map<String, Sum> versions = new HashMap<>();
        private Map<String, OfBackend> before = Map.of();
        private Latency durationsBefore = Latency.NONE;

        /** What passed to a version. */
        static final class Sum {
            private final Distribution latency = new Distribution(Metric.BACKEND_LATENCY.boundaries());
            private long requests;
            private long errors;
            private long active;

            long requests() {
                return requests;
            }
        }

        void read(List<OfBackend> now) {
            Map<String, OfBackend> read = new HashMap<>();
            now.forEach(backend -> read.put(backend.backend(), backend));
            versions.keySet().retainAll(now.stream().map(OfBackend::version).toList());
            versions.values().forEach(sum -> sum.active = 0);
            now.forEach(backend -> add(backend, last(backend)));
            before = read;
        }

        private OfBackend last(OfBackend backend) {
            return Optional.ofNullable(before.get(backend.backend()))
                    .filter(last -> last.version().equals(backend.version()) && last.requests() <= backend.requests())
                    .orElseGet(() -> OfBackend.of(backend.backend(), backend.version()));
        }

        private void add(OfBackend backend, OfBackend last) {
            Sum sum = versions.computeIfAbsent(backend.version(), same -> new Sum());
            sum.requests += backend.requests() - last.requests();
            sum.errors += Math.max(0, backend.errors() - last.errors());
            sum.active += backend.active();
            Distribution more = Latencies.between(last.latency(), backend.latency(), Metric.PROXY_LATENCY);
            sum.latency.add(more);
            latency.add(more);
        }

        Map<String, Sum> versions() {
            return versions;
        }

        Distribution latency() {
            return latency;
        }

        Distribution durations(Latency now) {
            boolean isAnew = now.count() < durationsBefore.count();
            Latency last = isAnew ? Latency.NONE : durationsBefore;
            durations.add(Latencies.between(last, now, Metric.PROXY_DURATION));
            durationsBefore = now;
            return durations;
        }
    }
}
