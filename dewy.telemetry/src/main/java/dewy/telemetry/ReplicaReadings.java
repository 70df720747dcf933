package dewy.telemetry;

import dewy.api.DewyException;
import dewy.api.control.Agent;
import dewy.api.control.AppStatus;
import dewy.api.runtime.ReplicaStatus;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** How the containers of the apps are doing. The engine is asked now and then, however often it is read. For one thread at a time. */
final class ReplicaReadings {
    private static final long PAUSE = Duration.ofSeconds(5).toNanos();
    private static final double MILLIS = 1_000;

    private record Answer(List<ReplicaStatus> replicas, int wanted, long at) {}

    private final LongSupplier nanoTime;
    private final Map<String, Answer> answers = new HashMap<>();

    ReplicaReadings(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** What an engine does not tell is left out. */
    void read(Agent agent, List<AppStatus> apps, Points points) {
        List<AppStatus> replicated = apps.stream()
                .filter(app ->
                        "container".equals(app.command()) && app.runtime().isPresent())
                .toList();
        answers.keySet().retainAll(replicated.stream().map(AppStatus::name).toList());
        for (AppStatus app : replicated) {
            try {
                read(app.name(), answer(agent, app), points);
            } catch (DewyException | RuntimeException e) {
                answers.remove(app.name());
            }
        }
    }

    private Answer answer(Agent agent, AppStatus app) throws DewyException {
        Answer last = answers.get(app.name());
        long now = nanoTime.getAsLong();
        if (last != null && now - last.at() < PAUSE) {
            return last;
        }
        Answer answer = new Answer(agent.replicas(app.name()), wanted(agent, app), now);
        answers.put(app.name(), answer);
        return answer;
    }

    private static int wanted(Agent agent, AppStatus app) throws DewyException {
        if (app.scaled().isPresent()) {
            return app.scaled().get();
        }
        List<String> written = agent.definition(app.name()).options().getOrDefault("replicas", List.of("1"));
        return Integer.parseInt(written.get(written.size() - 1));
    }

    private static void read(String app, Answer answer, Points points) {
        points.add(Metric.DESIRED_REPLICAS, answer.wanted(), app);
        points.add(
                Metric.REPLICAS,
                answer.replicas().stream()
                        .filter(one -> one.state() == ReplicaStatus.State.RUNNING)
                        .count(),
                app);
        int place = 0;
        for (ReplicaStatus replica : answer.replicas()) {
            read(app, replica, Integer.toString(place++), points);
        }
    }

    private static void read(String app, ReplicaStatus replica, String place, Points points) {
        String name = replica.name();
        points.add(Metric.CONTAINER_RESTARTS, replica.restarts(), app, name, place);
        for (ReplicaStatus.State state : ReplicaStatus.State.values()) {
            points.add(
                    Metric.CONTAINER_STATUS,
                    replica.state() == state ? 1 : 0,
                    app,
                    name,
                    place,
                    AppReadings.label(state));
        }
        replica.ending().ifPresent(ending -> {
            points.add(Metric.CONTAINER_EXIT_CODE, ending.exitCode(), app, name, place);
            points.add(Metric.CONTAINER_OOM, ending.outOfMemory() ? 1 : 0, app, name, place);
        });
        replica.started()
                .ifPresent(at -> points.add(Metric.CONTAINER_STARTED, at.toEpochMilli() / MILLIS, app, name, place));
        points.add(Metric.CONTAINER_INFO, 1, app, name, place, replica.image(), replica.version());
    }
}
