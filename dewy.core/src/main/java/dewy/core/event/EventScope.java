package dewy.core.event;

import dewy.api.event.EventSink;
import dewy.api.event.Level;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where the events of one app, or of one of its deployments, are published: it adds their envelope.
 *
 * @param stream the agent's events
 * @param app the app; empty for the agent itself
 * @param deployId the deployment; empty when there is none
 * @param cause why it is done
 * @param actor who does it
 */
public record EventScope(EventStream stream, String app, String deployId, String cause, String actor)
        implements EventSink {
    /** Returns the scope of one deployment of the same app. */
    public EventScope during(String deployment, String why, String who) {
        return new EventScope(stream, app, deployment, why, who);
    }

    /**
     * Publishes an event; values are in the order of the kind's keys, and empty ones are left out, as are the last ones
     * that are not given. A last key {@code message} without a value is for what people are told.
     */
    public void publish(EventKind kind, Object... values) {
        Map<String, String> data = new LinkedHashMap<>();
        for (int i = 0; i < values.length; i++) {
            String value = values[i] instanceof Duration duration ? ReadableTime.of(duration) : values[i].toString();
            if (!value.isEmpty()) {
                data.put(kind.keys().get(i), value);
            }
        }
        List<String> untold = kind.keys().subList(values.length, kind.keys().size());
        if (untold.equals(List.of(EventKind.MESSAGE))) {
            kind.words(data).ifPresent(words -> data.put(EventKind.MESSAGE, words));
        }
        publish(kind.level(), kind.type(), kind.text(), data);
    }

    @Override
    public void publish(Level level, String type, String text, Map<String, String> data) {
        stream.publish(this, level, type, text, data);
    }
}
