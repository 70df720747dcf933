package dewy.notifier.slack;

import java.time.Duration;
import java.util.Optional;

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

    /** Too many messages: this one was not taken, and none will be before {@code retryAfter} is over. */
    record Limited(Duration retryAfter) implements Answer {}
}
