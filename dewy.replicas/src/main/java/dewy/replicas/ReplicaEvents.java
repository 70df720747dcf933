package dewy.replicas;

import dewy.api.event.EventSink;
import dewy.api.event.Level;
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

    void stopping(String name) {
        sink.publish(Level.INFO, "container.stopping", "Stop container", Map.of("container", name));
    }

    void gaveUp(String why) {
        sink.publish(
                Level.ERROR, "container.gave_up", "Containers exit again and again, gave up", Map.of("status", why));
    }
}
