package dewy.proxy.traffic;

import dewy.api.event.Level;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What people are to know of, as the agent publishes it: so that a data plane may tell what an older agent has never heard of.
 * Immutable.
 *
 * @param event a stable dotted name
 * @param about details by name, in the order to be shown
 */
public record Notice(Level level, String event, String text, Map<String, String> about) {
    /** Returns the same with one more detail. */
    public Notice with(String name, Object value) {
        Map<String, String> more = new LinkedHashMap<>(about);
        more.put(name, value.toString());
        return new Notice(level, event, text, more);
    }

    /** Returns that something has gone wrong, or is about to. */
    public static Notice warning(String event, String text) {
        return new Notice(Level.WARN, event, text, Map.of());
    }

    /** Returns that all is well again, or as it was wanted. */
    public static Notice information(String event, String text) {
        return new Notice(Level.INFO, event, text, Map.of());
    }

    @Override
    public String toString() {
        StringBuilder line = new StringBuilder(text);
        about.forEach(
                (name, value) -> line.append(", ").append(name).append(' ').append(value));
        return line.toString();
    }
}
