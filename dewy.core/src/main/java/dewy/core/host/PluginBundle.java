package dewy.core.host;

import dewy.api.bundle.PluginCapability;
import dewy.api.plugin.Plugin;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.wiring.BundleRevision;

/** What the framework knows of a bundle as one of ours. */
final class PluginBundle {
    private PluginBundle() {}

    /** Returns its symbolic name and version, for people. */
    static String name(Bundle bundle) {
        return bundle.getSymbolicName() + " " + bundle.getVersion();
    }

    /** Returns the plugins that its manifest declares; none when it is uninstalled. */
    static List<PluginCapability> plugins(Bundle bundle) {
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        if (revision == null) {
            return List.of();
        }
        return revision.getDeclaredCapabilities(Plugin.NAMESPACE).stream()
                .map(capability -> new PluginCapability(
                        String.valueOf(capability.getAttributes().get("kind")),
                        strings(capability.getAttributes().get("scheme"))))
                .toList();
    }

    static boolean isActive(Bundle bundle) {
        return (bundle.getState() & (Bundle.ACTIVE | Bundle.STARTING)) != 0;
    }

    /** Returns whether its manifest declares a plugin of that kind for that scheme. */
    static boolean declares(Bundle bundle, String kind, String scheme) {
        return plugins(bundle).stream()
                .anyMatch(
                        plugin -> plugin.kind().equals(kind) && plugin.schemes().contains(scheme));
    }

    static List<String> strings(@Nullable Object value) {
        if (value instanceof Collection<?> several) {
            return several.stream().map(String::valueOf).toList();
        }
        return value instanceof String[] array ? List.of(array) : List.of(String.valueOf(value));
    }
}
