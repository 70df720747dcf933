package dewy.core.plugin;

import dewy.api.Registration;
import java.util.Optional;
import java.util.SortedSet;

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

    /** Returns the schemes that are offered for a kind. */
    SortedSet<String> schemes(PluginKind<?> kind);

    Registration listen(Listener listener);
}
