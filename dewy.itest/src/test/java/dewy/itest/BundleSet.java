package dewy.itest;

import dewy.api.plugin.Plugin;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;

/** The bundles of the launcher, looked at from a bundle beside them. */
final class BundleSet {
    /** The home of the agent in the framework. */
    static final Path HOME = Path.of(System.getProperty("dewy.root"), "dewy.itest/target/bundle-set")
            .toAbsolutePath()
            .normalize();

    /** Where their jars are. */
    static final Path JARS = HOME.resolve("bundles");

    private BundleSet() {}

    static BundleContext context() {
        return FrameworkUtil.getBundle(BundleSet.class).getBundleContext();
    }

    static Bundle system() {
        return context().getBundle(Constants.SYSTEM_BUNDLE_LOCATION);
    }

    static List<Bundle> shipped() {
        return Arrays.stream(context().getBundles())
                .filter(bundle -> bundle.getLocation().contains(JARS.toString()))
                .toList();
    }

    static boolean hasComponents(Bundle bundle) {
        return bundle.getHeaders().get("Service-Component") != null;
    }

    /** Returns the components that cannot run; waiting for a configuration, and for nothing else, is in order. */
    static Set<String> componentsInWant() {
        ServiceComponentRuntime runtime =
                context().getService(context().getServiceReference(ServiceComponentRuntime.class));
        Set<String> found = new TreeSet<>();
        for (ComponentDescriptionDTO component :
                runtime.getComponentDescriptionDTOs(shipped().toArray(Bundle[]::new))) {
            Collection<ComponentConfigurationDTO> states = runtime.getComponentConfigurationDTOs(component);
            boolean waitsForConfiguration = "require".equals(component.configurationPolicy) && states.isEmpty();
            if (waitsForConfiguration) {
                continue;
            }
            if (states.isEmpty() || states.stream().anyMatch(BundleSet::isInWant)) {
                found.add(component.name + " " + states);
            }
        }
        return found;
    }

    private static boolean isInWant(ComponentConfigurationDTO component) {
        return component.unsatisfiedReferences.length > 0
                || component.state == ComponentConfigurationDTO.UNSATISFIED_REFERENCE
                || component.state == ComponentConfigurationDTO.FAILED_ACTIVATION;
    }

    static Stream<Map<String, Object>> promises(Bundle bundle, String namespace) {
        return bundle.adapt(BundleRevision.class).getDeclaredCapabilities(namespace).stream()
                .map(BundleCapability::getAttributes);
    }

    /** Tells whether a bundle has registered a service with these properties, and that service can be had. */
    static boolean keeps(Bundle bundle, String prefix, Map<String, Object> promise) {
        return registered(bundle)
                .filter(service -> promise.entrySet().stream()
                        .allMatch(it -> values(service.getProperty(prefix + it.getKey()))
                                .containsAll(values(it.getValue()))))
                .anyMatch(service -> context().getService(service) != null);
    }

    private static Stream<ServiceReference<?>> registered(Bundle bundle) {
        return Stream.ofNullable(bundle.getRegisteredServices()).flatMap(Stream::of);
    }

    private static Collection<?> values(@Nullable Object property) {
        if (property instanceof Collection<?> list) {
            return list;
        }
        return property instanceof Object[] array
                ? List.of(array)
                : Stream.ofNullable(property).toList();
    }

    /** Returns what the bundles with components have registered, each after the name of its bundle. */
    static List<String> services() {
        return shipped().stream()
                .filter(BundleSet::hasComponents)
                .flatMap(bundle -> registered(bundle)
                        .map(service -> bundle.getSymbolicName()
                                + " " + values(service.getProperty(Constants.OBJECTCLASS))
                                + " " + values(service.getProperty(Plugin.SCHEME))))
                .sorted()
                .toList();
    }

    static Stream<BundleCapability> exports(Bundle bundle) {
        return bundle.adapt(BundleWiring.class).getCapabilities(PackageNamespace.PACKAGE_NAMESPACE).stream();
    }

    static String name(BundleCapability exported) {
        return String.valueOf(exported.getAttributes().get(PackageNamespace.PACKAGE_NAMESPACE));
    }

    /** Returns the name of one class of each package that a bundle does not export. */
    static Collection<String> privateClasses(Bundle bundle) {
        Map<String, String> classes = new HashMap<>();
        int everything = BundleWiring.LISTRESOURCES_LOCAL | BundleWiring.LISTRESOURCES_RECURSE;
        for (String file : bundle.adapt(BundleWiring.class).listResources("/", "*.class", everything)) {
            String name = file.replaceFirst("\\.class$", "").replace('/', '.');
            if (!name.startsWith("META-INF") && name.contains(".")) {
                classes.put(name.substring(0, name.lastIndexOf('.')), name);
            }
        }
        exports(bundle).map(BundleSet::name).forEach(classes::remove);
        return classes.values();
    }

    static boolean sees(Bundle bundle, String name, Bundle owner) {
        try {
            return owner.equals(FrameworkUtil.getBundle(bundle.loadClass(name)));
        } catch (ClassNotFoundException e) {
            return false;
        }
    }
}
