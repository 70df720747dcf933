package dewy.notifier.slack;

import dewy.api.event.Event;
import dewy.api.event.Level;
import dewy.api.notifier.HookResult;
import dewy.api.notifier.Notification;
import dewy.api.notifier.Severity;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;

/** Makes notifications. */
final class Events {
    private static final AtomicLong SEQUENCE = new AtomicLong();

    private Events() {}

    static Notification notification(Level level, String type, String deployId, String text) {
        return notification(level, type, deployId, text, Map.of());
    }

    static Notification notification(Level level, String type, String deployId, String text, Map<String, String> data) {
        long sequence = SEQUENCE.incrementAndGet();
        Event event = new Event(
                "id-" + sequence,
                sequence,
                Instant.parse("2026-03-01T10:00:00Z"),
                "web",
                deployId,
                "poll",
                "dewy",
                type,
                level,
                text,
                data);
        Notification plain = Notification.of(text, severity(level, type), event);
        return type.startsWith("hook.") ? plain.with(hook(data)) : plain;
    }

    private static Severity severity(Level level, String type) {
        if (level.compareTo(Level.WARN) >= 0) {
            return level == Level.WARN ? Severity.WARNING : Severity.FAILURE;
        }
        return type.endsWith("recovered") ? Severity.RECOVERY : Severity.ROUTINE;
    }

    private static HookResult hook(Map<String, String> data) {
        String code = data.getOrDefault("exit_code", "");
        return new HookResult(
                data.getOrDefault("hook", ""),
                data.getOrDefault("command", ""),
                code.isEmpty() ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(code)),
                data.getOrDefault("stdout", ""),
                data.getOrDefault("stderr", ""),
                data.getOrDefault("duration", ""),
                data.getOrDefault("error", ""));
    }

    static Notification downloaded(String deployId) {
        return notification(Level.INFO, "artifact.cached", deployId, "Downloaded artifact for v1.2.3");
    }

    static Notification deployed(String deployId) {
        return notification(Level.INFO, "deployment.completed", deployId, "Deployed v1.2.3 in 2s");
    }

    static Notification failed(String deployId) {
        return notification(Level.ERROR, "cycle.failed", deployId, "Cannot read the registry: no route");
    }

    static Notification recovered(String deployId) {
        return notification(Level.INFO, "cycle.recovered", deployId, "Recovered after 2 failures");
    }
}
