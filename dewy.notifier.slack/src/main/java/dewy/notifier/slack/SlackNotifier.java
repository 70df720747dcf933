package dewy.notifier.slack;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.event.Event;
import dewy.api.event.EventSink;
import dewy.api.event.Level;
import dewy.api.notifier.Notification;
import dewy.api.notifier.Notifier;
import dewy.api.plugin.Lifetime;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * Posts each notification to a Slack channel. A notification that Slack has confirmed is never posted again, whatever
 * fails afterwards. One notification at a time, as core sends them.
 */
final class SlackNotifier implements Notifier {
    private final SlackSettings settings;
    private final AttachmentComposer composer;
    private final Delivery delivery;
    private final Threads threads;
    private final ThreadFile file;
    private final EventSink events;
    private final Confirmed confirmed = new Confirmed();
    private final Lifetime lifetime = new Lifetime();

    SlackNotifier(
            SlackSettings settings, AttachmentComposer composer, Delivery delivery, ThreadFile file, EventSink events) {
        this.settings = settings;
        this.composer = composer;
        this.delivery = delivery;
        this.threads = new Threads(settings.channel(), file);
        this.file = file;
        this.events = events;
    }

    @Override
    public void send(Call call, Notification notification) throws DewyException {
        call.check();
        Event event = notification.event();
        if (isUnwanted(event) || confirmed.contains(event)) {
            return;
        }
        Message message = message(notification);
        Delivery.Receipt receipt = delivery.deliver(lifetime.bind(call), message);
        confirmed.add(event);
        if (settings.thread()) {
            rememberThread(event, message, receipt);
        }
    }

    /** Ends a request that is in progress; the connections belong to the provider. */
    @Override
    public void close() {
        lifetime.close();
    }

    private boolean isUnwanted(Event event) {
        return settings.quiet() && Weight.of(event) == Weight.ROUTINE;
    }

    private Message message(Notification notification) {
        Event event = notification.event();
        Optional<String> thread = settings.thread() ? threads.threadOf(event) : Optional.empty();
        boolean broadcast = thread.isPresent() && Weight.of(event) == Weight.FAILURE;
        return new Message(settings.channel(), thread, broadcast, composer.compose(notification));
    }

    /** The message is in the channel: a thread that cannot be kept is told, but is no reason to send it again. */
    private void rememberThread(Event event, Message message, Delivery.Receipt receipt) {
        try {
            threads.posted(event, receipt.message(), message.thread(), receipt.ts());
        } catch (IOException e) {
            events.publish(
                    Level.WARN,
                    "slack.thread_lost",
                    "Thread file failure",
                    Map.of("path", file.path().toString(), "error", e.toString()));
        }
    }
}
