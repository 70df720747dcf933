package dewy.itest;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;

/** The Configuration Admin service in a framework, whose classes are not those of the class path. */
record Configurations(Object service) {
    private static final String SERVICE = "org.osgi.service.cm.ConfigurationAdmin";

    /** Puts the bundle with the service among the plugins of an agent that is not started yet. */
    static void install(Path home) throws IOException, URISyntaxException, ClassNotFoundException {
        Path plugins = Files.createDirectories(home.resolve("plugins"));
        Class<?> within = Class.forName("org.apache.felix.cm.PersistenceManager");
        Path jar = Path.of(
                within.getProtectionDomain().getCodeSource().getLocation().toURI());
        Files.copy(jar, plugins.resolve("configadmin.jar"));
    }

    static Configurations of(BundleContext context) throws InterruptedException {
        Releases.await(() -> context.getServiceReference(SERVICE) != null, () -> "no " + SERVICE);
        ServiceReference<?> reference = context.getServiceReference(SERVICE);
        return new Configurations(context.getService(reference));
    }

    /** Gives the configuration of an app, new or not, these properties. */
    void update(String app, Map<String, Object> properties) throws ReflectiveOperationException {
        Object configuration = configuration(app);
        configuration
                .getClass()
                .getMethod("update", java.util.Dictionary.class)
                .invoke(configuration, FrameworkUtil.asDictionary(properties));
    }

    void delete(String app) throws ReflectiveOperationException {
        Object configuration = configuration(app);
        configuration.getClass().getMethod("delete").invoke(configuration);
    }

    private Object configuration(String app) throws ReflectiveOperationException {
        return service.getClass()
                .getMethod("getFactoryConfiguration", String.class, String.class, String.class)
                .invoke(service, "dewy.app", app, "?");
    }
}
