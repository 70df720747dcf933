package dewy.telemetry;

import dewy.api.control.Agent;
import dewy.api.control.AppState;
import dewy.api.control.AppStatus;
import dewy.api.control.CycleStatistics;
import dewy.api.control.DeployedRelease;
import dewy.api.runtime.RuntimeStatus;
import java.util.List;
import java.util.Locale;

/** What the agent says of its apps and their cycles. */
final class AppReadings {
    private static final double NANOS = 1e9;
    private static final double MILLIS = 1_000;

    private AppReadings() {}

    static void read(Agent agent, List<AppStatus> apps, Points points) {
        apps.forEach(app -> read(app, points));
        agent.cycles().forEach(cycles -> read(cycles, points));
    }

    private static void read(AppStatus app, Points points) {
        String name = app.name();
        points.add(
                Metric.APP_INFO,
                1,
                name,
                app.command(),
                app.current().map(DeployedRelease::version).orElse(""));
        for (AppState state : AppState.values()) {
            points.add(Metric.APP_STATE, app.state() == state ? 1 : 0, name, label(state));
        }
        app.runtime()
                .ifPresent(runtime ->
                        points.add(Metric.APP_UP, runtime.state() == RuntimeStatus.State.RUNNING ? 1 : 0, name));
        points.add(Metric.APP_FAILURES, app.failures(), name);
        points.add(Metric.APP_QUARANTINED, app.quarantined().size(), name);
        app.current()
                .ifPresent(release ->
                        points.add(Metric.APP_DEPLOYED, release.since().toEpochMilli() / MILLIS, name));
    }

    private static void read(CycleStatistics cycles, Points points) {
        String app = cycles.app();
        cycles.ended()
                .forEach(way -> points.add(
                        Metric.CYCLES,
                        way.cycles(),
                        app,
                        label(way.outcome()),
                        way.step(),
                        way.failure().map(AppReadings::label).orElse("")));
        points.add(Metric.POLLS, cycles.polls(), app);
        points.add(Metric.POLLING, cycles.polling().toNanos() / NANOS, app);
        cycles.callsLeft().ifPresent(left -> points.add(Metric.CALLS_LEFT, left, app));
    }

    /** Returns a constant as a label has it. */
    static String label(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
