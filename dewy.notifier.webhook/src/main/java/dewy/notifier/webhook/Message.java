package dewy.notifier.webhook;

import dewy.api.event.Event;
import dewy.api.notifier.HookResult;
import dewy.api.notifier.Notification;
import dewy.api.notifier.Severity;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A notification as chats show it, none of whose parts is long.
 *
 * @param heading whom it is about
 * @param details short ones, by name
 * @param outputs what a hook wrote, by name
 */
record Message(
        String heading,
        String text,
        Severity severity,
        Instant time,
        Map<String, String> details,
        Map<String, String> outputs) {
    private static final int HEADING = 150;
    private static final int TEXT = 900;
    private static final int DETAIL = 400;

    /** Returns what tells of a notification, with so much of each output. */
    static Message of(Notification notification, String host, int output) {
        Event event = notification.event();
        Map<String, String> details = new LinkedHashMap<>();
        Map<String, String> outputs = new LinkedHashMap<>();
        notification.hook().ifPresent(hook -> {
            details.putAll(details(hook));
            outputs.put("Stdout", Excerpt.end(hook.stdout(), output));
            outputs.put("Stderr", Excerpt.end(hook.stderr(), output));
        });
        details.values().removeIf(String::isBlank);
        outputs.values().removeIf(String::isBlank);
        return new Message(
                Excerpt.beginning(heading(event, host), HEADING),
                Excerpt.beginning(notification.text(), TEXT),
                notification.severity(),
                event.time(),
                details,
                outputs);
    }

    static String heading(Event event, String host) {
        return (event.app().isEmpty() ? "Dewy" : event.app()) + " on " + host;
    }

    private static Map<String, String> details(HookResult hook) {
        Map<String, String> details = new LinkedHashMap<>();
        details.put("Command", Excerpt.beginning(hook.command(), DETAIL));
        details.put("Error", Excerpt.beginning(hook.error(), DETAIL));
        hook.exitCode().ifPresent(code -> details.put("Exit code", Integer.toString(code)));
        details.put("Duration", hook.duration());
        return details;
    }

    /** Returns a colour as {@code rrggbb}. */
    int color() {
        return switch (severity) {
            case ROUTINE, RECOVERY -> 0x36a64f;
            case WARNING -> 0xdaa038;
            case FAILURE -> 0xdd0000;
        };
    }
}
