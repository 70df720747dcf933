package dewy.notifier.slack;

import dewy.api.Problem;

/** Words for failures: what is tried is always the same. */
final class Problems {
    private final String channel;

    Problems(String channel) {
        this.channel = channel;
    }

    Problem of(String why, String advice) {
        return new Problem("post to the Slack channel", "\"" + channel + "\"", why, advice);
    }
}
