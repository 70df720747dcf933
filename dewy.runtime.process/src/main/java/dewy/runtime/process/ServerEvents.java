package dewy.runtime.process;

import dewy.api.event.EventSink;
import dewy.api.event.Level;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is told about the processes of an app.
 *
 * @param sink where it is told
 * @param changed tells core that the app is doing otherwise than it did
 */
record ServerEvents(EventSink sink, Runnable changed) {
    void starting(long generation) {
        publish(Level.DEBUG, "server.starting", "Start server", Map.of("generation", generation));
    }

    void started(Generation generation) {
        publish(Level.INFO, "server.started", "Server started", identity(generation));
    }

    void recovered(Generation generation) {
        publish(Level.INFO, "server.recovered", "Server recovered", identity(generation));
        changed.run();
    }

    /** Tells that a generation whose successor is ready was asked to go. */
    void replacing(Generation generation) {
        publish(Level.INFO, "server.stopping", "Send SIGTERM to old server", identity(generation));
    }

    void stopping(Generation generation) {
        publish(Level.INFO, "server.stopping", "Send SIGTERM to server", identity(generation));
    }

    void killed(Generation generation) {
        publish(Level.WARN, "server.killed", "Send SIGKILL to server", identity(generation));
    }

    void stopped(Generation generation) {
        publish(Level.INFO, "server.stopped", "Server stopped", identity(generation));
    }

    /** Tells that a server crashed, or could not be started again after a crash: then there is no pid. */
    void exited(OptionalLong pid, String status, Optional<Duration> restartIn) {
        Map<String, Object> data = new LinkedHashMap<>();
        pid.ifPresent(number -> data.put("pid", number));
        data.put("status", status);
        data.put("restart_in", restartIn.map(delay -> delay.toSeconds() + "s").orElse("never"));
        publish(Level.WARN, "server.exited", "Server exited", data);
        changed.run();
    }

    void gaveUp(String status, int restarts) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("status", status);
        data.put("restarts", restarts);
        publish(Level.ERROR, "server.gave_up", "Server exits again and again, gave up", data);
        changed.run();
    }

    /** Tells what a server says about how it is doing. */
    void told(Generation generation) {
        Map<String, Object> data = identity(generation);
        data.put("status", generation.status());
        publish(Level.DEBUG, "server.status", "Server status", data);
    }

    /** Tells what a server answers that is not ready. */
    void answered(Generation generation, String answer) {
        Map<String, Object> data = identity(generation);
        data.put("answer", answer);
        publish(Level.DEBUG, "server.not_ready", "Server not ready yet", data);
    }

    /** Tells that what runs could not be noted for a successor. */
    void notKept(String error) {
        publish(Level.WARN, "server.not_kept", "Running server not noted", Map.of("error", error));
    }

    private static Map<String, Object> identity(Generation generation) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("pid", generation.pid());
        data.put("generation", generation.number());
        return data;
    }

    private void publish(Level level, String type, String text, Map<String, ?> data) {
        Map<String, String> texts = new LinkedHashMap<>();
        data.forEach((name, value) -> texts.put(name, value.toString()));
        sink.publish(level, type, text, texts);
    }
}
