package dewy.notifier.slack;

import dewy.api.event.Event;
import dewy.api.event.Level;
import dewy.api.notifier.HookResult;
import dewy.api.notifier.Notification;
import dewy.notifier.slack.SlackMessage.Attachment;
import dewy.notifier.slack.SlackMessage.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Puts a notification into the form that people see; how a hook ended is shown with what it wrote. Immutable. */
final class MessageComposer {
    private static final int TEXT_LIMIT = 3_000;
    private static final int FALLBACK_LIMIT = 300;
    private static final int OUTPUT_LIMIT = 2_000;

    private final String footer;

    MessageComposer(SlackSettings settings, String host) {
        String title = settings.link()
                .map(link -> Mrkdwn.link(link, settings.title()))
                .orElse(Mrkdwn.escape(settings.title()));
        this.footer = title + "/" + Mrkdwn.escape(host);
    }

    Attachment compose(Notification notification) {
        Event event = notification.event();
        Optional<HookResult> hook = notification.hook();
        return Attachment.of(
                color(event.level()),
                text(notification, FALLBACK_LIMIT),
                hook.map(result -> title(result, event)).orElse(""),
                hook.map(result -> Mrkdwn.code(Mrkdwn.beginning(result.command(), OUTPUT_LIMIT)))
                        .orElseGet(() -> text(notification, TEXT_LIMIT)),
                hook.map(MessageComposer::results).orElse(List.of()),
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

    private static String title(HookResult hook, Event event) {
        String name =
                switch (hook.hook()) {
                    case "before" -> "Before Deploy Hook";
                    case "after" -> "After Deploy Hook";
                    default -> Mrkdwn.escape((hook.hook() + " Hook").strip());
                };
        String version = event.data().getOrDefault("version", "");
        return version.isBlank() ? name : name + " of " + Mrkdwn.escape(version);
    }

    /** Returns what a hook wrote, its exit code, and how long it took, as far as is known. */
    private static List<Field> results(HookResult hook) {
        List<Field> fields = new ArrayList<>();
        addOutput(fields, "Stdout", hook.stdout());
        addOutput(fields, "Stderr", hook.stderr());
        addOutput(fields, "Error", hook.error());
        hook.exitCode().ifPresent(code -> fields.add(new Field("Exit Code", Integer.toString(code), true)));
        if (!hook.duration().isBlank()) {
            fields.add(new Field("Duration", Mrkdwn.escape(hook.duration()), true));
        }
        return fields;
    }

    private static void addOutput(List<Field> fields, String title, String output) {
        if (!output.isBlank()) {
            String end = Mrkdwn.end(output.stripTrailing(), OUTPUT_LIMIT);
            fields.add(new Field(title, Mrkdwn.code(end), false));
        }
    }
}
