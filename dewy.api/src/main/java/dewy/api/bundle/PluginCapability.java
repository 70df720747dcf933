package dewy.api.bundle;

import java.util.List;

/**
 * The capability {@code dewy.plugin} of a bundle.
 *
 * @param kind the kind of plugin
 * @param schemes the URL schemes it answers to
 */
public record PluginCapability(String kind, List<String> schemes) {
    public PluginCapability {
        schemes = List.copyOf(schemes);
    }
}
