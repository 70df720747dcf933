package dewy.core.notify;

import dewy.api.control.NotifierTrouble;
import dewy.api.notifier.Notifier;
import dewy.core.event.EventScope;
import dewy.core.event.EventStream;
import dewy.core.plugin.PluginSlot;
import java.util.List;
import java.util.stream.IntStream;

/** The telling of an app's notifiers about its events; none waits for another. */
public final class Notifications implements AutoCloseable {
    private final List<NotifierQueue> queues;

    private Notifications(List<NotifierQueue> queues) {
        this.queues = queues;
    }

    /** Starts to tell the notifiers of an app about its events, from now on. */
    public static Notifications start(
            String app, List<PluginSlot<Notifier>> notifiers, EventStream stream, EventScope events) {
        List<String> names = NotifierNames.of(notifiers);
        return new Notifications(IntStream.range(0, notifiers.size())
                .mapToObj(i ->
                        new NotifierQueue(names.get(i), notifiers.get(i), new NotificationPolicy(app), stream, events))
                .toList());
    }

    /** Returns which of them fail. */
    public List<NotifierTrouble> troubles() {
        return queues.stream().flatMap(queue -> queue.trouble().stream()).toList();
    }

    /** Ends it; what has happened until now is still told, for a few seconds at most. */
    @Override
    public void close() {
        NotifierQueue.close(queues);
    }
}
