package dewy.notifier.slack;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.RateLimitedException;
import dewy.notifier.slack.SlackApi.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Brings a message to Slack: waits where Slack asks for it and time allows, and posts to the channel itself when a thread
 * cannot be replied to. A message whose fate is unknown is not sent again. How long a pause lasts is measured on a monotonic
 * clock; the wall clock is only for telling when it ends. For one thread.
 */
final class Delivery {
    private final SlackApi api;
    private final Surroundings surroundings;
    private Duration pause = Duration.ZERO;
    private long since;

    Delivery(SlackApi api, Surroundings surroundings) {
        this.api = api;
        this.surroundings = surroundings;
    }

    /**
     * What became of a message.
     *
     * @param message as it was taken
     * @param ts its name in the channel
     */
    record Receipt(SlackMessage message, Optional<String> ts) {}

    Receipt deliver(Call call, SlackMessage given) throws DewyException {
        SlackMessage message = given;
        while (true) {
            awaitPause(call);
            try {
                Answer answer = api.post(call, message);
                if (answer instanceof Answer.Posted posted) {
                    return new Receipt(message, posted.ts());
                }
                Answer.Refused refused = (Answer.Refused) answer;
                if (!message.isReply() || !SlackErrors.isAboutThread(refused.error())) {
                    throw SlackErrors.exception(api, refused);
                }
                message = message.outsideThread();
            } catch (RateLimitedException e) {
                begin(e.until());
            }
        }
    }

    private void begin(Instant until) {
        pause = Duration.between(surroundings.clock().instant(), until);
        since = surroundings.nanoTime().getAsLong();
    }

    /**
     * Returns when Slack may be asked again.
     *
     * @throws RateLimitedException at once, if that is not before the call's deadline
     */
    private void awaitPause(Call call) throws DewyException {
        Duration left = pause.minusNanos(surroundings.nanoTime().getAsLong() - since);
        if (left.isZero() || left.isNegative()) {
            return;
        }
        if (left.compareTo(call.remaining()) >= 0) {
            call.check();
            throw new RateLimitedException(
                    api.problem(
                            "Slack takes no more messages for " + Math.max(1, left.toSeconds()) + " s",
                            "Add quiet=true to the notifier's URL to send fewer"),
                    surroundings.clock().instant().plus(left));
        }
        surroundings.pause().await(call, left);
    }
}
