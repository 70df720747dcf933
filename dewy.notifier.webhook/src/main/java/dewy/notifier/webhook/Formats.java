package dewy.notifier.webhook;

import dewy.api.InvalidException;
import dewy.api.event.Event;
import dewy.api.notifier.Notification;
import dewy.api.notifier.Severity;
import dewy.api.plugin.Parameters;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** The formats by name, and the one that is Dewy's own: all that is known, as JSON. */
final class Formats {
    private static final Map<String, Format> ALL = all();

    private Formats() {}

    /** Reads the parameter {@code format}. */
    static Format of(Parameters parameters) {
        String name = parameters.text("format").orElse("json");
        Format format = ALL.get(name);
        if (format == null) {
            parameters.complain("format", "format=" + name + " is none of " + String.join(", ", ALL.keySet()));
            return Formats::json;
        }
        return format;
    }

    private static Map<String, Format> all() {
        Map<String, Format> all = new LinkedHashMap<>();
        all.put("json", Formats::json);
        all.put("discord", Chats::discord);
        all.put("teams", Chats::teams);
        all.put("mattermost", Chats::mattermost);
        all.put("google-chat", Chats::googleChat);
        all.put("ntfy", Chats::ntfy);
        all.put("pagerduty", new PagerDuty());
        all.put("ping", new Ping());
        return all;
    }

    private static Optional<Format.Post> json(Notification notification, Format.Scene scene) throws InvalidException {
        Event event = notification.event();
        Map<String, Object> body = Json.object(
                "text", notification.text(),
                "severity", notification.severity().name().toLowerCase(Locale.ROOT),
                "host", scene.host(),
                "app", event.app(),
                "event", event.type(),
                "id", event.id(),
                "time", event.time().toString(),
                "deployment", event.deployId(),
                "cause", event.cause(),
                "actor", event.actor(),
                "data", event.data());
        notification.hook().ifPresent(hook -> {
            Map<String, Object> result = Json.object(
                    "hook", hook.hook(),
                    "command", hook.command(),
                    "stdout", hook.stdout(),
                    "stderr", hook.stderr(),
                    "duration", hook.duration(),
                    "error", hook.error());
            OptionalInt code = hook.exitCode();
            if (code.isPresent()) {
                result.put("exit_code", code.getAsInt());
            }
            body.put("hook", result);
        });
        return Optional.of(Format.Post.json(scene.hook().address(), body));
    }

    /** Whether somebody should look at it. */
    static boolean isTrouble(Notification notification) {
        return notification.severity().compareTo(Severity.WARNING) >= 0;
    }
}
