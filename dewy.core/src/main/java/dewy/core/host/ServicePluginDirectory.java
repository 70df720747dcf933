package dewy.core.host;

import dewy.api.Registration;
import dewy.api.plugin.Plugin;
import dewy.api.plugin.Provider;
import dewy.core.plugin.Offer;
import dewy.core.plugin.PluginDirectory;
import dewy.core.plugin.PluginKind;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;
import org.osgi.util.tracker.ServiceTrackerCustomizer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The providers in the service registry. One that is no provider of the kind it calls itself, or that its manifest does not
 * declare, is left out; and so is one that has its bundle {@linkplain #withhold withheld}, until it is admitted.
 */
final class ServicePluginDirectory implements PluginDirectory, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("dewy.plugin");
    private static final String KIND = "dewy.kind";
    private static final String FILTER = "(&(" + KIND + "=*)(" + Plugin.SCHEME + "=*))";
    private static final Map<String, PluginKind<?>> KINDS =
            PluginKind.ALL.stream().collect(Collectors.toMap(PluginKind::name, kind -> kind));

    private final List<ServiceOffer<?>> offers = new CopyOnWriteArrayList<>();
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final Set<Bundle> withheld = ConcurrentHashMap.newKeySet();
    private final Map<Bundle, String> problems = new ConcurrentHashMap<>();
    private final ServiceTracker<Object, ServiceOffer<?>> tracker;
    private final AvailablePlugins available;
    private final ComponentFailures failures;

    ServicePluginDirectory(BundleContext context, AvailablePlugins available, ComponentFailures failures) {
        this.available = available;
        this.failures = failures;
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
        return best(kind.name(), scheme).map(ServicePluginDirectory::<T>typed);
    }

    Optional<ServiceOffer<?>> best(String kind, String scheme) {
        return admitted().stream()
                .filter(offer -> offer.kind().equals(kind) && offer.schemes().contains(scheme))
                .min(ServiceOffer.BEST_FIRST);
    }

    @Override
    public void provide(PluginKind<?> kind, String scheme) {
        available.provide(kind.name(), scheme);
    }

    @Override
    public String advice(PluginKind<?> kind, String scheme) {
        Optional<String> disabled = available
                .disabled(kind.name(), scheme)
                .map(name -> name + " should, but is disabled. Use plugin enable " + name);
        Optional<String> failing = problems.entrySet().stream()
                .filter(problem -> PluginBundle.declares(problem.getKey(), kind.name(), scheme))
                .map(problem -> PluginBundle.name(problem.getKey()) + " should, but " + problem.getValue())
                .findFirst();
        return failing.or(() -> disabled).orElseGet(() -> others(kind));
    }

    private String others(PluginKind<?> kind) {
        SortedSet<String> known = new TreeSet<>(available.schemes(kind.name()));
        offers.stream()
                .filter(offer -> kind.name().equals(offer.kind()))
                .forEach(offer -> known.addAll(offer.schemes()));
        String others = known.isEmpty() ? "None is known" : "Known are: " + String.join(", ", known);
        return others + ". Another one is added by putting its jar into " + available.place();
    }

    @Override
    public Registration listen(Listener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** Has what a bundle offers not be chosen by anybody who does not ask for it. */
    void withhold(Bundle bundle) {
        withheld.add(bundle);
    }

    /** Has what a bundle offers be chosen where it is the best. */
    void admit(Bundle bundle) {
        withheld.remove(bundle);
        lookAgain();
    }

    /** Has all apps look for a better plugin. */
    void lookAgain() {
        listeners.forEach(Listener::changed);
    }

    boolean isWithheld(Bundle bundle) {
        return withheld.contains(bundle);
    }

    /** Returns all offers, the best of each kind and scheme first. */
    List<ServiceOffer<?>> offers() {
        return offers.stream()
                .sorted(Comparator.<ServiceOffer<?>, String>comparing(ServiceOffer::kind)
                        .thenComparing(offer -> offer.schemes().toString())
                        .thenComparing(ServiceOffer.BEST_FIRST))
                .toList();
    }

    /** Returns what a bundle offers. */
    List<ServiceOffer<?>> offers(Bundle bundle) {
        return offers.stream().filter(offer -> offer.origin().equals(bundle)).toList();
    }

    /** Returns whether instances are opened with an offer where there are others of the same scheme. */
    boolean isChosen(ServiceOffer<?> offer) {
        return admitted().stream()
                .filter(offer::competesWith)
                .min(ServiceOffer.BEST_FIRST)
                .filter(offer::equals)
                .isPresent();
    }

    /** Returns those offers of a withheld bundle that would be chosen if it were admitted, and others gone. */
    List<ServiceOffer<?>> better(Bundle bundle, List<Bundle> gone) {
        return offers(bundle).stream()
                .filter(offer -> admitted().stream()
                        .filter(other -> offer.competesWith(other) && !gone.contains(other.origin()))
                        .allMatch(other -> ServiceOffer.BEST_FIRST.compare(offer, other) <= 0))
                .toList();
    }

    /** Returns why something that a bundle registered was left out. */
    Optional<String> problem(Bundle bundle) {
        return Optional.ofNullable(problems.get(bundle));
    }

    /** Forgets a bundle that is gone. */
    void forget(Bundle bundle) {
        withheld.remove(bundle);
        problems.remove(bundle);
    }

    private List<ServiceOffer<?>> admitted() {
        return offers.stream()
                .filter(offer -> !withheld.contains(offer.origin()))
                .toList();
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
            Object service = context.getService(reference);
            Bundle bundle = reference.getBundle();
            if (bundle == null) {
                return null;
            }
            String kind = String.valueOf(reference.getProperty(KIND));
            List<String> schemes = PluginBundle.strings(reference.getProperty(Plugin.SCHEME));
            Optional<String> lie = lie(bundle, service, kind, schemes);
            if (lie.isPresent()) {
                problems.put(bundle, lie.get());
                tell(bundle, lie.get());
                context.ungetService(reference);
                return null;
            }
            int ranking = reference.getProperty(Constants.SERVICE_RANKING) instanceof Integer rank ? rank : 0;
            ServiceOffer<?> offer = new ServiceOffer<>((Provider<?>) service, kind, schemes, ranking, bundle);
            offers.add(offer);
            lookAgainUnlessWithheld(bundle);
            return offer;
        }

        /** Whoever is about to take in a bundle that is withheld tells it. */
        private void tell(Bundle bundle, String lie) {
            if (!withheld.contains(bundle)) {
                LOG.atError()
                        .addKeyValue("bundle", PluginBundle.name(bundle))
                        .addKeyValue("error", lie)
                        .log("Plugin refused");
            }
        }

        /** Returns what is wrong with what a bundle registered, if anything is. */
        private Optional<String> lie(Bundle bundle, Object service, String kind, List<String> schemes) {
            PluginKind<?> known = KINDS.get(kind);
            String what = kind + ":" + String.join(",", schemes);
            if (service == null) {
                return Optional.of("its component for " + what + " cannot be activated"
                        + failures.of(bundle).map(words -> ": " + words).orElse(""));
            }
            if (known == null || !known.type().isInstance(service)) {
                return Optional.of("it registers " + service.getClass().getName() + " for " + what + ", which is no "
                        + (known == null ? "kind of plugin" : known.type().getName()));
            }
            boolean declared = PluginBundle.plugins(bundle).isEmpty()
                    || schemes.stream().allMatch(scheme -> PluginBundle.declares(bundle, kind, scheme));
            if (!declared) {
                return Optional.of("it registers " + what + ", which its manifest does not declare");
            }
            boolean twice = offers(bundle).stream()
                    .anyMatch(other -> other.kind().equals(kind)
                            && other.schemes().stream().anyMatch(schemes::contains));
            return twice ? Optional.of("it registers " + what + " twice; the first one counts") : Optional.empty();
        }

        @Override
        public void modifiedService(ServiceReference<Object> reference, ServiceOffer<?> offer) {
            lookAgainUnlessWithheld(offer.origin());
        }

        /** Who looks for what is withheld would not find it, and be told when it is admitted. */
        private void lookAgainUnlessWithheld(Bundle bundle) {
            if (!withheld.contains(bundle)) {
                lookAgain();
            }
        }

        @Override
        public void removedService(ServiceReference<Object> reference, ServiceOffer<?> offer) {
            offers.remove(offer);
            listeners.forEach(listener -> listener.leaving(offer));
            context.ungetService(reference);
        }
    }
}
