package dewy.core.plugin;

import dewy.api.InvalidException;
import dewy.api.Registration;
import dewy.api.plugin.PluginUrl;
import dewy.api.plugin.Provider;
import java.util.Map;
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

    /**
     * Returns the best provider of a type that answers to a scheme; a plugin that is at hand is started for it.
     *
     * @throws InvalidException if there is none
     */
    default <P extends Provider<?>> P provider(Class<P> type, String scheme) throws InvalidException {
        for (PluginKind<?> kind : PluginKind.ALL) {
            if (kind.type() == type) {
                PluginUrl url = new PluginUrl(scheme, "", "", Map.of());
                ProviderChoice<?> choice = new ProviderChoice<>(kind, url, this);
                Offer<?> offer = choice.wanted().orElseThrow(() -> new InvalidException(choice.missing()));
                return type.cast(offer.provider());
            }
        }
        throw new IllegalArgumentException(type + " is no kind of plugin");
    }

    Registration listen(Listener listener);
}
