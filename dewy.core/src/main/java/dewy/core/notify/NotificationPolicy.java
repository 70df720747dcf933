package dewy.core.notify;

import dewy.api.Registration;
import dewy.api.event.Event;
import dewy.api.notifier.Notification;
import dewy.api.notifier.Notifier;
import dewy.core.event.EventKind;
import dewy.core.event.EventScope;
import dewy.core.event.EventStream;
import dewy.core.plugin.PluginSlot;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Decides which events of an app people are told about, and in which words. */
public final class NotificationPolicy {
    private static final Map<String, EventKind> NOTICES = Arrays.stream(EventKind.values())
            .filter(kind -> kind.notice().isPresent())
            .collect(Collectors.toMap(EventKind::type, Function.identity()));

    private NotificationPolicy() {}

    /**
     * Starts to tell the notifiers of an app about its events, from now on; none waits for another. When that is ended,
     * what has happened until then is still told, for a few seconds at most.
     */
    public static Registration start(
            String app, List<PluginSlot<Notifier>> notifiers, EventStream stream, EventScope events) {
        List<NotifierQueue> queues = notifiers.stream()
                .map(notifier -> new NotifierQueue(
                        notifier, event -> isTold(app, event), NotificationPolicy::notification, stream, events))
                .toList();
        return () -> queues.forEach(NotifierQueue::close);
    }

    private static boolean isTold(String app, Event event) {
        return event.app().equals(app) && NOTICES.containsKey(event.type());
    }

    private static Notification notification(Event event) {
        EventKind kind = Objects.requireNonNull(NOTICES.get(event.type()));
        return new Notification(words(kind.notice().orElseThrow(), event), event);
    }

    private static String words(String template, Event event) {
        String words = template;
        for (Map.Entry<String, String> detail : event.data().entrySet()) {
            words = words.replace("{" + detail.getKey() + "}", detail.getValue());
        }
        return words;
    }
}
