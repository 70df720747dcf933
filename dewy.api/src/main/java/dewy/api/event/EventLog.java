package dewy.api.event;

import dewy.api.Registration;
import java.util.List;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/** The agent's events in order. Safe for use by several threads. */
@ProviderType
public interface EventLog {
    /**
     * Has every event from a sequence number on told to {@code listener}, one at a time and in order: first those that
     * are still kept (the newest 1,000), then each new one. A listener that throws is reported and goes on being told; a
     * slow one delays neither the agent nor other listeners.
     *
     * @param from the first sequence number wanted; a number not yet reached waits for it
     */
    Registration subscribe(long from, Consumer<Event> listener);

    /**
     * Returns the events from a sequence number on that are still kept, the oldest first. For whoever looks now and then
     * at its own pace: a first one with a higher number than asked for tells that those between are kept no more.
     */
    List<Event> since(long from);

    /** Returns the sequence number of the newest event, 0 when there is none. */
    long newest();
}
