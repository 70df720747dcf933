package dewy.api.registry;

import dewy.api.Registration;
import org.osgi.annotation.versioning.ConsumerType;

/** A registry that notices changes by itself, so that core need not wait for the next poll. */
@ConsumerType
public interface Waking {
    /**
     * Has {@code wake} called, from any thread, whenever a poll is likely to find something new. It returns at once.
     * Polls go on at their interval all the same: a lost wake-up costs time, never a release.
     */
    Registration onChange(Runnable wake);
}
