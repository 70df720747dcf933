package dewy.api.process;

import org.osgi.annotation.versioning.ProviderType;

/**
 * Descendants of a process that have left its process group, as {@code setsid} does: those there were when they were looked
 * for. None of them is ever taken for a process that has its number later. Safe for use by several threads.
 */
@ProviderType
public interface Escaped extends AutoCloseable {
    /** None. */
    Escaped NONE = new Escaped() {
        @Override
        public boolean isAlive() {
            return false;
        }

        @Override
        public void signal(Signal signal) {}

        @Override
        public void close() {}
    };

    /** Returns whether one of them has not ended yet. */
    boolean isAlive();

    /** Sends a signal to each that has not ended. */
    void signal(Signal signal);

    /** Lets them be. */
    @Override
    void close();
}
