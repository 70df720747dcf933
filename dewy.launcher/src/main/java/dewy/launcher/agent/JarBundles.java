package dewy.launcher.agent;

import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.NotFoundException;
import dewy.api.Problem;
import dewy.api.StorageException;
import dewy.api.bundle.EmbeddedBundles;
import dewy.api.bundle.EmbeddedPlugin;
import dewy.launcher.bundle.BundleIndex;
import dewy.launcher.bundle.IndexedBundle;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.FrameworkWiring;

/**
 * The bundles in the launcher's jar, copied to the agent home and installed when they are needed. That a bundle is installed
 * is known to the framework, by its file, so no lock is held here while bundles start.
 */
final class JarBundles implements EmbeddedBundles {
    private final LauncherJar jar;
    private final BundleIndex index;
    private final Path folder;
    private final BundleContext context;

    private JarBundles(LauncherJar jar, BundleIndex index, Path folder, BundleContext context) {
        this.jar = jar;
        this.index = index;
        this.folder = folder;
        this.context = context;
    }

    /**
     * Returns the bundles of a jar for a framework, with what another jar left in the folder removed.
     *
     * @param index the index that the jar has
     */
    static JarBundles of(LauncherJar jar, BundleIndex index, Path folder, BundleContext context) throws IOException {
        jar.removeOthers(index.bundles(), folder);
        return new JarBundles(jar, index, folder, context);
    }

    @Override
    public List<EmbeddedPlugin> plugins() {
        return index.bundles().stream()
                .filter(IndexedBundle::isPlugin)
                .map(bundle -> new EmbeddedPlugin(bundle.symbolicName(), bundle.version(), bundle.offers()))
                .toList();
    }

    @Override
    public long install(String symbolicName) throws DewyException {
        IndexedBundle plugin = index.bundle(symbolicName)
                .filter(IndexedBundle::isPlugin)
                .orElseThrow(() -> new NotFoundException(Problem.of(
                        "install the plugin", symbolicName, "there is none of that name in the launcher's jar", "")));
        Map<String, Bundle> installed = installWithNeeds(plugin);
        Bundle bundle = Objects.requireNonNull(installed.remove(symbolicName));
        start(installed);
        return bundle.getBundleId();
    }

    /**
     * Installs and starts bundles, and what they need, which is started before.
     *
     * @throws DewyException as {@link #install} does
     */
    void start(String... symbolicNames) throws DewyException {
        start(installWithNeeds(Stream.of(symbolicNames)
                .map(name -> index.bundle(name).orElseThrow())
                .toArray(IndexedBundle[]::new)));
    }

    /**
     * All are installed before one is started, so that they are resolved as they were when the index was made. Their packages
     * are all that is needed of libraries, and the system bundle may have these.
     *
     * @return the bundles by symbolic name
     */
    private Map<String, Bundle> installWithNeeds(IndexedBundle... wanted) throws DewyException {
        Map<String, Bundle> installed = new LinkedHashMap<>();
        for (IndexedBundle each : wanted) {
            List<IndexedBundle> all = new ArrayList<>(index.needs(each));
            all.add(each);
            for (IndexedBundle bundle : all) {
                if (!bundle.isExported() && !installed.containsKey(bundle.symbolicName())) {
                    installed.put(bundle.symbolicName(), install(bundle));
                }
            }
        }
        return installed;
    }

    /** The framework gives back the bundle that it has from the same place, so nothing is installed twice. */
    private Bundle install(IndexedBundle bundle) throws DewyException {
        try {
            return context.installBundle(
                    bundle.isOnClassPath()
                            ? ClassPathBundles.location(bundle)
                            : "reference:" + jar.extract(bundle, folder).toUri());
        } catch (IOException e) {
            String why = e.getClass().getSimpleName() + ": " + e.getMessage();
            throw new StorageException(
                    Problem.of(
                            "copy the bundle " + bundle.symbolicName() + " to",
                            folder,
                            why,
                            "Check its owner, its mode and the free space"),
                    e);
        } catch (BundleException e) {
            throw refused("install", bundle.symbolicName(), e);
        }
    }

    private void start(Map<String, Bundle> bundles) throws InvalidException {
        // Resolving all at once takes less time than one after the other; what does not resolve, does not start either.
        context.getBundle(Constants.SYSTEM_BUNDLE_ID)
                .adapt(FrameworkWiring.class)
                .resolveBundles(bundles.values());
        for (Map.Entry<String, Bundle> each : bundles.entrySet()) {
            try {
                if (!isFragment(each.getValue())) {
                    each.getValue().start(Bundle.START_TRANSIENT);
                }
            } catch (BundleException e) {
                throw refused("start", each.getKey(), e);
            }
        }
    }

    private static boolean isFragment(Bundle bundle) {
        return (bundle.adapt(BundleRevision.class).getTypes() & BundleRevision.TYPE_FRAGMENT) != 0;
    }

    private static InvalidException refused(String tried, String symbolicName, BundleException failure) {
        Problem problem = Problem.of(tried + " the bundle", symbolicName, String.valueOf(failure.getMessage()), "");
        return new InvalidException(problem, failure);
    }
}
