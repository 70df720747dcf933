package dewy.core.host;

import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.core.plugin.Guard;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.jar.JarFile;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.BundleWire;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.framework.wiring.FrameworkWiring;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Installs, starts and removes bundles of plugins, in bounded time whatever they do. Safe for use by several threads. */
final class BundleStarter {
    private static final Logger LOG = LoggerFactory.getLogger("dewy.plugin");
    private static final Duration START_LIMIT = Duration.ofSeconds(10);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);

    private final BundleContext context;
    private final Guard guard;
    private final MissingRequirements requirements;

    BundleStarter(BundleContext context, Guard guard, MissingRequirements requirements) {
        this.context = context;
        this.guard = guard;
        this.requirements = requirements;
    }

    /**
     * Installs a jar where it lies.
     *
     * @throws InvalidException if it is damaged or no bundle
     */
    Bundle install(Path jar, String name) throws InvalidException {
        requireJar(jar, name);
        try {
            Bundle bundle = context.installBundle("reference:" + jar.toUri());
            if (bundle.getSymbolicName() == null) {
                bundle.uninstall();
                throw new InvalidException(
                        Problem.of("install", name, "it is no bundle: its manifest has no Bundle-SymbolicName", ""));
            }
            return bundle;
        } catch (BundleException e) {
            throw new InvalidException(
                    Problem.of("install", name, ExceptionText.refusal(e), "Get it anew, and compare its digest"), e);
        }
    }

    /** The framework says of something else only where it put that. */
    private static void requireJar(Path jar, String name) throws InvalidException {
        try (JarFile opened = new JarFile(jar.toFile(), false)) {
            opened.size();
        } catch (IOException e) {
            throw new InvalidException(
                    Problem.of(
                            "install",
                            name,
                            "it is no jar, or only a part of one: " + e.getMessage(),
                            "Get it anew, and compare its digest"),
                    e);
        }
    }

    /**
     * Starts a bundle.
     *
     * @throws InvalidException if something that it needs is missing, or it fails
     * @throws DewyException if it does not come back in time
     */
    void start(Bundle bundle) throws DewyException {
        String name = PluginBundle.name(bundle);
        List<String> lacks = requirements.lacks(bundle);
        if (!lacks.isEmpty()) {
            throw new InvalidException(Problem.of("start", name, String.join("; ", lacks), ""));
        }
        guard.<Boolean>within(START_LIMIT, "start the plugin", name, call -> {
            try {
                bundle.start();
                return true;
            } catch (BundleException e) {
                throw new InvalidException(Problem.of("start", name, ExceptionText.refusal(e), ""), e);
            }
        });
    }

    /** Stops a bundle, until somebody starts it. */
    void stop(Bundle bundle) throws DewyException {
        String name = PluginBundle.name(bundle);
        guard.<Boolean>within(STOP_LIMIT, "stop the plugin", name, call -> {
            try {
                bundle.stop();
                return true;
            } catch (BundleException e) {
                throw new InvalidException(Problem.of("stop", name, ExceptionText.refusal(e), ""), e);
            }
        });
    }

    /** Removes a bundle; one that does not let itself be removed is told, and stays without being used. */
    void uninstall(Bundle bundle) {
        String name = PluginBundle.name(bundle);
        try {
            guard.<Boolean>within(STOP_LIMIT, "remove the plugin", name, call -> {
                if (bundle.getState() != Bundle.UNINSTALLED) {
                    bundle.uninstall();
                }
                return true;
            });
            refresh(bundle);
        } catch (DewyException e) {
            LOG.atError().addKeyValue("error", e.problem().sentence()).log("Plugin not removed");
        }
    }

    /** Lets go of the classes of a bundle, unless others that stay use them. */
    private void refresh(Bundle bundle) {
        BundleWiring wiring = bundle.adapt(BundleWiring.class);
        if (wiring == null || isUsed(wiring)) {
            return;
        }
        Bundle system = context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION);
        if (system != null) {
            system.adapt(FrameworkWiring.class).refreshBundles(List.of(bundle));
        }
    }

    private static boolean isUsed(BundleWiring wiring) {
        Collection<BundleWire> wires = wiring.getProvidedWires(null);
        return wires != null && !wires.isEmpty();
    }
}
