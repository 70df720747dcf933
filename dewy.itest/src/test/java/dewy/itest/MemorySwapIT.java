package dewy.itest;

import static org.assertj.core.api.Assertions.assertThat;

import aQute.bnd.osgi.Builder;
import dewy.api.DewyException;
import dewy.api.control.Agent;
import dewy.api.control.AppDefinition;
import dewy.api.control.DeployedRelease;
import dewy.launcher.agent.AgentFramework;
import dewy.launcher.agent.AgentHome;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.management.ObjectName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Constants;

/**
 * Containers behind a proxy, by the plugins of {@code dewy.tck.memory}: their bundle is swapped in the framework of an agent
 * while clients ask and versions change. The engine and the data planes are a bundle that stays.
 */
@Tag("long")
@Timeout(3_000)
class MemorySwapIT {
    private static final int SWAPS = Boolean.getBoolean("dewy.long") ? 30 : 3;
    private static final String APP = "web";
    private static final Pattern LOADERS = Pattern.compile(
            "(?m)^\\s*\\d+:\\s+(\\d+)\\s+\\d+\\s+org.apache.felix.framework.BundleWiringImpl\\$BundleClassLoader");

    @TempDir
    Path folder;

    private final AtomicBoolean enough = new AtomicBoolean();
    private final AtomicLong answered = new AtomicLong();
    private final Queue<String> lost = new ConcurrentLinkedQueue<>();

    @Test
    void loseNothingAndLeaveNothingWhenTheBundleIsSwapped() throws Exception {
        Path home = Files.createDirectories(folder.resolve("home"));
        Path plugins = Files.createDirectories(home.resolve("plugins"));
        bundle("dewy.tck.memory", "0.1.0", plugins);
        publish(0);
        int port = Ports.free();
        try (AgentHome opened = AgentHome.open(home);
                AgentFramework framework = AgentFramework.start(opened)) {
            Agent agent = framework.agent();
            Path images = bundle("dewy.itest.images", "0.1.0", folder);
            agent.plugins().install(images.toString(), Optional.empty(), "test");
            agent.add(definition(port));
            awaitServed(agent, 0);
            swap(agent, 1);
            int loaders = classLoaders();
            Thread clients = new Thread(() -> ask(port), "clients");
            clients.start();
            try {
                for (int round = 1; round <= SWAPS; round++) {
                    publish(round);
                    swap(agent, 2 * round);
                    awaitServed(agent, round);
                    swap(agent, 2 * round + 1);
                }
            } finally {
                enough.set(true);
                clients.join();
            }
            assertThat(lost).as("what was lost beside %s", answered).isEmpty();
            assertThat(answered.get()).isPositive();
            assertThat(get(port)).isEqualTo(tag(SWAPS));
            Releases.await(() -> classLoaders() <= loaders, () -> "class loaders that are left");
            agent.stop("the test is over");
        }
        assertThat(serves(port)).as("something listens yet").isFalse();
    }

    private AppDefinition definition(int port) throws IOException {
        return new AppDefinition(
                "container",
                Map.of(
                        "name", List.of(APP),
                        "dir",
                                List.of(Files.createDirectories(folder.resolve("app"))
                                        .toString()),
                        "registry", List.of("images:" + Files.createDirectories(folder.resolve("images"))),
                        "runtime", List.of("memory"),
                        "proxy", List.of(proxy()),
                        "port", List.of("127.0.0.1:" + port),
                        "replicas", List.of("3"),
                        "interval", List.of("1s")),
                List.of());
    }

    private static String tag(int version) {
        return "v1." + version + ".0";
    }

    private void publish(int version) throws IOException {
        Files.createFile(Files.createDirectories(folder.resolve("images")).resolve(tag(version)));
    }

    /** Returns the scheme of the proxy. */
    String proxy() {
        return "memory";
    }

    /** Returns the bundle that is swapped in another version. */
    Path newer(int number, Path jars) throws Exception {
        return bundle("dewy.tck.memory", "0.1." + number, jars);
    }

    /** Has another version of the bundle take the place of the one that is at work. */
    private void swap(Agent agent, int number) throws Exception {
        Path jars = Files.createDirectories(folder.resolve("jars"));
        Path jar = newer(number, jars);
        agent.plugins().update(jar.toString(), Optional.empty(), "test");
    }

    private static void awaitServed(Agent agent, int version) throws InterruptedException {
        Releases.await(() -> served(agent).equals(Optional.of(tag(version))), () -> agent.apps()
                .toString());
    }

    private static Optional<String> served(Agent agent) {
        try {
            return agent.app(APP).current().map(DeployedRelease::version);
        } catch (DewyException e) {
            throw new AssertionError(e);
        }
    }

    private void ask(int port) {
        while (!enough.get()) {
            try {
                get(port);
                answered.incrementAndGet();
            } catch (IOException e) {
                lost.add(e.toString());
            }
        }
    }

    private static String get(int port) throws IOException {
        HttpURLConnection connection = (HttpURLConnection)
                URI.create("http://127.0.0.1:" + port + "/slow/5").toURL().openConnection();
        connection.setReadTimeout(60_000);
        try (var body = connection.getInputStream()) {
            return new String(body.readAllBytes(), StandardCharsets.US_ASCII).strip();
        }
    }

    private static boolean serves(int port) {
        try {
            get(port);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Returns how many class loaders of bundles there are after a garbage collection. */
    private static int classLoaders() {
        try {
            String classes = (String) ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=DiagnosticCommand"),
                            "gcClassHistogram",
                            new Object[] {new String[0]},
                            new String[] {String[].class.getName()});
            Matcher loaders = LOADERS.matcher(classes);
            assertThat(loaders.find())
                    .as("the histogram names class loaders of bundles")
                    .isTrue();
            return Integer.parseInt(loaders.group(1));
        } catch (javax.management.JMException e) {
            throw new AssertionError(e);
        }
    }

    /** Makes a bundle of a package, which is its symbolic name as well. */
    private static Path bundle(String name, String version, Path in) throws Exception {
        Path jar = in.resolve(name + "-" + version + ".jar");
        try (Builder bnd = new Builder()) {
            bnd.addClasspath(Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                    .map(File::new)
                    .filter(File::exists)
                    .toList());
            bnd.setProperty(Constants.BUNDLE_SYMBOLICNAME, name);
            bnd.setProperty(Constants.BUNDLE_VERSION, version);
            bnd.setProperty(aQute.bnd.osgi.Constants.PRIVATE_PACKAGE, name);
            bnd.setProperty(aQute.bnd.osgi.Constants.CONDITIONALPACKAGE, "dewy.replicas");
            if (name.endsWith("images")) {
                bnd.setProperty(Constants.EXPORT_PACKAGE, "dewy.tck.memory.host");
            }
            bnd.setProperty(Constants.IMPORT_PACKAGE, "!org.jspecify.*, *");
            bnd.build().write(jar.toFile());
            assertThat(bnd.getErrors()).isEmpty();
        }
        return jar;
    }
}
