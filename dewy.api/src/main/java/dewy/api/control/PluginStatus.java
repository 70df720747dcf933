package dewy.api.control;

import java.util.List;
import java.util.Optional;

/**
 * A plugin: what one bundle offers of one kind.
 *
 * @param kind {@code registry}, {@code artifact}, {@code cache}, {@code notifier}, {@code runtime}, {@code proxy}; empty when
 *     it is not known
 * @param schemes the schemes it answers to
 * @param bundle the symbolic name of its bundle
 * @param version the version of its bundle
 * @param state how it is doing
 * @param ranking its service ranking; among those of a scheme the highest one is chosen, then the newest version
 * @param chosen whether core opens new instances with it; another provider of the same scheme may come before it
 * @param users the apps that use it now
 * @param origin where its bundle comes from: {@code launcher}, the name of a file of the plugin folder, or a location of the
 *     framework
 * @param problem why it cannot be used, in a sentence; empty when it can
 */
public record PluginStatus(
        String kind,
        List<String> schemes,
        String bundle,
        String version,
        PluginState state,
        int ranking,
        boolean chosen,
        List<String> users,
        String origin,
        Optional<String> problem) {
    public PluginStatus {
        schemes = List.copyOf(schemes);
        users = List.copyOf(users);
    }
}
