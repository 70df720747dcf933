package dewy.launcher.agent;

import dewy.api.FailureKind;
import dewy.api.Problem;
import dewy.api.control.Agent;
import dewy.api.control.CommandLines;
import dewy.launcher.log.FelixLog;
import dewy.launcher.prompt.Display;
import dewy.launcher.prompt.History;
import dewy.launcher.prompt.Prompt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.felix.framework.Felix;
import org.apache.felix.framework.util.FelixConstants;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The framework with all bundles started, and the agent within. */
public final class AgentFramework implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("dewy");
    /** Its commands are for people only, so it is started with the prompt. */
    private static final String GOSH = "org.apache.felix.gogo.shell";

    private final Felix felix;

    private AgentFramework(Felix felix) {
        this.felix = felix;
    }

    /**
     * Starts the framework with the embedded bundles, and those in the folder {@code plugins} of the home.
     *
     * @throws LaunchException if a bundle is missing something, or the home cannot be written to
     */
    public static AgentFramework start(AgentHome home) throws LaunchException {
        try (LauncherJar jar = LauncherJar.open()) {
            Felix felix = new Felix(configuration(home.folder(), jar));
            felix.init();
            BundleContext context = felix.getBundleContext();
            for (Path file : jar.extractBundles(home.folder().resolve("bundles"))) {
                Bundle bundle = context.installBundle("reference:" + file.toUri());
                if (!GOSH.equals(bundle.getSymbolicName())) {
                    bundle.start();
                }
            }
            felix.start();
            startPlugins(context, home.folder().resolve("plugins"));
            return new AgentFramework(felix);
        } catch (IOException e) {
            throw new LaunchException(
                    FailureKind.STORAGE,
                    Problem.of(
                            "unpack the bundles to",
                            home.folder(),
                            e.getClass().getSimpleName() + ": " + e.getMessage(),
                            "Check its owner, its mode and the free space"),
                    e);
        } catch (BundleException e) {
            throw new LaunchException(
                    FailureKind.CONFIGURATION,
                    Problem.of("start the framework in", home.folder(), String.valueOf(e.getMessage()), ""),
                    e);
        }
    }

    /**
     * Returns the agent.
     *
     * @throws LaunchException if it did not start
     */
    public Agent agent() throws LaunchException {
        return service(Agent.class);
    }

    /**
     * Returns what the bundles offer of a type.
     *
     * @throws LaunchException if none of them does
     */
    public <T> T service(Class<T> type) throws LaunchException {
        BundleContext context = felix.getBundleContext();
        ServiceReference<T> reference = context.getServiceReference(type);
        T service = reference == null ? null : context.getService(reference);
        if (service != null) {
            return service;
        }
        String idle = Arrays.stream(context.getBundles())
                .filter(bundle -> bundle.getState() != Bundle.ACTIVE && !GOSH.equals(bundle.getSymbolicName()))
                .map(bundle -> String.valueOf(bundle.getSymbolicName()))
                .collect(Collectors.joining(", "));
        throw new LaunchException(
                FailureKind.CONFIGURATION,
                Problem.of(
                        "start the",
                        type.getSimpleName(),
                        idle.isEmpty() ? "no bundle offers it" : "these bundles did not start: " + idle,
                        "The log above says why"));
    }

    /**
     * Opens the Gogo prompt on the terminal; leaving it stops the framework.
     *
     * @throws LaunchException if the bundles do not offer what it needs
     * @throws IOException if the terminal cannot be taken over
     */
    public void openPrompt(Path home) throws BundleException, LaunchException, IOException {
        for (Bundle bundle : felix.getBundleContext().getBundles()) {
            if (GOSH.equals(bundle.getSymbolicName())) {
                bundle.start();
            }
        }
        CommandLines lines = service(CommandLines.class);
        Display display = Display.open();
        Thread thread =
                new Thread(() -> prompt(new Prompt("g! ", display, lines, History.of(home)), display), "dewy-prompt");
        thread.setDaemon(true);
        thread.start();
    }

    private void prompt(Prompt prompt, Display display) {
        try (display) {
            prompt.run();
        } catch (IOException e) {
            LOG.atWarn().addKeyValue("error", e.getMessage()).log("The prompt ends");
        } finally {
            close();
        }
    }

    /** Returns when the framework has stopped. */
    public void awaitStop() throws InterruptedException {
        felix.waitForStop(0);
    }

    /** Stops the framework, and the agent with it. */
    @Override
    public void close() {
        try {
            felix.stop();
            felix.waitForStop(0);
        } catch (BundleException e) {
            LOG.atWarn().setCause(e).log("The framework does not stop");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Map<String, Object> configuration(Path home, LauncherJar jar) throws IOException {
        Map<String, Object> configuration = new HashMap<>();
        configuration.put(Constants.FRAMEWORK_STORAGE, home.resolve("framework").toString());
        configuration.put(Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT);
        configuration.put(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, jar.header(Constants.EXPORT_PACKAGE));
        configuration.put(Constants.FRAMEWORK_BSNVERSION, Constants.FRAMEWORK_BSNVERSION_MULTIPLE);
        configuration.put(FelixConstants.LOG_LOGGER_PROP, new FelixLog());
        configuration.put("dewy.home", home.toString());
        configuration.put("ds.loglevel", "1");
        // For a Configuration Admin service among the plugins: what it is told must neither reach the disk nor come
        // again.
        configuration.put("felix.cm.pm", "memory");
        configuration.put("gosh.args", "--quiet --nointeractive --noshutdown");
        return configuration;
    }

    private static void startPlugins(BundleContext context, Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        List<Path> jars;
        try (var files = Files.list(folder)) {
            jars = files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        }
        List<Bundle> installed = new ArrayList<>();
        for (Path jar : jars) {
            try {
                installed.add(context.installBundle("reference:" + jar.toUri()));
            } catch (BundleException e) {
                refused(jar.toString(), e);
            }
        }
        for (Bundle bundle : installed) {
            try {
                bundle.start();
            } catch (BundleException e) {
                refused(bundle.getLocation(), e);
            }
        }
    }

    private static void refused(String plugin, BundleException failure) {
        LOG.atError()
                .addKeyValue("plugin", plugin)
                .addKeyValue("error", failure.getMessage())
                .log("Plugin refused");
    }
}
