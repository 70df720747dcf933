package dewy.notifier.slack;

import dewy.api.event.Event;
import dewy.api.event.Level;
import dewy.api.notifier.Notification;
import dewy.notifier.slack.SlackMessage.Attachment;
import dewy.notifier.slack.SlackMessage.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Puts a notification into the form that people see; how a hook ended is shown with what it wrote. Immutable. */
final class MessageComposer {
    private static final int TEXT_LIMIT = 3_000;
    private static final int FALLBACK_LIMIT = 300;
    private static final int OUTPUT_LIMIT = 2_000;
    private static final List<String> OUTPUTS = List.of("Stdout", "Stderr", "Output", "Error");

    private final String footer;

    MessageComposer(SlackSettings settings, String host) {
        String title = settings.link()
                .map(link -> Mrkdwn.link(link, settings.title()))
                .orElse(Mrkdwn.escape(settings.title()));
        this.footer = title + "/" + Mrkdwn.escape(host);
    }

    Attachment compose(Notification notification) {
        Event event = notification.event();
        Optional<String> command =
                value(event, "command").filter(any -> event.type().startsWith("hook."));
        String text = command.map(run -> Mrkdwn.code(Mrkdwn.beginning(run, OUTPUT_LIMIT)))
                .orElseGet(() -> text(notification, TEXT_LIMIT));
        return Attachment.of(
                color(event.level()),
                text(notification, FALLBACK_LIMIT),
                command.isPresent() ? hook(event) : "",
                text,
                command.isPresent() ? results(event) : List.of(),
                footer,
                event.time());
    }

    private static String text(Notification notification, int limit) {
        return Mrkdwn.escape(Mrkdwn.beginning(notification.text(), limit));
    }

    private static String color(Level level) {
        return switch (level) {
            case DEBUG -> "#9e9e9e";
            case INFO -> "#36a64f";
            case WARN -> "#daa038";
            case ERROR -> "#dd0000";
        };
    }

    private static String hook(Event event) {
        String hook = value(event, "hook").orElse("");
        String name =
                switch (hook) {
                    case "before" -> "Before Deploy Hook";
                    case "after" -> "After Deploy Hook";
                    default -> Mrkdwn.escape((hook + " Hook").strip());
                };
        return name
                + value(event, "version")
                        .map(tag -> " of " + Mrkdwn.escape(tag))
                        .orElse("");
    }

    /** Returns what a hook wrote, its exit code, and how long it took, as far as the event tells. */
    private static List<Field> results(Event event) {
        List<Field> fields = new ArrayList<>();
        for (String title : OUTPUTS) {
            value(event, title.toLowerCase(Locale.ROOT)).ifPresent(output -> {
                String end = Mrkdwn.end(output.stripTrailing(), OUTPUT_LIMIT);
                fields.add(new Field(title, Mrkdwn.code(end), false));
            });
        }
        value(event, "exit_code").ifPresent(code -> fields.add(new Field("Exit Code", Mrkdwn.escape(code), true)));
        value(event, "duration").ifPresent(time -> fields.add(new Field("Duration", Mrkdwn.escape(time), true)));
        return fields;
    }

    private static Optional<String> value(Event event, String name) {
        return Optional.ofNullable(event.data().get(name)).filter(text -> !text.isBlank());
    }
}
