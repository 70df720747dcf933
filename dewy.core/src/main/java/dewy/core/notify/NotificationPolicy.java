package dewy.core.notify;

import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.Registration;
import dewy.api.event.Event;
import dewy.api.notifier.Notification;
import dewy.api.notifier.Notifier;
import dewy.core.event.EventKind;
import dewy.core.event.EventScope;
import dewy.core.event.EventStream;
import dewy.core.plugin.PluginSlot;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Decides which events of an app people are told about, and in which words. */
public final class NotificationPolicy {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Map<String, EventKind> NOTICES = Arrays.stream(EventKind.values())
            .filter(kind -> kind.notice().isPresent())
            .collect(Collectors.toMap(EventKind::type, Function.identity()));

    private final String app;
    private final List<PluginSlot<Notifier>> notifiers;
    private final EventScope events;

    private NotificationPolicy(String app, List<PluginSlot<Notifier>> notifiers, EventScope events) {
        this.app = app;
        this.notifiers = notifiers;
        this.events = events;
    }

    /** Starts to tell the notifiers of an app about its events, from now on. */
    public static Registration start(
            String app, List<PluginSlot<Notifier>> notifiers, EventStream stream, EventScope events) {
        if (notifiers.isEmpty()) {
            return () -> {};
        }
        NotificationPolicy policy = new NotificationPolicy(app, notifiers, events);
        return stream.subscribe(stream.newest() + 1, policy::consider);
    }

    private void consider(Event event) {
        EventKind kind = NOTICES.get(event.type());
        if (kind != null && event.app().equals(app)) {
            Notification notification = new Notification(words(kind.notice().orElseThrow(), event), event);
            notifiers.forEach(notifier -> send(notifier, notification));
        }
    }

    private void send(PluginSlot<Notifier> notifier, Notification notification) {
        try (CancellableCall call = CancellableCall.of(notification.event().id(), LIMIT)) {
            notifier.<Boolean>use(call, channel -> {
                channel.send(call, notification);
                return true;
            });
        } catch (DewyException e) {
            events.publish(
                    EventKind.NOTIFICATION_FAILED, notifier.name(), e.problem().sentence());
        }
    }

    private static String words(String template, Event event) {
        String words = template;
        for (Map.Entry<String, String> detail : event.data().entrySet()) {
            words = words.replace("{" + detail.getKey() + "}", detail.getValue());
        }
        return words;
    }
}
