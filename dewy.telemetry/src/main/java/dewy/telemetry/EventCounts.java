package dewy.telemetry;

import dewy.api.control.AppStatus;
import dewy.api.event.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Counts what the events tell. What was counted of an app goes with the app. Safe for use by several threads.
 */
final class EventCounts implements Consumer<Event> {
    /** One metric of one app; the label {@code command} is known when it is read. */
    private record Series(Metric metric, String app, List<String> labels) {}

    private static final double MILLIS = 1_000;

    private final Map<Series, Double> counts = new HashMap<>();
    private final Map<Series, Distribution> distributions = new HashMap<>();

    @Override
    public synchronized void accept(Event event) {
        switch (event.type()) {
            case CycleEnd.TYPE -> ended(event, CycleEnd.of(event));
            case "release.quarantined" -> count(event, Metric.QUARANTINES);
            case "server.started", "container.started" -> count(event, Metric.HEALTH_CHECKS);
            case "server.restarted" -> count(event, Metric.SERVER_RESTARTS, restartedBy(event));
            case "server.recovered" -> count(event, Metric.SERVER_RESTARTS, "crash");
            case "server.exited" -> count(event, Metric.SERVER_CRASHES);
            case "container.exited" -> count(event, Metric.CONTAINER_EXITS);
            case "artifact.found" -> count(event, Metric.CACHE_HITS);
            case "artifact.downloaded" -> count(event, Metric.CACHE_MISSES);
            case "artifact.cached" -> add(event, Metric.DOWNLOADED, number(event, "size"));
            case "plugin.swapped" ->
                count(event, Metric.PLUGIN_SWAPS, event.data().getOrDefault("plugin", ""), "swapped");
            case "plugin.refused" ->
                count(event, Metric.PLUGIN_SWAPS, event.data().getOrDefault("plugin", ""), "refused");
            case "notification.failed" -> count(event, Metric.NOTIFICATION_FAILURES);
            default -> {
                // It is about nothing that is counted.
            }
        }
    }

    private void ended(Event event, CycleEnd end) {
        if (end.isDeployed()) {
            count(event, Metric.DEPLOYMENTS);
            measure(event, Metric.DEPLOYMENT_DURATION, end.deploying());
            end.time("activate").ifPresent(time -> measure(event, Metric.TIME_TO_READY, time));
            end.time("rollback").ifPresent(asked -> count(event, Metric.ROLLBACKS, "command"));
        }
        if (end.isFailed() && end.isBehindGates()) {
            count(event, Metric.DEPLOYMENT_ERRORS);
        }
        if (end.isFailed() && "activate".equals(end.step()) && "application".equals(end.failure())) {
            count(event, Metric.HEALTH_CHECKS);
            count(event, Metric.HEALTH_CHECK_FAILURES);
        }
        end.time("bake").ifPresent(watched -> count(event, Metric.ROLLBACKS, "fault"));
    }

    private static String restartedBy(Event event) {
        if (!event.deployId().isEmpty()) {
            return "deploy";
        }
        return "signal".equals(event.actor()) ? "signal" : "command";
    }

    private static double number(Event event, String key) {
        try {
            return Double.parseDouble(event.data().getOrDefault(key, "0"));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private void count(Event event, Metric metric, String... labels) {
        add(event, metric, 1, labels);
    }

    private void add(Event event, Metric metric, double more, String... labels) {
        counts.merge(new Series(metric, event.app(), List.of(labels)), more, Double::sum);
    }

    private void measure(Event event, Metric metric, Duration time) {
        distributions
                .computeIfAbsent(
                        new Series(metric, event.app(), List.of()), same -> new Distribution(metric.boundaries()))
                .add(time.toMillis() / MILLIS, 1);
    }

    /** Adds what was counted of the apps there are, and forgets that of others. */
    synchronized void read(List<AppStatus> apps, Points points) {
        Map<String, String> commands = new HashMap<>();
        apps.forEach(app -> commands.put(app.name(), app.command()));
        Set<String> gone = new HashSet<>();
        counts.keySet().forEach(series -> gone.add(series.app()));
        distributions.keySet().forEach(series -> gone.add(series.app()));
        gone.removeAll(commands.keySet());
        counts.keySet().removeIf(series -> gone.contains(series.app()));
        distributions.keySet().removeIf(series -> gone.contains(series.app()));
        for (Metric metric : Metric.values()) {
            if (metric.beginsAtZero()) {
                commands.forEach((app, command) -> points.add(metric, 0, labels(metric, app, command, List.of())));
            }
        }
        counts.forEach((series, value) -> points.add(series.metric(), value, labels(series, commands)));
        distributions.forEach((series, value) -> points.add(series.metric(), value, labels(series, commands)));
    }

    private static String[] labels(Series series, Map<String, String> commands) {
        return labels(series.metric(), series.app(), commands.getOrDefault(series.app(), ""), series.labels());
    }

    private static String[] labels(Metric metric, String app, String command, List<String> more) {
        List<String> labels = new ArrayList<>(List.of(app));
        if (metric.labels().contains("command")) {
            labels.add(command);
        }
        labels.addAll(more);
        return labels.toArray(String[]::new);
    }
}
