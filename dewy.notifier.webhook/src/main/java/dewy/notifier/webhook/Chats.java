package dewy.notifier.webhook;

import dewy.api.InvalidException;
import dewy.api.notifier.Notification;
import dewy.notifier.webhook.Format.Post;
import dewy.notifier.webhook.Format.Scene;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What chats show. What others wrote is shown as it is: it neither links, nor calls anybody, and is cut so that a message is
 * never refused for its length.
 */
final class Chats {
    private static final String NAME = "Dewy";

    private Chats() {}

    /** An embed (discord.com/developers/docs, "Execute Webhook", "Embed Limits"): 6,000 characters in all. */
    static Optional<Post> discord(Notification notification, Scene scene) throws InvalidException {
        Message message = Message.of(notification, scene.host(), 900);
        List<Object> fields = new ArrayList<>();
        message.details()
                .forEach((name, value) ->
                        fields.add(Json.object("name", name, "value", escaped(value), "inline", value.length() < 20)));
        message.outputs()
                .forEach((name, value) ->
                        fields.add(Json.object("name", name, "value", fenced(value, 1_024), "inline", false)));
        Map<String, Object> embed = Json.object(
                "title", message.heading(),
                "description", escaped(message.text()),
                "color", message.color(),
                "timestamp", message.time().toString(),
                "fields", fields);
        return post(
                scene,
                Json.object(
                        "username",
                        NAME,
                        "embeds",
                        List.of(embed),
                        "allowed_mentions",
                        Json.object("parse", List.of())));
    }

    /**
     * An adaptive card for a workflow (learn.microsoft.com, "Create and send actionable messages", "Incoming Webhook limits"):
     * 28 KB. Runs of rich text know no markup.
     */
    static Optional<Post> teams(Notification notification, Scene scene) throws InvalidException {
        Message message = Message.of(notification, scene.host(), 1_500);
        String color =
                switch (message.severity()) {
                    case ROUTINE, RECOVERY -> "good";
                    case WARNING -> "warning";
                    case FAILURE -> "attention";
                };
        List<Object> blocks = new ArrayList<>();
        blocks.add(run("text", message.heading(), "weight", "bolder"));
        blocks.add(run("text", message.text(), "color", color));
        message.details().forEach((name, value) -> blocks.add(run("text", name + ": " + value, "isSubtle", true)));
        message.outputs().forEach((name, value) -> {
            blocks.add(run("text", name, "isSubtle", true));
            blocks.add(run("text", value, "fontType", "monospace"));
        });
        Map<String, Object> card = Json.object(
                "$schema",
                "http://adaptivecards.io/schemas/adaptive-card.json",
                "type",
                "AdaptiveCard",
                "version",
                "1.4",
                "fallbackText",
                message.text(),
                "msteams",
                Json.object("width", "Full"),
                "body",
                blocks);
        Map<String, Object> attachment =
                Json.object("contentType", "application/vnd.microsoft.card.adaptive", "content", card);
        return post(scene, Json.object("type", "message", "attachments", List.of(attachment)));
    }

    private static Map<String, Object> run(Object... properties) {
        Map<String, Object> run = Json.object("type", "TextRun");
        run.putAll(Json.object(properties));
        return Json.object("type", "RichTextBlock", "inlines", List.of(run));
    }

    /** An attachment (developers.mattermost.com, "Message attachments"): 16,383 characters in all. */
    static Optional<Post> mattermost(Notification notification, Scene scene) throws InvalidException {
        Message message = Message.of(notification, scene.host(), 3_000);
        List<Object> fields = new ArrayList<>();
        message.details()
                .forEach((name, value) ->
                        fields.add(Json.object("title", name, "value", escaped(value), "short", value.length() < 20)));
        message.outputs()
                .forEach((name, value) ->
                        fields.add(Json.object("title", name, "value", Excerpt.code(value), "short", false)));
        Map<String, Object> attachment = Json.object(
                "fallback", message.heading() + ": " + message.text(),
                "color", "#%06x".formatted(message.color()),
                "title", message.heading(),
                "text", escaped(message.text()),
                "fields", fields);
        return post(scene, Json.object("username", NAME, "attachments", List.of(attachment)));
    }

    /** A text (developers.google.com/chat, "Format messages"): 4,096 characters. */
    static Optional<Post> googleChat(Notification notification, Scene scene) throws InvalidException {
        Message message = Message.of(notification, scene.host(), 700);
        String details = message.details().entrySet().stream()
                .map(detail -> "\n" + detail.getKey() + ": " + inert(detail.getValue()))
                .collect(Collectors.joining());
        String outputs = message.outputs().entrySet().stream()
                .map(output -> "\n" + output.getKey() + ":\n" + Excerpt.code(inert(output.getValue())))
                .collect(Collectors.joining());
        String text = "*" + inert(message.heading()) + "*\n" + inert(message.text()) + details + outputs;
        return post(scene, Json.object("text", Excerpt.beginning(text, 4_096 - Excerpt.NOTE)));
    }

    /** A message of ntfy (docs.ntfy.sh/publish, "Publish as JSON", "Limitations"): 4,096 bytes. */
    static Optional<Post> ntfy(Notification notification, Scene scene) throws InvalidException {
        Message message = Message.of(notification, scene.host(), 350);
        String more = message.outputs().entrySet().stream()
                .map(output -> "\n\n" + output.getKey() + ":\n" + output.getValue())
                .collect(Collectors.joining());
        URI address = scene.hook().address();
        String path = address.getPath();
        int slash = path.lastIndexOf('/');
        Object priority =
                switch (message.severity()) {
                    case ROUTINE, RECOVERY -> 3;
                    case WARNING -> 4;
                    case FAILURE -> 5;
                };
        String tag =
                switch (message.severity()) {
                    case ROUTINE -> "package";
                    case RECOVERY -> "white_check_mark";
                    case WARNING -> "warning";
                    case FAILURE -> "rotating_light";
                };
        Map<String, Object> body = Json.object(
                "topic", path.substring(slash + 1),
                "title", message.heading(),
                "message", Excerpt.beginning(message.text() + more, 1_300), // Of three bytes each at most.
                "priority", priority,
                "tags", List.of(tag));
        URI front = address.resolve(
                address.getRawPath().substring(0, address.getRawPath().lastIndexOf('/') + 1));
        return Optional.of(Post.json(front, body));
    }

    private static Optional<Post> post(Scene scene, Object body) throws InvalidException {
        return Optional.of(Post.json(scene.hook().address(), body));
    }

    /** Returns text without the markup of Markdown, with names that call nobody. */
    private static String escaped(String text) {
        return text.replaceAll("([\\\\*_~`|>\\[\\]()#<])", "\\\\$1").replace("@", "@\u200b");
    }

    private static String inert(String text) {
        return text.replace("<", "<\u200b").replace("@", "@\u200b");
    }

    /** Returns a block of literal text that is not longer than a limit; what it holds may grow by what keeps it inside. */
    private static String fenced(String text, int limit) {
        String block = Excerpt.code(text);
        return block.length() <= limit
                ? block
                : Excerpt.code(text.replace('`', '\'')); // So many backticks say nothing.
    }
}
