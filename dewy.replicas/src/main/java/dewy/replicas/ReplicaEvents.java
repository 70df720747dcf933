package dewy.replicas;

import dewy.api.event.EventSink;
import dewy.api.event.Level;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** What is told about the replicas of an app, which people know as containers. */
record ReplicaEvents(EventSink sink) {
    void started(String name, Generation generation) {
        Map<String, String> data = new LinkedHashMap<>();
        data.put("container", name);
        data.put("generation", Long.toString(generation.number()));
        sink.publish(Level.INFO, "container.started", "Container started", data);
    }

    /** Tells that one ended, or was found unhealthy, that should serve. */
    void exited(String name, String why) {
        Map<String, String> data = new LinkedHashMap<>();
        data.put("container", name);
        data.put("status", why);
        sink.publish(Level.WARN, "container.exited", "Container exited", data);
    }

    /** Tells that the traffic goes to a generation at once, perhaps to one that was kept. */
    void switched(Generation to, boolean isBack) {
        String text = isBack
                ? "Switched traffic back to kept containers (Blue)"
                : "Switched traffic to new containers (Green)";
        sink.publish(Level.INFO, "container.switched", text, data(to));
    }

    /** Tells that the ones that served before are kept, once they were drained. */
    void kept(Generation generation, Duration time) {
        Map<String, String> data = data(generation);
        data.put("duration", time.toMillis() % 1_000 == 0 ? time.toSeconds() + "s" : time.toMillis() + "ms");
        sink.publish(Level.INFO, "container.kept", "Keep old containers (Blue)", data);
    }

    private static Map<String, String> data(Generation generation) {
        Map<String, String> data = new LinkedHashMap<>();
        data.put("version", generation.activation().deliverable().release().tag());
        data.put("generation", Long.toString(generation.number()));
        return data;
    }

    void stopping(String name) {
        sink.publish(Level.INFO, "container.stopping", "Stop container", Map.of("container", name));
    }

    /** Tells that the engine is away, so that what ends is not started again. */
    void lost(String why) {
        sink.publish(Level.WARN, "engine.lost", "Engine does not answer", Map.of("error", why));
    }

    void back() {
        sink.publish(Level.INFO, "engine.back", "Engine answers again", Map.of());
    }

    void gaveUp(String why) {
        sink.publish(
                Level.ERROR, "container.gave_up", "Containers exit again and again, gave up", Map.of("status", why));
    }
}
