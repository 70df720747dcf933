package dewy.core.plugin;

import dewy.api.Problem;
import dewy.api.plugin.PluginUrl;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which provider the instance in a slot is to be from: the best of its scheme, or the one that the slot was told to stay at; but
 * none that was refused before. Safe for use by several threads.
 *
 * @param <T> what is plugged in
 */
final class ProviderChoice<T extends AutoCloseable> {
    private final PluginKind<T> kind;
    private final PluginUrl url;
    private final PluginDirectory directory;
    private volatile @Nullable Offer<T> pinned;
    private volatile @Nullable Offer<T> refused;

    ProviderChoice(PluginKind<T> kind, PluginUrl url, PluginDirectory directory) {
        this.kind = kind;
        this.url = url;
        this.directory = directory;
    }

    /** Returns an offer as one for this slot, if it is. */
    @SuppressWarnings("unchecked")
    Optional<Offer<T>> fitting(Offer<?> offer) {
        boolean fits =
                kind.type().isInstance(offer.provider()) && offer.schemes().contains(url.scheme());
        return fits ? Optional.of((Offer<T>) offer) : Optional.empty();
    }

    /** Returns the one to use; a plugin that is at hand is started for it. */
    Optional<Offer<T>> wanted() {
        if (pinned != null) {
            return Optional.ofNullable(pinned);
        }
        if (directory.best(kind, url.scheme()).isEmpty()) {
            directory.provide(kind, url.scheme());
        }
        return directory.best(kind, url.scheme());
    }

    /** Returns the one to move to; empty where the instance is from the right one already. */
    Optional<Offer<T>> better(Predicate<Offer<T>> pluggedIn) {
        return wanted().filter(offer -> offer != refused && !pluggedIn.test(offer));
    }

    void pin(Offer<T> offer) {
        pinned = offer;
    }

    void unpin() {
        pinned = null;
    }

    void refuse(Offer<T> offer) {
        refused = offer;
    }

    /** Forgets one that goes. */
    void forget(Offer<?> leaving) {
        refused = refused == leaving ? null : refused;
        pinned = pinned == leaving ? null : pinned;
    }

    /** Returns what is missing where nobody answers to the scheme, and what to do. */
    Problem missing() {
        return Problem.of(
                "use the " + kind.name(),
                url,
                "no plugin answers to \"" + url.scheme() + "\"",
                directory.advice(kind, url.scheme()));
    }
}
