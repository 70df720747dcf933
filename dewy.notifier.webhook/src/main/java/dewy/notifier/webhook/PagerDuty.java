package dewy.notifier.webhook;

import dewy.api.InvalidException;
import dewy.api.event.Event;
import dewy.api.notifier.Notification;
import dewy.api.notifier.Severity;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Incidents (developer.pagerduty.com, "PD-CEF" and "Send an alert event", Events API v2): a failure triggers one, what ends it
 * resolves that; what goes as it should is not told. Failures of one kind are one incident for as long as it is open.
 */
final class PagerDuty implements Format {
    private static final int SUMMARY = 1_024 - Excerpt.NOTE;
    private static final int KEY = 255;
    private static final int OUTPUT = 4_000;

    @Override
    public Optional<Post> post(Notification notification, Scene scene) throws InvalidException {
        boolean triggers = Formats.isTrouble(notification);
        Optional<String> about = about(notification);
        if (about.isEmpty()) {
            return Optional.empty();
        }
        Event event = notification.event();
        String key = "dewy/" + scene.host() + "/" + event.app() + "/" + about.get();
        Map<String, Object> body = Json.object(
                "routing_key", scene.token(),
                "event_action", triggers ? "trigger" : "resolve",
                "dedup_key", key.substring(0, Math.min(KEY, key.length())));
        if (triggers) {
            body.put("client", "Dewy");
            body.put("payload", payload(notification, scene.host(), about.get()));
        }
        return Optional.of(Post.json(scene.hook().address(), body));
    }

    @Override
    public boolean sendsTokenAsHeader() {
        return false;
    }

    private static Map<String, Object> payload(Notification notification, String host, String about) {
        Event event = notification.event();
        Message message = Message.of(notification, host, OUTPUT);
        Map<String, Object> details = new LinkedHashMap<>(message.details());
        details.putAll(message.outputs());
        details.put("Event", event.type());
        details.put("Deployment", event.deployId());
        return Json.object(
                "summary",
                Excerpt.beginning(message.heading() + ": " + notification.text(), SUMMARY),
                "source",
                host,
                "severity",
                notification.severity() == Severity.FAILURE ? "error" : "warning",
                "timestamp",
                event.time().toString(),
                "component",
                event.app(),
                "class",
                about,
                "custom_details",
                details);
    }

    /** Returns what an incident is about, which is the same for what begins it and what ends it; empty for no incident. */
    private static Optional<String> about(Notification notification) {
        String type = notification.event().type();
        if (type.startsWith("hook.")) {
            return Optional.of("hook " + notification.event().data().getOrDefault("hook", ""));
        }
        if (type.startsWith("outage.")) {
            return Optional.of("outage");
        }
        if (type.startsWith("cycle.") || type.equals("release.quarantined") || type.equals("deployment.completed")) {
            return Optional.of("deployment");
        }
        return notification.severity() == Severity.ROUTINE ? Optional.empty() : Optional.of(type);
    }
}
