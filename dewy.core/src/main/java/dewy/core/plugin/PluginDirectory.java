package dewy.core.plugin;

import dewy.api.Registration;
import java.util.Optional;

/** Knows which providers there are. Safe for use by several threads. */
public interface PluginDirectory {
    /** Hears of providers that come and go. */
    interface Listener {
        /** A provider came, or went: another one may now be the best of its scheme. */
        void changed();

        /** A provider is about to go; when this returns, it is not called any more. */
        void leaving(Offer<?> offer);
    }

    /** Returns the offer that instances of a scheme are to be opened with. */
    <T extends AutoCloseable> Optional<Offer<T>> best(PluginKind<T> kind, String scheme);

    /** Has a plugin started that answers to a scheme, if there is one at hand that is not. */
    default void provide(PluginKind<?> kind, String scheme) {}

    /**
     * Returns what somebody can do who misses a plugin: why the one that should answer to a scheme does not, or else which
     * schemes there are, and how to add another.
     */
    String advice(PluginKind<?> kind, String scheme);

    Registration listen(Listener listener);
}
