package dewy.launcher.bundle;

import dewy.api.InvalidException;
import dewy.api.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.apache.felix.framework.Felix;
import org.apache.felix.framework.util.FelixConstants;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.FrameworkWiring;

/**
 * Writes the index of the embedded bundles, when the jar is built: a framework that offers them what the launcher's does
 * resolves them all, and what each needs is read from its wiring. A bundle that lacks something fails the build. The classes
 * of those that every agent starts are put on the class path of the launcher.
 */
public final class BundleIndexer {
    private static final String REFERENCE = "reference:";

    private final Felix felix;
    private final Path folder;

    private BundleIndexer(Felix felix, Path folder) {
        this.felix = felix;
        this.folder = folder;
    }

    /** Writes the index; the arguments are the folder with the content of the jar, and one for the framework. */
    public static void main(String... arguments)
            throws IOException, BundleException, InvalidException, InterruptedException {
        Path content = Path.of(arguments[0]);
        Path index = content.resolve(BundleIndex.PATH);
        try (InputStream manifest = Files.newInputStream(content.resolve("META-INF/MANIFEST.MF"))) {
            BundleIndex found = index(index.resolveSibling(""), new Manifest(manifest), Path.of(arguments[1]));
            Files.writeString(index, new ClassPath(content).withBase(found).text());
        }
    }

    /**
     * Returns the index of the bundles in a folder.
     *
     * @param launcher the manifest of the launcher that they are for
     * @param storage the folder for the framework, which is emptied before
     * @throws InvalidException saying which bundle lacks what
     */
    static BundleIndex index(Path folder, Manifest launcher, Path storage)
            throws IOException, BundleException, InvalidException, InterruptedException {
        Map<String, Object> configuration = SystemBundle.configuration(launcher);
        configuration.put(Constants.FRAMEWORK_STORAGE, storage.toString());
        configuration.put(FelixConstants.LOG_LEVEL_PROP, "0");
        Felix felix = new Felix(configuration);
        felix.start();
        try {
            return new BundleIndexer(felix, folder).index();
        } finally {
            felix.stop();
            felix.waitForStop(0);
        }
    }

    private BundleIndex index() throws IOException, BundleException, InvalidException {
        install();
        List<Bundle> all = Arrays.asList(felix.getBundleContext().getBundles());
        List<Bundle> installed = all.subList(1, all.size());
        BundleNeeds needs = new BundleNeeds(all);
        List<String> unmet = needs.unmet();
        if (!unmet.isEmpty()) {
            throw incomplete(String.join("; ", unmet), "Add a dependency on a bundle that has it");
        }
        resolve(installed);
        return BundleIndex.of(
                installed.stream().map(bundle -> describe(bundle, needs)).toList());
    }

    private void install() throws IOException, BundleException {
        BundleContext context = felix.getBundleContext();
        try (Stream<Path> all = Files.list(folder)) {
            List<Path> files = all.filter(file -> file.toString().endsWith(".jar") || Files.isDirectory(file))
                    .sorted()
                    .toList();
            for (Path file : files) {
                context.installBundle(REFERENCE + file.toUri());
            }
        }
    }

    private void resolve(List<Bundle> bundles) throws InvalidException {
        if (felix.adapt(FrameworkWiring.class).resolveBundles(bundles)) {
            return;
        }
        List<String> reasons = new ArrayList<>();
        for (Bundle bundle : bundles) {
            try {
                if (bundle.getState() == Bundle.INSTALLED) {
                    // It cannot start either, and what comes of it is the reason.
                    bundle.start();
                }
            } catch (BundleException e) {
                reasons.add(String.valueOf(e.getMessage()));
            }
        }
        throw incomplete(String.join("; ", reasons), "");
    }

    private InvalidException incomplete(String why, String advice) {
        return new InvalidException(Problem.of("index the bundles in", folder, why, advice));
    }

    private static IndexedBundle describe(Bundle bundle, BundleNeeds needs) {
        return new IndexedBundle(
                bundle.getSymbolicName(),
                bundle.getVersion().toString(),
                fileName(bundle),
                PluginCapabilities.of(bundle),
                needs.closure(bundle).stream()
                        .map(Bundle::getSymbolicName)
                        .sorted()
                        .toList(),
                "");
    }

    private static String fileName(Bundle bundle) {
        Path file = Path.of(URI.create(bundle.getLocation().substring(REFERENCE.length())));
        return file.getFileName() + (Files.isDirectory(file) ? "/" : "");
    }
}
