package dewy.notifier.slack;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.NotFoundException;
import dewy.api.UnauthorizedException;
import dewy.api.UnreachableException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/**
 * The method {@code chat.postMessage} of Slack's Web API (docs.slack.dev, "chat.postMessage" and "Rate limits"), one
 * request a call and none repeated.
 */
final class SlackApi {
    private static final Duration UNTOLD_WAIT = Duration.ofSeconds(30);
    private static final Duration LEAST_WAIT = Duration.ofSeconds(1);

    private final URI method;
    private final Token token;
    private final Exchange exchange;
    private final Problems problems;

    SlackApi(URI base, Token token, Exchange exchange, Problems problems) {
        this.method = base.resolve("chat.postMessage");
        this.token = token;
        this.exchange = exchange;
        this.problems = problems;
    }

    /**
     * Posts a message.
     *
     * @throws DewyException if Slack gave no answer of its own
     */
    Answer post(Call call, Message message) throws DewyException {
        HttpRequest.Builder request = HttpRequest.newBuilder()
                .header("Authorization", token.authorization())
                .header("Content-Type", "application/json; charset=utf-8")
                .POST(HttpRequest.BodyPublishers.ofByteArray(MessageJson.write(message)));
        HttpResponse<byte[]> response = exchange.send(call, method, request);
        if (response.statusCode() == 429) {
            return new Answer.Limited(retryAfter(response));
        }
        if (response.statusCode() != 200) {
            throw unexpected(response.statusCode());
        }
        Answer answer = AnswerJson.read(response.body())
                .orElseThrow(() -> new UnreachableException(problems.of(
                        "what answered is not Slack",
                        "Check for a proxy in between, and " + ApiAddress.VARIABLE + " where it is set")));
        boolean limited = answer instanceof Answer.Refused refused && Refusals.isLimit(refused.error());
        return limited ? new Answer.Limited(retryAfter(response)) : answer;
    }

    private static Duration retryAfter(HttpResponse<?> response) {
        String given = response.headers().firstValue("Retry-After").orElse("").strip();
        Duration wait = given.matches("\\d{1,9}") ? Duration.ofSeconds(Long.parseLong(given)) : UNTOLD_WAIT;
        return wait.compareTo(LEAST_WAIT) < 0 ? LEAST_WAIT : wait;
    }

    private DewyException unexpected(int status) {
        String why = "the answer was HTTP status " + status;
        String address = "Check " + ApiAddress.VARIABLE + " where it is set, and proxies in between";
        return switch (status) {
            case 401, 403, 407 ->
                new UnauthorizedException(problems.of(why, "Check the token, and proxies in between"));
            case 404, 410 -> new NotFoundException(problems.of(why, address));
            default ->
                status >= 500
                        ? new UnreachableException(problems.of(why, "Whether the message arrived is not known"))
                        : new InvalidException(problems.of(why, address));
        };
    }
}
