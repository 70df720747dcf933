package dewy.notifier.slack;

import dewy.api.event.Event;
import dewy.api.notifier.Notification;
import dewy.api.notifier.Severity;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Decides which thread a message belongs to. The release's own thread comes first; else the first message of a deployment
 * begins one, and later messages of it go there, whatever was told in between. What belongs to no deployment, and the news
 * that a failure is over, goes to the one begun last. For one thread of execution.
 */
final class Threads {
    private final String channel;
    private final ThreadFile file;
    private Optional<String> refused = Optional.empty();

    Threads(String channel, ThreadFile file) {
        this.channel = channel;
        this.file = file;
    }

    /** Returns the {@code ts} of the thread that a notification goes to. */
    Optional<String> threadOf(Notification notification) {
        Event event = notification.event();
        Optional<String> released = usable(file.released());
        if (released.isPresent()) {
            return released;
        }
        List<ThreadFile.Begun> begun = file.begun(channel);
        Optional<ThreadFile.Begun> own = begun.stream()
                .filter(mark -> mark.deployId().equals(event.deployId()))
                .findFirst();
        return usable(own.or(() ->
                        begun.stream().limit(joinsLast(notification) ? 1 : 0).findFirst())
                .map(ThreadFile.Begun::ts));
    }

    /** Takes note of where a message ended up: one with a deployment that is outside of a thread begins one. */
    void posted(Event event, SlackMessage sent, Optional<String> asked, Optional<String> ts) throws IOException {
        if (sent.isReply()) {
            return;
        }
        if (asked.isPresent()) {
            refused = asked;
        }
        if (ts.isPresent() && !event.deployId().isEmpty()) {
            file.keep(new ThreadFile.Begun(ts.get(), channel, event.deployId()));
        }
    }

    private Optional<String> usable(Optional<String> ts) {
        return ts.filter(given -> !refused.equals(Optional.of(given)));
    }

    private static boolean joinsLast(Notification notification) {
        return notification.event().deployId().isEmpty() || notification.severity() == Severity.RECOVERY;
    }
}
