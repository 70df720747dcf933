package dewy.tck;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.apache.felix.framework.FrameworkFactory;
import org.apache.felix.framework.util.FelixConstants;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.wiring.FrameworkWiring;

/**
 * Apache Felix with Declarative Services, as an agent has it: the system bundle exports {@code dewy.api} and slf4j, with
 * the versions of the jars that are on the class path.
 */
final class TestFramework implements AutoCloseable {
    /** One class of each jar that the system bundle exports; slf4j need not be there. */
    private static final List<String> EXPORTED = List.of("dewy.api.Call", "org.slf4j.Logger");

    /** One class of each bundle that Declarative Services consist of. */
    private static final List<String> DECLARATIVE_SERVICES = List.of(
            "org.osgi.util.function.Function",
            "org.osgi.util.promise.Promise",
            "org.osgi.service.component.ComponentContext",
            "org.apache.felix.scr.impl.Activator");

    private final @Nullable Framework framework;

    private TestFramework(@Nullable Framework framework) {
        this.framework = framework;
    }

    /** Returns what stands for a framework until there is one. */
    static TestFramework none() {
        return new TestFramework(null);
    }

    static TestFramework start(Path storage) throws BundleException, IOException {
        Framework framework = new FrameworkFactory()
                .newFramework(Map.of(
                        Constants.FRAMEWORK_STORAGE,
                        storage.toString(),
                        Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA,
                        exports(),
                        Constants.FRAMEWORK_BSNVERSION,
                        Constants.FRAMEWORK_BSNVERSION_MULTIPLE,
                        // They would be for all of the JVM, and other tests have frameworks of their own.
                        FelixConstants.SERVICE_URLHANDLERS_PROP,
                        "false"));
        framework.start();
        TestFramework started = new TestFramework(framework);
        List<Bundle> bundles = new ArrayList<>();
        for (String one : DECLARATIVE_SERVICES) {
            bundles.add(started.install(jarOf(one)));
        }
        for (Bundle bundle : bundles) {
            bundle.start();
        }
        return started;
    }

    BundleContext context() {
        return framework().getBundleContext();
    }

    Bundle install(Path jar) throws BundleException, IOException {
        try (InputStream content = Files.newInputStream(jar)) {
            return context().installBundle(jar.toUri().toString(), content);
        }
    }

    /** Updates a bundle as {@code felix:update} does, and lets go of what it was. */
    void update(Bundle bundle, Path jar) throws Exception {
        try (InputStream content = Files.newInputStream(jar)) {
            bundle.update(content);
        }
        refresh(bundle);
    }

    /** Uninstalls a bundle, and lets go of it. */
    void uninstall(Bundle bundle) throws Exception {
        bundle.uninstall();
        refresh(bundle);
    }

    @Override
    public void close() throws BundleException, InterruptedException {
        if (framework != null) {
            framework.stop();
            framework.waitForStop(TimeUnit.SECONDS.toMillis(30));
        }
    }

    private void refresh(Bundle bundle) throws InterruptedException {
        CountDownLatch refreshed = new CountDownLatch(1);
        framework().adapt(FrameworkWiring.class).refreshBundles(List.of(bundle), event -> {
            if (event.getType() == FrameworkEvent.PACKAGES_REFRESHED) {
                refreshed.countDown();
            }
        });
        if (!refreshed.await(30, TimeUnit.SECONDS)) {
            throw new AssertionError(bundle + " was not refreshed");
        }
    }

    private Framework framework() {
        if (framework == null) {
            throw new IllegalStateException("the framework was not started");
        }
        return framework;
    }

    private static String exports() throws IOException {
        Set<String> exports = new LinkedHashSet<>();
        for (String name : EXPORTED) {
            if (isThere(name)) {
                exports.add(manifest(locationOf(name)).getMainAttributes().getValue(Constants.EXPORT_PACKAGE));
            }
        }
        return String.join(",", exports);
    }

    /** Returns the manifest of a jar, or of a folder of classes where a build has not packaged them yet. */
    private static Manifest manifest(Path location) throws IOException {
        if (Files.isDirectory(location)) {
            try (InputStream in = Files.newInputStream(location.resolve(JarFile.MANIFEST_NAME))) {
                return new Manifest(in);
            }
        }
        try (JarFile jar = new JarFile(location.toFile())) {
            return jar.getManifest();
        }
    }

    private static Path jarOf(String className) {
        Path location = locationOf(className);
        if (!Files.isRegularFile(location)) {
            throw new AssertionError(className + " comes from " + location + ", which is no bundle");
        }
        return location;
    }

    private static boolean isThere(String className) {
        try {
            Class.forName(className, false, TestFramework.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    private static Path locationOf(String className) {
        try {
            CodeSource source = Class.forName(className, false, TestFramework.class.getClassLoader())
                    .getProtectionDomain()
                    .getCodeSource();
            return Path.of(source.getLocation().toURI());
        } catch (ClassNotFoundException | URISyntaxException e) {
            throw new AssertionError(className + " must be on the class path", e);
        }
    }
}
