package dewy.store;

import dewy.api.Call;
import dewy.api.DewyException;
import java.util.Optional;

/** The text of a store, where several agents change it. Safe for use by several threads. */
public interface SharedText {
    /** Changes a content, and returns what it did; empty if it did nothing. */
    @FunctionalInterface
    interface Change<T> {
        Optional<T> make(StoreContent content) throws DewyException;
    }

    /** Returns what it says; one that is not there is an empty store. */
    StoreContent read(Call call) throws DewyException;

    /**
     * Makes a change that lasts when this returns. It is made on what nobody else changes meanwhile; so it may be tried several
     * times, each on what is there by then.
     *
     * @return what the change returned
     */
    <T> Optional<T> change(Call call, Change<T> change) throws DewyException;
}
