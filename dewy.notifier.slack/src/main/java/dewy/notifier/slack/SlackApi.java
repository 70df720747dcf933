package dewy.notifier.slack;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.RateLimitedException;
import dewy.api.UnreachableException;
import dewy.http.Request;
import dewy.http.Response;
import dewy.http.RetryAfter;
import dewy.http.WebClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The method {@code chat.postMessage} of Slack's Web API (docs.slack.dev, "chat.postMessage" and "Rate limits"), one
 * request a call and none repeated. Nothing of an answer is quoted but words of a known shape.
 */
final class SlackApi {
    private static final int LARGEST = 1 << 20;
    private static final Pattern ERROR = Pattern.compile("[a-z_]{1,60}");
    private static final Pattern SCOPES = Pattern.compile("[a-z:._,-]{1,120}");
    private static final Pattern TS = Pattern.compile("\\d{1,20}\\.\\d{1,20}");
    private static final JsonFactory JSON = new JsonFactory();

    private final URI method;
    private final String channel;
    private final WebClient web;
    private final InstantSource clock;

    SlackApi(SlackSettings settings, WebClient web, InstantSource clock) {
        this.method = settings.api().resolve("chat.postMessage");
        this.channel = settings.channel();
        this.web = web;
        this.clock = clock;
    }

    /** What Slack said to a message. */
    sealed interface Answer {
        /**
         * The message is in the channel.
         *
         * @param ts its name there, without which nothing can reply to it
         */
        record Posted(Optional<String> ts) implements Answer {}

        /**
         * The message was not taken.
         *
         * @param error Slack's word for the reason, such as {@code not_in_channel}
         * @param needed the scope that the token lacks; empty where Slack named none
         */
        record Refused(String error, String needed) implements Answer {}
    }

    private record Reply(boolean ok, @Nullable String ts, @Nullable String error, @Nullable String needed) {
        /** Reads it; empty where it does not say whether all is well. */
        static Optional<Reply> read(JsonParser json) throws IOException {
            Boolean ok = null;
            String ts = null;
            String error = null;
            String needed = null;
            boolean isObject = json.nextToken() == JsonToken.START_OBJECT;
            while (isObject && json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                switch (name) {
                    case "ok" -> ok = json.getBooleanValue();
                    case "ts" -> ts = json.getValueAsString();
                    case "error" -> error = json.getValueAsString();
                    case "needed" -> needed = json.getValueAsString();
                    default -> {
                        // Nothing of interest.
                    }
                }
                json.skipChildren();
            }
            return ok == null ? Optional.empty() : Optional.of(new Reply(ok, ts, error, needed));
        }
    }

    /** Returns whether a text has the form of a message's {@code ts}. */
    static boolean isTs(String text) {
        return TS.matcher(text).matches();
    }

    /**
     * Posts a message.
     *
     * @throws RateLimitedException if Slack takes none for a while
     * @throws DewyException if Slack gave no answer of its own
     */
    Answer post(Call call, SlackMessage message) throws DewyException {
        Request request = Request.post("post to the Slack channel", "\"" + channel + "\"", method, write(message))
                .with("Content-Type", "application/json; charset=utf-8");
        try (Response response = web.ask(call, request, 200)) {
            Reply reply = read(response);
            if (reply.ok()) {
                return new Answer.Posted(Optional.ofNullable(reply.ts()).filter(SlackApi::isTs));
            }
            String error = matching(ERROR, reply.error(), "unnamed_error");
            if (SlackErrors.isLimit(error)) {
                Instant now = clock.instant();
                Instant until = now.plus(RetryAfter.said(response, now).orElse(RetryAfter.UNSAID));
                throw new RateLimitedException(problem("Slack answered " + error, ""), until);
            }
            return new Answer.Refused(error, matching(SCOPES, reply.needed(), ""));
        }
    }

    /** Returns words for a failure: what is tried is always the same. */
    Problem problem(String why, String advice) {
        return new Problem("post to the Slack channel", "\"" + channel + "\"", why, advice);
    }

    private static byte[] write(SlackMessage message) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            message.write(json);
        } catch (IOException e) {
            throw new IllegalStateException("memory cannot be written to", e);
        }
        return bytes.toByteArray();
    }

    private Reply read(Response response) throws DewyException {
        byte[] body = response.bytes(LARGEST);
        try (JsonParser json = JSON.createParser(body)) {
            Optional<Reply> reply = Reply.read(json);
            if (reply.isPresent()) {
                return reply.get();
            }
        } catch (IOException e) {
            // Told below; the exception may quote what was answered.
        }
        throw new UnreachableException(problem(
                "what answered is not Slack",
                "Check for a proxy in between, and " + SlackSettings.API_VARIABLE + " where it is set"));
    }

    private static String matching(Pattern pattern, @Nullable String text, String otherwise) {
        return text != null && pattern.matcher(text).matches() ? text : otherwise;
    }
}
