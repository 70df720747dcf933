package dewy.notifier.webhook;

import dewy.api.InvalidException;
import dewy.api.notifier.Notification;
import java.util.Optional;

/**
 * The ping of a dead man's switch, as of healthchecks.io (healthchecks.io/docs/http_api): one address hears what went well,
 * the other one what did not, each with the words as its body.
 */
final class Ping implements Format {
    @Override
    public Optional<Post> post(Notification notification, Scene scene) throws InvalidException {
        Hook to = Formats.isTrouble(notification) ? scene.failure() : scene.hook();
        String words = Message.heading(notification.event(), scene.host()) + ": " + notification.text() + "\n";
        return Optional.of(new Post(to.address(), "text/plain; charset=utf-8", words));
    }

    @Override
    public boolean tellsByAddress() {
        return true;
    }
}
