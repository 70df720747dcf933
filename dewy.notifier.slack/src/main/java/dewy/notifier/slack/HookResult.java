package dewy.notifier.slack;

import dewy.api.event.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How a hook ended, in Slack's markup.
 *
 * @param title which hook it was
 * @param command what was run
 * @param fields what it wrote, its exit code, and how long it took, as far as the event tells
 */
record HookResult(String title, String command, List<Attachment.Field> fields) {
    private static final int LIMIT = 2_000;
    private static final List<String> OUTPUTS = List.of("Stdout", "Stderr", "Output", "Error");

    /** Returns the result that an event tells of, if it is about a hook. */
    static Optional<HookResult> of(Event event) {
        Optional<String> command = value(event, "command");
        if (!event.type().startsWith("hook.") || command.isEmpty()) {
            return Optional.empty();
        }
        String shown = Mrkdwn.code(Excerpt.beginning(command.get(), LIMIT));
        return Optional.of(new HookResult(title(event), shown, fields(event)));
    }

    private static String title(Event event) {
        String hook = value(event, "hook").orElse("");
        String version =
                value(event, "version").map(tag -> " of " + Mrkdwn.escape(tag)).orElse("");
        return name(hook) + version;
    }

    private static String name(String hook) {
        return switch (hook) {
            case "before" -> "Before Deploy Hook";
            case "after" -> "After Deploy Hook";
            default -> Mrkdwn.escape((hook + " Hook").strip());
        };
    }

    private static List<Attachment.Field> fields(Event event) {
        List<Attachment.Field> fields = new ArrayList<>();
        for (String title : OUTPUTS) {
            value(event, title.toLowerCase(Locale.ROOT)).ifPresent(output -> fields.add(output(title, output)));
        }
        value(event, "exit_code").ifPresent(code -> fields.add(brief("Exit Code", code)));
        value(event, "duration").ifPresent(duration -> fields.add(brief("Duration", duration)));
        return fields;
    }

    private static Attachment.Field output(String title, String output) {
        return new Attachment.Field(title, Mrkdwn.code(Excerpt.end(output.stripTrailing(), LIMIT)), false);
    }

    private static Attachment.Field brief(String title, String value) {
        return new Attachment.Field(title, Mrkdwn.escape(value), true);
    }

    private static Optional<String> value(Event event, String name) {
        return Optional.ofNullable(event.data().get(name)).filter(text -> !text.isBlank());
    }
}
