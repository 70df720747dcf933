package dewy.api.bundle;

import java.util.List;

/**
 * A bundle that offers plugins, as described by its manifest.
 *
 * @param symbolicName the symbolic name of the bundle
 * @param version the version of the bundle
 * @param offers what it offers: at least one
 */
public record EmbeddedPlugin(String symbolicName, String version, List<PluginCapability> offers) {
    public EmbeddedPlugin {
        offers = List.copyOf(offers);
    }
}
