package dewy.launcher.agent;

import dewy.api.DewyException;
import dewy.api.FailureKind;
import dewy.api.Problem;
import dewy.api.bundle.EmbeddedBundles;
import dewy.api.control.Agent;
import dewy.api.control.AppsFile;
import dewy.api.control.CommandLines;
import dewy.api.event.EventLog;
import dewy.api.process.OwnSignals;
import dewy.launcher.bundle.BundleIndex;
import dewy.launcher.bundle.PluginCapabilities;
import dewy.launcher.bundle.SystemBundle;
import dewy.launcher.log.FelixLog;
import dewy.launcher.log.OsgiLog;
import dewy.launcher.prompt.Display;
import dewy.launcher.prompt.History;
import dewy.launcher.prompt.Prompt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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
import org.osgi.service.log.LogService;
import org.osgi.service.log.LoggerFactory;
import org.slf4j.Logger;

/** The framework with the bundles that are needed, and the agent within. */
public final class AgentFramework implements AutoCloseable {
    private static final Logger LOG = org.slf4j.LoggerFactory.getLogger("dewy");
    /** Its commands are for people only, so it is started with the prompt. */
    private static final String GOSH = "org.apache.felix.gogo.shell";

    private static final String CONFIG = "dewy.config";

    /** Those that are started only where an option says so. */
    private static final List<String> ON_REQUEST = List.of("dewy.admin", "dewy.telemetry");

    private final LauncherJar jar;
    private final Felix felix;
    private final JarBundles bundles;
    private final BackgroundStart others;
    private final List<String> besides;

    private AgentFramework(
            LauncherJar jar, Felix felix, JarBundles bundles, BackgroundStart others, List<String> besides) {
        this.jar = jar;
        this.felix = felix;
        this.bundles = bundles;
        this.others = others;
        this.besides = besides;
    }

    /**
     * Starts the framework with the bundles that every app needs. The shell goes on starting, and core
     * installs others on demand.
     *
     * @throws LaunchException if a bundle is missing something, or the home cannot be written to
     */
    public static AgentFramework start(AgentHome home) throws LaunchException {
        return start(home, Map.of());
    }

    /**
     * The same, with what is asked of bundles that are started only then.
     *
     * @param properties of the framework, each named after its bundle
     * @throws LaunchException if a bundle is missing something, or the home cannot be written to
     */
    public static AgentFramework start(AgentHome home, Map<String, String> properties) throws LaunchException {
        return start(home, false, properties);
    }

    /**
     * Starts one whose home is gone after a question.
     *
     * @throws LaunchException if a bundle is missing something, or the home cannot be written to
     */
    static AgentFramework startBriefly(AgentHome home) throws LaunchException {
        return start(home, true, Map.of());
    }

