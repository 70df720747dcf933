package dewy.launcher.bundle;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.namespace.HostNamespace;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.BundleWiring;

/**
 * What bundles need of each other. The framework wires packages and capabilities; services it leaves aside, so that their
 * requirements are matched here.
 */
final class BundleNeeds {
    private static final String SERVICE = "osgi.service";

    private final Collection<Bundle> bundles;

    /** @param bundles all of a framework, with the system bundle */
    BundleNeeds(Collection<Bundle> bundles) {
        this.bundles = bundles;
    }

    /** Returns the requirements that none of the bundles can meet, in words. */
    List<String> unmet() {
        return bundles.stream()
                .flatMap(bundle -> requirements(bundle)
                        .filter(requirement -> providers(requirement).findAny().isEmpty())
                        .map(requirement -> name(bundle) + " lacks " + requirement.getNamespace() + " "
                                + requirement.getDirectives().get(Constants.FILTER_DIRECTIVE)))
                .toList();
    }

    /** Returns the bundles that a resolved bundle needs, those that these need included, and itself not. */
    Set<Bundle> closure(Bundle bundle) {
        Set<Bundle> closure = new LinkedHashSet<>();
        Deque<Bundle> left = new ArrayDeque<>(List.of(bundle));
        while (!left.isEmpty()) {
            direct(left.remove()).filter(closure::add).forEach(left::add);
        }
        closure.remove(bundle);
        return closure;
    }

    static String name(Bundle bundle) {
        return bundle.getSymbolicName() + " " + bundle.getVersion();
    }

    private Stream<Bundle> direct(Bundle bundle) {
        BundleWiring wiring = bundle.adapt(BundleWiring.class);
        Stream<Bundle> wired = wiring.getRequiredWires(null).stream()
                .map(wire -> wire.getProvider().getBundle());
        Stream<Bundle> fragments = wiring.getProvidedWires(HostNamespace.HOST_NAMESPACE).stream()
                .map(wire -> wire.getRequirer().getBundle());
        return Stream.of(wired, fragments, services(bundle))
                .flatMap(needed -> needed)
                .filter(needed -> needed.getBundleId() != Constants.SYSTEM_BUNDLE_ID);
    }

    /** All that offer a service are needed: which of them is used must not depend on what else was started. */
    private Stream<Bundle> services(Bundle bundle) {
        return requirements(bundle)
                .filter(requirement -> SERVICE.equals(requirement.getNamespace()))
                .map(requirement -> providers(requirement).toList())
                .filter(providers -> !providers.contains(bundle))
                .flatMap(List::stream);
    }

    private Stream<Bundle> providers(BundleRequirement requirement) {
        return bundles.stream().filter(bundle -> capabilities(bundle).anyMatch(requirement::matches));
    }

    private static Stream<BundleCapability> capabilities(Bundle bundle) {
        return bundle.adapt(BundleRevision.class).getDeclaredCapabilities(null).stream();
    }

    /** What must be met: not what is optional, nor what only says what else may be of use when it is active. */
    private static Stream<BundleRequirement> requirements(Bundle bundle) {
        return bundle.adapt(BundleRevision.class).getDeclaredRequirements(null).stream()
                .filter(requirement -> isResolved(requirement) || SERVICE.equals(requirement.getNamespace()))
                .filter(requirement -> !Constants.RESOLUTION_OPTIONAL.equals(
                        requirement.getDirectives().get(Constants.RESOLUTION_DIRECTIVE)))
                .filter(requirement ->
                        !"dynamic".equals(requirement.getDirectives().get(Constants.RESOLUTION_DIRECTIVE)));
    }

    private static boolean isResolved(BundleRequirement requirement) {
        return Constants.EFFECTIVE_RESOLVE.equals(
                requirement.getDirectives().getOrDefault(Constants.EFFECTIVE_DIRECTIVE, Constants.EFFECTIVE_RESOLVE));
    }
}
