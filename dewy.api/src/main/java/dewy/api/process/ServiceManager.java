package dewy.api.process;

import java.time.Duration;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The service manager that started the agent, such as systemd, where there is one. Listening sockets are left in its
 * keeping as they are opened, if it offers that. Safe for use by several threads.
 */
@ProviderType
public interface ServiceManager {
    /** Returns whether somebody wants to be told how the agent is doing. */
    boolean isPresent();

    /**
     * Tells how the agent is doing; does nothing when nobody wants to know, and never fails.
     *
     * @param state assignments, one a line, as for sd_notify(3): {@code READY=1}, {@code STATUS=…}, {@code WATCHDOG=1},
     *     {@code STOPPING=1}
     */
    void tell(String state);

    /** Returns within what time {@code WATCHDOG=1} must be told again and again, if that is wanted. */
    Optional<Duration> watchdog();
}
