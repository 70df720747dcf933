package dewy.core.notify;

import dewy.api.InvalidException;
import dewy.api.control.NotifierTrouble;
import dewy.api.notifier.Notifier;
import dewy.api.plugin.PluginUrl;
import dewy.core.event.EventScope;
import dewy.core.event.EventStream;
import dewy.core.plugin.PluginSlot;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;

/** The telling of an app's notifiers about its events; none waits for another. */
public final class Notifications implements AutoCloseable {
    private final List<NotifierQueue> queues;

    private Notifications(List<NotifierQueue> queues) {
        this.queues = queues;
    }

    /**
     * Starts to tell the notifiers of an app about its events, from now on.
     *
     * @param urls of the notifiers, in their order, as somebody wrote them
     * @param random numbers from 0 to 1
     * @throws InvalidException if one of them names events that nobody is told of
     */
    public static Notifications start(
            String app,
            List<PluginUrl> urls,
            List<PluginSlot<Notifier>> notifiers,
            EventStream stream,
            EventScope events,
            InstantSource clock,
            DoubleSupplier random)
            throws InvalidException {
        List<String> names = NotifierNames.of(urls);
        List<NotificationPolicy> policies = new ArrayList<>();
        for (PluginUrl url : urls) {
            policies.add(new NotificationPolicy(app, Interest.of(url)));
        }
        return new Notifications(IntStream.range(0, notifiers.size())
                .mapToObj(i -> new NotifierQueue(
                        names.get(i), notifiers.get(i), policies.get(i), stream, events, clock, random))
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
