package dewy.itest;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dewy.api.DewyException;
import dewy.api.control.Agent;
import dewy.api.control.AppDefinition;
import dewy.launcher.agent.AgentFramework;
import dewy.launcher.agent.AgentHome;
import dewy.launcher.demo.Load;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.slf4j.LoggerFactory;

/** Apps that a Configuration Admin service delivers to a running agent. */
@Timeout(240)
class ConfigurationAdminIT {
    private static final String APPLIED = "Configuration applied";
    private static final String REFUSED = "Configuration refused, the one before stays in force";

    @TempDir
    Path folder;

    private final List<String> records = new CopyOnWriteArrayList<>();
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            String details = event.getKeyValuePairs() == null
                    ? ""
                    : event.getKeyValuePairs().stream()
                            .map(pair -> pair.key + "=" + pair.value)
                            .collect(Collectors.joining(" "));
            records.add(event.getMessage() + " " + details);
        }
    };

    private Path home;
    private Registry registry;

    @BeforeEach
    void prepare() throws Exception {
        home = Files.createDirectories(folder.resolve("home"));
        registry = Registry.in(folder.resolve("registry"));
        registry.publish("v1.0.0", Map.of("page.html", "x"));
        Configurations.install(home);
        appender.start();
        logger().addAppender(appender);
    }

    @AfterEach
    void forget() {
        logger().detachAppender(appender);
    }

    @Test
    void addsChangesAndRemovesAnAppWithoutLosingARequest() throws Exception {
        Tools.require("python3");
        Registry servers = Registry.in(folder.resolve("servers"));
        servers.publishServer("v1.0.0");
        int port = Ports.free();
        Map<String, Object> web = new HashMap<>(site("web"));
        web.put("registry", servers.url());
        web.put("port", List.of("127.0.0.1:" + port));
        web.put("run", new String[] {"current/app"});
        web.put("keep-releases", 3);
        web.put("ready-time", "200ms");
        try (AgentHome open = AgentHome.open(home);
                AgentFramework framework = AgentFramework.start(open)) {
            Agent agent = framework.agent();
            Configurations configurations = Configurations.of(context(framework));
            configurations.update("web", web);
            await(APPLIED + " pid=dewy.app~web added=web", 1);
            awaitDeployed(agent, "web");
            try (Load load = Load.on(port, 1, 1, Duration.ofMillis(5))) {
                load.awaitVersion("v1.0.0");
                web.put("interval", "300ms");
                configurations.update("web", web);
                await(APPLIED + " pid=dewy.app~web changed=web", 1);

                restart(bundle(framework, "dewy.config"));
                servers.publishServer("v1.1.0");
                load.awaitVersion("v1.1.0");
                web.put("interval", "200ms");
                configurations.update("web", web);
                await(APPLIED + " pid=dewy.app~web changed=web", 2);
                load.close();
                assertThat(load.failures()).isEmpty();
            }
            assertThat(records).noneMatch(record -> record.startsWith(REFUSED));
            assertThat(count("App added")).isEqualTo(1);
            assertThat(count("App changed")).isEqualTo(2);
            configurations.delete("web");
            await(APPLIED + " pid=dewy.app~web removed=web", 1);
            assertThat(agent.apps()).isEmpty();
        }
        assertThat(Processes.leftBy(folder)).isEmpty();
    }

    @Test
    void refusesWhatIsWrongOrTakenAndKeepsWhatIsInForce() throws Exception {
        try (AgentHome open = AgentHome.open(home);
                AgentFramework framework = AgentFramework.start(open)) {
            Agent agent = framework.agent();
            Configurations configurations = Configurations.of(context(framework));
            configurations.update("site", site("site"));
            awaitDeployed(agent, "site");
            AppDefinition before = agent.definition("site");
            configurations.update("site", with(site("site"), "interval", "soon"));
            await(REFUSED + " pid=dewy.app~site error=interval:", 1);
            configurations.update("site", with(site("site"), "prot", "80"));
            await(REFUSED + " pid=dewy.app~site error=prot:", 1);
            configurations.update("site", with(site("site"), "name", "other"));
            await(REFUSED + " pid=dewy.app~site error=name:", 1);
            assertThat(agent.definition("site")).isEqualTo(before);

            agent.add(new AppDefinition("assets", options("taken"), List.of()));
            configurations.update("taken", site("elsewhere"));
            await(REFUSED + " pid=dewy.app~taken error=", 1);
            configurations.delete("taken");
            configurations.delete("site");
            await(APPLIED + " pid=dewy.app~site removed=site", 1);
            assertThat(agent.apps()).extracting(app -> app.name()).containsExactly("taken");
            assertThat(folder.resolve("elsewhere")).doesNotExist();
        }
    }

    @Test
    void leavesNothingOnTheDiskFromWhichAnAppWouldRiseAgain() throws Exception {
        try (AgentHome open = AgentHome.open(home);
                AgentFramework framework = AgentFramework.start(open)) {
            Configurations.of(context(framework)).update("site", with(site("site"), "slot", "marker4711"));
            await(APPLIED + " pid=dewy.app~site added=site", 1);
            assertThat(filesWith("marker4711")).isEmpty();
        }
        assertThat(filesWith("marker4711")).isEmpty();
        try (AgentHome open = AgentHome.open(home);
                AgentFramework framework = AgentFramework.start(open)) {
            Agent agent = framework.agent();
            Configurations configurations = Configurations.of(context(framework));
            configurations.update("other", site("other"));
            await(APPLIED + " pid=dewy.app~other added=other", 1);
            assertThat(agent.apps()).extracting(app -> app.name()).containsExactly("other");
        }
    }

    private Map<String, Object> site(String directory) {
        return Map.of(
                "registry", registry.url(),
                "interval", "200ms",
                "dir", folder.resolve(directory).toString());
    }

    private Map<String, List<String>> options(String name) {
        return Map.of(
                "name", List.of(name),
                "registry", List.of(registry.url()),
                "dir", List.of(folder.resolve(name).toString()));
    }

    private static Map<String, Object> with(Map<String, Object> properties, String key, Object value) {
        Map<String, Object> more = new HashMap<>(properties);
        more.put(key, value);
        return more;
    }

    private void restart(Bundle bundle) throws Exception {
        bundle.stop();
        bundle.start();
    }

    /** Returns the context of a bundle that sees the service, and that is not restarted. */
    private static BundleContext context(AgentFramework framework) throws Exception {
        return bundle(framework, "org.apache.felix.scr").getBundleContext();
    }

    private static Bundle bundle(AgentFramework framework, String symbolicName) throws Exception {
        // The classes of the agent itself are on the class path, and belong to no bundle.
        Bundle config = FrameworkUtil.getBundle(framework.appsFile().getClass());
        return Arrays.stream(config.getBundleContext().getBundles())
                .filter(bundle -> symbolicName.equals(bundle.getSymbolicName()))
                .findFirst()
                .orElseThrow();
    }

    private List<Path> filesWith(String text) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> holds(file, text))
                    .toList();
        }
    }

    private static boolean holds(Path file, String text) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text);
        } catch (IOException e) {
            return false;
        }
    }

    private void awaitDeployed(Agent agent, String app) throws InterruptedException {
        Releases.await(
                () -> {
                    try {
                        return agent.app(app).current().isPresent();
                    } catch (DewyException e) {
                        return false;
                    }
                },
                records::toString);
    }

    private void await(String record, long times) throws InterruptedException {
        Releases.await(() -> count(record) == times, records::toString);
    }

    private long count(String beginning) {
        return records.stream().filter(record -> record.startsWith(beginning)).count();
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger("dewy");
    }
}
