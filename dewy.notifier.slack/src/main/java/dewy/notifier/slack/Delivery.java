package dewy.notifier.slack;

import dewy.api.Call;
import dewy.api.DewyException;
import java.util.Optional;

/**
 * Brings a message to Slack: waits where Slack asks for it and time allows, and posts to the channel itself when a thread
 * cannot be replied to. A message whose fate is unknown is not sent again. For one thread.
 */
final class Delivery {
    private final SlackApi api;
    private final RateLimit limit;
    private final Problems problems;

    Delivery(SlackApi api, RateLimit limit, Problems problems) {
        this.api = api;
        this.limit = limit;
        this.problems = problems;
    }

    /**
     * What became of a message.
     *
     * @param message as it was taken
     * @param ts its name in the channel
     */
    record Receipt(Message message, Optional<String> ts) {}

    Receipt deliver(Call call, Message message) throws DewyException {
        while (true) {
            limit.await(call);
            Answer answer = api.post(call, message);
            if (answer instanceof Answer.Posted posted) {
                return new Receipt(message, posted.ts());
            }
            if (answer instanceof Answer.Limited limited) {
                limit.begin(limited.retryAfter());
            } else if (answer instanceof Answer.Refused refused) {
                if (message.thread().isEmpty() || !Refusals.isAboutThread(refused.error())) {
                    throw Refusals.exception(problems, refused);
                }
                message = message.outsideThread();
            }
        }
    }
}
