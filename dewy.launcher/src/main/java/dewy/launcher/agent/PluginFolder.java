package dewy.launcher.agent;

import dewy.launcher.bundle.PluginCapabilities;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bundles that users put into a folder. Plugins, by the capability in their manifest, are there to be started when an
 * app needs them; all others are started with the agent.
 */
final class PluginFolder {
    private static final Logger LOG = LoggerFactory.getLogger("dewy");

    private PluginFolder() {}

    /**
     * Installs what is in a folder, and starts what is no plugin; of a bundle that is refused the log tells.
     *
     * @return whether there was something to start
     */
    static boolean install(BundleContext context, Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        List<Path> jars = new ArrayList<>();
        try (var files = Files.newDirectoryStream(folder, "*.jar")) {
            files.forEach(jars::add);
        }
        jars.sort(null);
        List<Bundle> installed = new ArrayList<>();
        for (Path jar : jars) {
            try {
                installed.add(context.installBundle("reference:" + jar.toUri()));
            } catch (BundleException e) {
                refused(jar.toString(), e);
            }
        }
        List<Bundle> others = installed.stream()
                .filter(bundle -> PluginCapabilities.of(bundle).isEmpty())
                .toList();
        others.forEach(PluginFolder::start);
        return !others.isEmpty();
    }

    /** Starts a bundle; if that fails the log tells. */
    static void start(Bundle bundle) {
        try {
            bundle.start();
        } catch (BundleException e) {
            refused(bundle.getLocation(), e);
        }
    }

    private static void refused(String plugin, BundleException failure) {
        LOG.atError()
                .addKeyValue("plugin", plugin)
                .addKeyValue("error", failure.getMessage())
                .log("Plugin refused");
    }
}
