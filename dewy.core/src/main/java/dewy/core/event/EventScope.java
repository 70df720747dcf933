package dewy.core.event;

import dewy.api.event.EventSink;
import dewy.api.event.Level;
import java.time.Duration;
import java.util.LinkedHashMap;
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
     * Publishes an event; there are as many values as the kind has keys, and empty ones are left out. A last key
     * {@code message} without a value is for what people are told.
     */
    public void publish(EventKind kind, Object... values) {
        Map<String, String> data = new LinkedHashMap<>();
        for (int i = 0; i < values.length; i++) {
            String value = values[i] instanceof Duration duration ? ReadableTime.of(duration) : values[i].toString();
            if (!value.isEmpty()) {
                data.put(kind.keys().get(i), value);
            }
        }
        if (values.length < kind.keys().size()) {
            kind.words(data).ifPresent(words -> data.put(EventKind.MESSAGE, words));
        }
        publish(kind.level(), kind.type(), kind.text(), data);
    }

    @Override
    public void publish(Level level, String type, String text, Map<String, String> data) {
        stream.publish(this, level, type, text, data);
    }
}