    private static AgentFramework start(AgentHome home, boolean brief, Map<String, String> properties)
            throws LaunchException {
        try {
            LauncherJar jar = LauncherJar.open();
            BundleIndex index = jar.index();
            Map<String, Object> configuration = configuration(home.folder(), jar, index);
            configuration.put("dewy.brief", Boolean.toString(brief));
            configuration.putAll(properties);
            Felix felix = new Felix(configuration, new ClassPathBundles(jar));
            felix.start();
            BundleContext context = felix.getBundleContext();
            JarBundles bundles = JarBundles.of(jar, index, home.folder().resolve("bundles"), context);
            context.registerService(EmbeddedBundles.class, bundles, null);
            context.registerService(
                    new String[] {LogService.class.getName(), LoggerFactory.class.getName()}, new OsgiLog(), null);
            bundles.start(BundleIndex.CORE);
            List<String> others = new ArrayList<>(BundleIndex.SHELL);
            if (Files.isDirectory(home.folder().resolve("plugins"))) {
                // There may be a Configuration Admin among them that it gets apps from.
                others.add(CONFIG);
            }
            List<String> besides = ON_REQUEST.stream()
                    .filter(name -> properties.keySet().stream().anyMatch(key -> key.startsWith(name + ".")))
                    .toList();
            return new AgentFramework(jar, felix, bundles, BackgroundStart.of(bundles, others), besides);
        } catch (IOException e) {
            String why = e.getClass().getSimpleName() + ": " + e.getMessage();
            throw new LaunchException(
                    FailureKind.STORAGE,
                    Problem.of(
                            "unpack the bundles to",
                            home.folder(),
                            why,
                            "Check its owner, its mode and the free space"),
                    e);
        } catch (DewyException e) {
            throw new LaunchException(e.kind(), e.problem(), e);
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
     * Returns the signals that are sent to the agent.
     *
     * @throws LaunchException if nobody offers them
     */
    public OwnSignals ownSignals() throws LaunchException {
        return service(OwnSignals.class);
    }

    /**
     * Returns what happens to the apps.
     *
     * @throws LaunchException if nobody tells
     */
    public EventLog events() throws LaunchException {
        return service(EventLog.class);
    }

    /**
     * Returns what reads files with apps.
     *
     * @throws LaunchException if it did not start
     */
    public AppsFile appsFile() throws LaunchException, DewyException {
        bundles.start(CONFIG);
        return service(AppsFile.class);
    }

    /**
     * Returns what the bundles offer of a type.
     *
     * @throws LaunchException if none of them does
     */
    private <T> T service(Class<T> type) throws LaunchException {
        BundleContext context = felix.getBundleContext();
        ServiceReference<T> reference = context.getServiceReference(type);
        T service = reference == null ? null : context.getService(reference);
        if (service != null) {
            return service;
        }
        others.awaitEnd();
        String idle = Arrays.stream(context.getBundles())
                .filter(bundle -> bundle.getState() != Bundle.ACTIVE
                        && PluginCapabilities.of(bundle).isEmpty())
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
     * Returns when the agent takes commands.
     *
     * @throws DewyException if the shell does not start
     */
    public void awaitShell() throws DewyException, InterruptedException {
        others.await();
    }

    /** Has what looks at the agent from beside start, where that was asked for. Nothing waits for it, nor ends with it. */
    public void startBesides() {
        if (besides.isEmpty()) {
            return;
        }
        Thread thread = new Thread(
                () -> {
                    try {
                        bundles.start(besides.toArray(String[]::new));
                    } catch (DewyException e) {
                        LOG.atError()
                                .addKeyValue("error", e.problem().sentence())
                                .log("Go on without " + String.join(", or ", besides));
                    }
                },
                "dewy-start-besides");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Opens the Gogo prompt on the terminal; leaving it stops the framework.
     *
     * @throws LaunchException if the bundles do not offer what it needs
     * @throws IOException if the terminal cannot be taken over
     */
    public void openPrompt(Path home) throws DewyException, LaunchException, IOException, InterruptedException {
        awaitShell();
        bundles.start(GOSH);
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
        others.awaitEnd();
        try {
            felix.stop();
            felix.waitForStop(0);
            jar.close();
        } catch (BundleException | IOException e) {
            LOG.atWarn().setCause(e).log("The framework does not stop");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Map<String, Object> configuration(Path home, LauncherJar jar, BundleIndex index) throws IOException {
        Map<String, Object> configuration = SystemBundle.configuration(jar.manifest(), index);
        configuration.put(Constants.FRAMEWORK_STORAGE, home.resolve("framework").toString());
        configuration.put(FelixConstants.LOG_LOGGER_PROP, new FelixLog());
        configuration.put("dewy.home", home.toString());
        configuration.put("dewy.version", jar.header("Dewy-Version"));
        // For a Configuration Admin service among the plugins: what it is told must neither reach the disk nor come
        // again.
        configuration.put("felix.cm.pm", "memory");
        configuration.put("gosh.args", "--quiet --nointeractive --noshutdown");
        return configuration;
    }
}
