package dewy.api.store;

import dewy.api.Registration;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A store that notices changes by itself, so that its users need not wait for their next look. They look at an interval all
 * the same: what is deleted while a connection is broken may go untold, and so may what expires; that costs time, never more.
 */
@ConsumerType
public interface Watching {
    /** Is told of changes, from any thread, and returns at once. */
    @FunctionalInterface
    interface Watcher {
        /**
         * A value was changed, by whatever host. Changes of one key may be told together, twice, or late: the revision says
         * whether one has read it already.
         *
         * @param revision at which the key was written; 0 when it is not there any more
         */
        void changed(String key, long revision);
    }

    /**
     * Has a watcher told of all keys that begin with some characters: of those that are there when the watch begins, or begins
     * anew because a connection broke, and then of each that changes, until that is taken back or the store is closed.
     * It returns at once, and contacts the store only afterwards.
     */
    Registration watch(String prefix, Watcher watcher);
}
