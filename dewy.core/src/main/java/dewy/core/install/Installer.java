package dewy.core.install;

import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.release.Deliverable;
import dewy.core.event.EventKind;
import dewy.core.event.EventScope;
import dewy.core.journal.Installed;

/** How deliverables of one kind get onto this host, are found there, and leave it. For one thread. */
public interface Installer {
    /** Gets a deliverable onto this host, whole and verified. What serves is not touched. */
    Fetched fetch(CancellableCall call, EventScope events, Deliverable deliverable) throws DewyException;

    /** Returns whether what was installed is still there, whole. */
    boolean holds(CancellableCall call, Installed installed) throws DewyException;

    /** Makes sure that what was installed is there before the app moves back to it, as far as that can be done. */
    void provide(CancellableCall call, EventScope events, Installed installed) throws DewyException;

    /**
     * Has the app's directory lead to what is installed, where it shows that.
     *
     * @param told what is told when that changes anything
     * @return what undoes it
     */
    Undo select(EventScope events, Installed installed, EventKind told) throws DewyException;

    /**
     * Deletes what is old; what is not to be deleted now is tried again the next time.
     *
     * @return how many releases are gone
     */
    int prune(CancellableCall call, Retention retention) throws DewyException;

    /** What was fetched, and not installed yet. */
    interface Fetched extends AutoCloseable {
        /** Installs it, completely or not at all. */
        Installed install(CancellableCall call, EventScope events) throws DewyException;

        @Override
        void close();
    }

    /** The way back from something that was done. */
    @FunctionalInterface
    interface Undo {
        void run() throws DewyException;
    }
}
