package dewy.notifier.slack;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.TypeFactory;
import com.fasterxml.jackson.databind.util.LRUMap;
import com.fasterxml.jackson.databind.util.LookupCache;
import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.RateLimitedException;
import dewy.api.UnreachableException;
import dewy.http.Request;
import dewy.http.Response;
import dewy.http.RetryAfter;
import dewy.http.WebClient;
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
    private static final int MOST_TYPES = 64;
    private static final Pattern ERROR = Pattern.compile("[a-z_]{1,60}");
    private static final Pattern SCOPES = Pattern.compile("[a-z:._,-]{1,120}");
    private static final Pattern TS = Pattern.compile("\\d{1,20}\\.\\d{1,20}");
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            // Jackson's own, which it keeps for ever, would hold these classes when the bundle is gone.
            .typeFactory(TypeFactory.defaultInstance().withCache(ownTypes()))
            .build();

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

    private record Reply(
            @JsonProperty("ok") @Nullable Boolean ok,
            @JsonProperty("ts") @Nullable String ts,
            @JsonProperty("error") @Nullable String error,
            @JsonProperty("needed") @Nullable String needed) {}

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
            if (Boolean.TRUE.equals(reply.ok())) {
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

    private static LookupCache<Object, JavaType> ownTypes() {
        return new LRUMap<>(8, MOST_TYPES);
    }

    private static byte[] write(SlackMessage message) {
        try {
            return JSON.writeValueAsBytes(message);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a message is made of texts", e);
        }
    }

    private Reply read(Response response) throws DewyException {
        byte[] body = response.bytes(LARGEST);
        try {
            Reply reply = JSON.readValue(body, Reply.class);
            if (reply != null && reply.ok() != null) {
                return reply;
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
