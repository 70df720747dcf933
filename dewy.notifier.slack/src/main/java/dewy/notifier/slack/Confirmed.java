package dewy.notifier.slack;

import dewy.api.event.Event;
import java.util.LinkedHashSet;
import java.util.Set;

/** The newest events that Slack has confirmed, so that a repeated one is not posted twice. For one thread. */
final class Confirmed {
    private static final int KEPT = 256;

    private final Set<String> ids = new LinkedHashSet<>();

    boolean contains(Event event) {
        return ids.contains(event.id());
    }

    void add(Event event) {
        ids.add(event.id());
        if (ids.size() > KEPT) {
            ids.remove(ids.iterator().next());
        }
    }
}
