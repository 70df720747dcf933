package dewy.launcher.bundle;

import java.util.HashMap;
import java.util.Map;
import java.util.jar.Manifest;
import org.apache.felix.framework.util.FelixConstants;
import org.osgi.framework.Constants;

/** What the framework itself offers to bundles: what the manifest of the launcher says that it exports and provides. */
public final class SystemBundle {
    private SystemBundle() {}

    /** Returns the configuration of a framework that also offers what the system bundle exports in the place of bundles. */
    public static Map<String, Object> configuration(Manifest launcher, BundleIndex index) {
        Map<String, Object> configuration = configuration(launcher);
        if (!index.exports().isEmpty()) {
            configuration.merge(
                    Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, index.exports(), (given, more) -> given + "," + more);
        }
        return configuration;
    }

    /** Returns the configuration of a framework that resolves bundles as every other one with the same manifest does. */
    public static Map<String, Object> configuration(Manifest launcher) {
        Map<String, Object> configuration = new HashMap<>();
        String exports = launcher.getMainAttributes().getValue(Constants.EXPORT_PACKAGE);
        String provides = launcher.getMainAttributes().getValue(Constants.PROVIDE_CAPABILITY);
        if (exports != null) {
            configuration.put(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, exports);
        }
        if (provides != null) {
            configuration.put(Constants.FRAMEWORK_SYSTEMCAPABILITIES_EXTRA, provides);
        }
        configuration.put(Constants.FRAMEWORK_BSNVERSION, Constants.FRAMEWORK_BSNVERSION_MULTIPLE);
        // For a few dozen bundles, threads cost more than they save.
        configuration.put("felix.resolver.parallelism", "1");
        // They would be for all of the JVM, which may have other frameworks.
        configuration.put(FelixConstants.SERVICE_URLHANDLERS_PROP, "false");
        configuration.put(Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT);
        return configuration;
    }
}
