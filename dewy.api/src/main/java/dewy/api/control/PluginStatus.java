package dewy.api.control;

import java.util.List;

/**
 * A plugin that core knows.
 *
 * @param kind {@code registry}, {@code artifact}, {@code cache}, {@code notifier}, {@code runtime}, {@code proxy}
 * @param schemes the schemes it answers to
 * @param bundle the symbolic name of its bundle
 * @param version the version of its bundle
 * @param chosen whether core opens new instances with it; another provider of the same scheme may come before it
 * @param users the apps that use it now
 */
public record PluginStatus(
        String kind, List<String> schemes, String bundle, String version, boolean chosen, List<String> users) {
    public PluginStatus {
        schemes = List.copyOf(schemes);
        users = List.copyOf(users);
    }
}
