/** Notifications as messages in a Slack channel, by the method {@code chat.postMessage} of Slack's Web API. */
@NullMarked
package dewy.notifier.slack;

import org.jspecify.annotations.NullMarked;
