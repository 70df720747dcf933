package dewy.notifier.slack;

import java.util.Optional;

/**
 * What is posted.
 *
 * @param channel where to
 * @param thread the thread it replies in, as the {@code ts} of the thread's first message
 * @param broadcast whether a reply is shown in the channel too
 * @param attachment what it says
 */
record Message(String channel, Optional<String> thread, boolean broadcast, Attachment attachment) {
    Message outsideThread() {
        return new Message(channel, Optional.empty(), false, attachment);
    }
}
