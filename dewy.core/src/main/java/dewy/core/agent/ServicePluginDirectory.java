package dewy.core.agent;

import dewy.api.Registration;
import dewy.api.control.PluginStatus;
import dewy.api.plugin.Plugin;
import dewy.api.plugin.Provider;
import dewy.core.plugin.Offer;
import dewy.core.plugin.PluginDirectory;
import dewy.core.plugin.PluginKind;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;
import org.osgi.util.tracker.ServiceTrackerCustomizer;

/**
 * The providers in the service registry. Among those of one scheme the highest service ranking comes first, then the
 * newest bundle version, then the bundle installed last.
 */
final class ServicePluginDirectory implements PluginDirectory, AutoCloseable {
    private static final String FILTER = "(&(dewy.kind=*)(" + Plugin.SCHEME + "=*))";

    private record ServiceOffer<T extends AutoCloseable>(
            Provider<T> provider, String kind, List<String> schemes, int ranking, Bundle origin) implements Offer<T> {
        @Override
        public String bundle() {
            return origin.getSymbolicName() + " " + origin.getVersion();
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    private static final Comparator<ServiceOffer<?>> BEST_FIRST = Comparator.<ServiceOffer<?>>comparingInt(
                    ServiceOffer::ranking)
            .thenComparing(offer -> offer.origin().getVersion())
            .thenComparing(offer -> offer.origin().getBundleId())
            .reversed();

    private final List<ServiceOffer<?>> offers = new CopyOnWriteArrayList<>();
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final ServiceTracker<Object, ServiceOffer<?>> tracker;

    ServicePluginDirectory(BundleContext context) {
        try {
            this.tracker = new ServiceTracker<>(context, FrameworkUtil.createFilter(FILTER), new Customizer(context));
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(FILTER, e);
        }
    }

    void open() {
        tracker.open();
    }

    @Override
    public void close() {
        listeners.clear();
        tracker.close();
    }

    @Override
    public <T extends AutoCloseable> Optional<Offer<T>> best(PluginKind<T> kind, String scheme) {
        return offers.stream()
                .filter(offer -> kind.type().isInstance(offer.provider())
                        && offer.schemes().contains(scheme))
                .min(BEST_FIRST)
                .map(ServicePluginDirectory::<T>typed);
    }

    @Override
    public SortedSet<String> schemes(PluginKind<?> kind) {
        return offers.stream()
                .filter(offer -> kind.type().isInstance(offer.provider()))
                .flatMap(offer -> offer.schemes().stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Override
    public Registration listen(Listener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** Returns all offers for people; {@code users} names the apps that use one. */
    List<PluginStatus> statuses(java.util.function.Function<Offer<?>, List<String>> users) {
        return offers.stream()
                .sorted(Comparator.<ServiceOffer<?>, String>comparing(ServiceOffer::kind)
                        .thenComparing(offer -> offer.schemes().toString())
                        .thenComparing(BEST_FIRST))
                .map(offer -> new PluginStatus(
                        offer.kind(),
                        offer.schemes(),
                        String.valueOf(offer.origin().getSymbolicName()),
                        offer.origin().getVersion().toString(),
                        isChosen(offer),
                        users.apply(offer)))
                .toList();
    }

    private boolean isChosen(ServiceOffer<?> offer) {
        Predicate<ServiceOffer<?>> rival = other ->
                other.kind().equals(offer.kind()) && other.schemes().stream().anyMatch(offer.schemes()::contains);
        return offers.stream().filter(rival).min(BEST_FIRST).orElseThrow().equals(offer);
    }

    @SuppressWarnings("unchecked")
    private static <T extends AutoCloseable> Offer<T> typed(ServiceOffer<?> offer) {
        return (Offer<T>) offer;
    }

    private final class Customizer implements ServiceTrackerCustomizer<Object, ServiceOffer<?>> {
        private final BundleContext context;

        Customizer(BundleContext context) {
            this.context = context;
        }

        @Override
        @SuppressWarnings("NullAway")
        public ServiceOffer<?> addingService(ServiceReference<Object> reference) {
            if (!(context.getService(reference) instanceof Provider<?> provider)) {
                return null;
            }
            ServiceOffer<?> offer = new ServiceOffer<>(
                    provider,
                    String.valueOf(reference.getProperty("dewy.kind")),
                    strings(reference.getProperty(Plugin.SCHEME)),
                    reference.getProperty(Constants.SERVICE_RANKING) instanceof Integer ranking ? ranking : 0,
                    reference.getBundle());
            offers.add(offer);
            listeners.forEach(Listener::changed);
            return offer;
        }

        @Override
        public void modifiedService(ServiceReference<Object> reference, ServiceOffer<?> offer) {
            listeners.forEach(Listener::changed);
        }

        @Override
        public void removedService(ServiceReference<Object> reference, ServiceOffer<?> offer) {
            offers.remove(offer);
            listeners.forEach(listener -> listener.leaving(offer));
            context.ungetService(reference);
        }

        private List<String> strings(Object property) {
            return property instanceof String[] several ? Arrays.asList(several) : List.of(String.valueOf(property));
        }
    }
}
