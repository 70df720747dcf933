package dewy.api.process;

import java.time.Duration;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Something that one plugin instance can leave to the next, and one agent to the next: a process, a socket, a container.
 * How it is found, ended and let go of is its own affair, so that nobody else has to know what kinds there are.
 */
@ConsumerType
public interface Inheritable {
    /**
     * Returns by what a later agent finds it again while it is in use: one line of printable ASCII, which begins with the
     * name of its kind and tells it from everything that gets the same number or name later.
     */
    String reference();

    /**
     * Ends it: gracefully at first, by force at the limit. Returns when it is gone, or cannot be ended; nobody is left to
     * tell of that.
     */
    void end(Duration limit);

    /** Lets it run on without this agent: frees what this process holds of it, and nothing else. */
    void letGo();
}
