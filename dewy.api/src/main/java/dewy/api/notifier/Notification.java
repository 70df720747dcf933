package dewy.api.notifier;

import dewy.api.event.Event;
import java.util.Optional;

/**
 * Something that people should know. Made by core; more may be added to it.
 *
 * @param text one line for people
 * @param severity what it means to them
 * @param event what it is about, with all details
 * @param hook how the hook ended that it is about, if it is about one
 */
public record Notification(String text, Severity severity, Event event, Optional<HookResult> hook) {
    /** Returns a notification that is not about a hook. */
    public static Notification of(String text, Severity severity, Event event) {
        return new Notification(text, severity, event, Optional.empty());
    }

    public Notification with(HookResult result) {
        return new Notification(text, severity, event, Optional.of(result));
    }
}
