package dewy.launcher.agent;

import dewy.launcher.bundle.IndexedBundle;
import java.io.File;
import java.util.Map;
import java.util.Optional;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.connect.ConnectModule;
import org.osgi.framework.connect.ModuleConnector;

/** Has the framework take bundles whose classes are on the class path of the launcher from there. */
final class ClassPathBundles implements ModuleConnector {
    private static final String SCHEME = "launcher:";

    private final LauncherJar jar;

    ClassPathBundles(LauncherJar jar) {
        this.jar = jar;
    }

    /** Returns the place from which such a bundle is installed. */
    static String location(IndexedBundle bundle) {
        return SCHEME + bundle.file();
    }

    @Override
    public void initialize(File storage, Map<String, String> configuration) {}

    @Override
    public Optional<ConnectModule> connect(String location) {
        if (!location.startsWith(SCHEME)) {
            return Optional.empty();
        }
        String folder = location.substring(SCHEME.length());
        return Optional.of(() -> new ClassPathContent(jar, folder));
    }

    @Override
    public Optional<BundleActivator> newBundleActivator() {
        return Optional.empty();
    }
}
