package dewy.notifier.slack;

import dewy.api.event.Event;
import dewy.api.event.Level;
import dewy.api.notifier.Notification;
import java.util.List;

/** Puts a notification into the form that people see. Immutable. */
final class AttachmentComposer {
    private static final int TEXT_LIMIT = 3_000;
    private static final int FALLBACK_LIMIT = 300;

    private final String footer;

    AttachmentComposer(SlackSettings settings, String host) {
        String title = settings.link()
                .map(link -> Mrkdwn.link(link, settings.title()))
                .orElse(Mrkdwn.escape(settings.title()));
        this.footer = title + "/" + Mrkdwn.escape(host);
    }

    Attachment compose(Notification notification) {
        Event event = notification.event();
        return HookResult.of(event)
                .map(result -> attachment(notification, result.title(), result.command(), result.fields()))
                .orElseGet(() -> attachment(notification, "", text(notification, TEXT_LIMIT), List.of()));
    }

    private Attachment attachment(Notification notification, String title, String text, List<Attachment.Field> fields) {
        Event event = notification.event();
        String fallback = text(notification, FALLBACK_LIMIT);
        return new Attachment(color(event.level()), fallback, title, text, fields, footer, event.time());
    }

    private static String text(Notification notification, int limit) {
        return Mrkdwn.escape(Excerpt.beginning(notification.text(), limit));
    }

    private static String color(Level level) {
        return switch (level) {
            case DEBUG -> "#9e9e9e";
            case INFO -> "#36a64f";
            case WARN -> "#daa038";
            case ERROR -> "#dd0000";
        };
    }
}
