package dewy.api.event;

import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;

/** Where a plugin tells what happened. Safe for use by several threads; returns at once and never throws. */
@ProviderType
@FunctionalInterface
public interface EventSink {
    /**
     * Publishes an event; the agent adds the rest of the envelope.
     *
     * @param type a stable dotted name such as {@code server.exited}
     * @param data details by name, in the order to be shown; never a secret
     */
    void publish(Level level, String type, String text, Map<String, String> data);
}
