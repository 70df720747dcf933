package dewy.launcher.bundle;

import dewy.api.bundle.PluginCapability;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.osgi.framework.Bundle;
import org.osgi.framework.wiring.BundleRevision;

/** The capabilities {@code dewy.plugin} in the manifest of a bundle. */
public final class PluginCapabilities {
    private static final String NAMESPACE = "dewy.plugin";

    private PluginCapabilities() {}

    /** Returns what a bundle offers; empty when it is no plugin. */
    public static List<PluginCapability> of(Bundle bundle) {
        return bundle.adapt(BundleRevision.class).getDeclaredCapabilities(NAMESPACE).stream()
                .map(capability -> capability(capability.getAttributes()))
                .toList();
    }

    private static PluginCapability capability(Map<String, Object> attributes) {
        Object scheme = attributes.getOrDefault("scheme", List.of());
        List<String> schemes = scheme instanceof Collection<?> several
                ? several.stream().map(String::valueOf).toList()
                : List.of(String.valueOf(scheme));
        return new PluginCapability(String.valueOf(attributes.get("kind")), schemes);
    }
}
