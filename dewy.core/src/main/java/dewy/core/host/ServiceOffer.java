package dewy.core.host;

import dewy.api.plugin.Provider;
import dewy.core.plugin.Offer;
import java.util.Comparator;
import java.util.List;
import org.osgi.framework.Bundle;

/** A provider in the service registry. */
record ServiceOffer<T extends AutoCloseable>(
        Provider<T> provider, String kind, List<String> schemes, int ranking, Bundle origin) implements Offer<T> {
    /** The highest service ranking comes first, then the newest bundle version, then the bundle installed last. */
    static final Comparator<ServiceOffer<?>> BEST_FIRST = Comparator.<ServiceOffer<?>>comparingInt(
                    ServiceOffer::ranking)
            .thenComparing(offer -> offer.origin().getVersion())
            .thenComparing(offer -> offer.origin().getBundleId())
            .reversed();

    @Override
    public String bundle() {
        return PluginBundle.name(origin);
    }

    /** Returns whether both answer to a scheme of the same kind. */
    boolean competesWith(ServiceOffer<?> other) {
        return other.kind().equals(kind) && other.schemes().stream().anyMatch(schemes::contains);
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    @Override
    public String toString() {
        return bundle();
    }
}
