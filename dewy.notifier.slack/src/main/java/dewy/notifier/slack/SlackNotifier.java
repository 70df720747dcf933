package dewy.notifier.slack;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.event.Event;
import dewy.api.event.EventSink;
import dewy.api.event.Level;
import dewy.api.notifier.Notification;
import dewy.api.notifier.Notifier;
import dewy.api.notifier.Severity;
import dewy.api.plugin.Lifetime;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Posts each notification to a Slack channel. A notification that Slack has confirmed is never posted again, whatever
 * fails afterwards. One notification at a time, as core sends them.
 */
final class SlackNotifier implements Notifier {
    private static final int REMEMBERED = 256;

    private final SlackSettings settings;
    private final MessageComposer composer;
    private final Delivery delivery;
    private final Threads threads;
    private final ThreadFile file;
    private final EventSink events;
    /** The newest events that Slack has confirmed, by their ids. */
    private final Set<String> confirmed = new LinkedHashSet<>();

    private final Lifetime lifetime = new Lifetime();

    SlackNotifier(
            SlackSettings settings, MessageComposer composer, Delivery delivery, ThreadFile file, EventSink events) {
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
        if (confirmed.contains(event.id())) {
            return;
        }
        SlackMessage message = message(notification);
        Delivery.Receipt receipt = delivery.deliver(lifetime.bind(call), message);
        confirm(event);
        if (settings.thread()) {
            rememberThread(event, message, receipt);
        }
    }

    /** Ends a request that is in progress; the connections belong to the provider. */
    @Override
    public void close() {
        lifetime.close();
    }

    private SlackMessage message(Notification notification) {
        Optional<String> thread = settings.thread() ? threads.threadOf(notification) : Optional.empty();
        boolean broadcast = thread.isPresent() && notification.severity().compareTo(Severity.WARNING) >= 0;
        return SlackMessage.of(settings.channel(), thread, broadcast, composer.compose(notification));
    }

    private void confirm(Event event) {
        confirmed.add(event.id());
        if (confirmed.size() > REMEMBERED) {
            confirmed.remove(confirmed.iterator().next());
        }
    }

    /** The message is in the channel: a thread that cannot be kept is told, but is no reason to send it again. */
    private void rememberThread(Event event, SlackMessage message, Delivery.Receipt receipt) {
        try {
            Optional<String> asked = Optional.ofNullable(message.thread());
            threads.posted(event, receipt.message(), asked, receipt.ts());
        } catch (IOException e) {
            events.publish(
                    Level.WARN,
                    "slack.thread_lost",
                    "Thread file failure",
                    Map.of("path", file.path().toString(), "error", e.toString()));
        }
    }
}
