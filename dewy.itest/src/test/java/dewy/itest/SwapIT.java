package dewy.itest;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.launcher.demo.Load;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Plugins replaced in a running agent while its server is under load. */
@Timeout(240)
class SwapIT {
    private static final int ROUNDS = 5;
    private static final List<String> PLUGINS =
            List.of("dewy.registry.file", "dewy.cache.file", "dewy.notifier.log", "dewy.runtime.process");
    private static final Pattern LISTED = Pattern.compile("(?m)^ *(\\d+)\\|");
    private static final Pattern INSTALLED = Pattern.compile("Bundle ID: (\\d+)");

    @TempDir
    Path folder;

    @BeforeEach
    void needsPython() {
        Tools.require("python3");
    }

    @Test
    void movesToANewerVersionOfEachPluginWithoutLosingARequest() throws Exception {
        Registry registry = Registry.in(folder.resolve("registry"));
        registry.publishServer("v1.0.0");
        int port = Ports.free();
        try (AgentProcess agent = server(registry, port);
                Load load = loadOnceDeployed(agent, port)) {
            ControlClient control = new ControlClient(folder.resolve("app/.dewy"));
            Map<String, String> installed = new HashMap<>();
            for (int round = 1; round <= ROUNDS; round++) {
                for (String plugin : PLUGINS) {
                    String newer = install(control, plugin, round);
                    agent.await(
                            plugin + " 0.1." + round + " in use",
                            record -> "Plugin swapped".equals(record.get("msg"))
                                    && record.getOrDefault("to", "").startsWith(plugin + " "));
                    control.run("felix:uninstall", installed.getOrDefault(plugin, embedded(control, plugin, newer)));
                    installed.put(plugin, newer);
                }
                registry.publishServer("v1." + round + ".0");
                load.awaitVersion("v1." + round + ".0");
                agent.await("Deployment completed");
            }
            load.close();
            assertThat(load.failures()).isEmpty();
            assertThat(agent.count("Plugin swap failure")).isZero();
            assertThat(agent.count("Plugin gone")).isZero();
            assertThat(agent.count("Server started")).isEqualTo(ROUNDS + 1L);
        }
    }

    @Test
    void servesOnWhileAPluginIsStoppedAndDeploysOnceItIsBack() throws Exception {
        Registry registry = Registry.in(folder.resolve("registry"));
        registry.publishServer("v1.0.0");
        int port = Ports.free();
        try (AgentProcess agent = server(registry, port);
                Load load = loadOnceDeployed(agent, port)) {
            ControlClient control = new ControlClient(folder.resolve("app/.dewy"));
            int minor = 0;
            for (String plugin : PLUGINS) {
                String id = embedded(control, plugin, "");
                control.run("felix:stop", id);
                assertThat(agent.await("App degraded").getOrDefault("missing", ""))
                        .contains(plugin.split("\\.", -1)[1]);
                assertThat(control.run("dewy:explain")).contains("degraded");
                control.run("felix:start", id);
                agent.await("App no longer degraded");
                minor++;
                registry.publishServer("v1." + minor + ".0");
                load.awaitVersion("v1." + minor + ".0");
                agent.await("Deployment completed");
            }
            load.close();
            assertThat(load.failures()).isEmpty();
            assertThat(agent.count("Server started")).isEqualTo(PLUGINS.size() + 1L);
        }
    }

    @Test
    void leavesNoServerBehindWhenItStopsWithoutTheRuntimePlugin() throws Exception {
        Registry registry = Registry.in(folder.resolve("registry"));
        registry.publishServer("v1.0.0");
        int port = Ports.free();
        try (AgentProcess agent = server(registry, port)) {
            String pid = agent.await("Server started").getOrDefault("pid", "");
            agent.await("Deployment completed");
            ControlClient control = new ControlClient(folder.resolve("app/.dewy"));
            control.run("felix:stop", embedded(control, "dewy.runtime.process", ""));
            agent.await("App degraded");
            assertThat(Path.of("/proc", pid)).exists();

            assertThat(agent.stop()).isZero();
            assertThat(Path.of("/proc", pid)).doesNotExist();
        }
    }

    /** Installs and starts a copy of a plugin under a newer version, and returns the number of its bundle. */
    private String install(ControlClient control, String plugin, int round) throws IOException {
        Path newer = folder.resolve(plugin + "-0.1." + round + ".jar");
        copyAsVersion(jarOf(plugin), newer, "0.1." + round);
        Matcher installed =
                INSTALLED.matcher(control.run("felix:install", newer.toUri().toString()));
        assertThat(installed.find()).isTrue();
        control.run("felix:start", installed.group(1));
        return installed.group(1);
    }

    /** Returns the number of the bundle that came with the launcher. */
    private static String embedded(ControlClient control, String plugin, String newer) throws IOException {
        Matcher listed = LISTED.matcher(control.run("felix:lb", "-s", plugin));
        return listed.results()
                .map(line -> line.group(1))
                .filter(id -> !id.equals(newer))
                .findFirst()
                .orElseThrow();
    }

    private static Path jarOf(String plugin) {
        return Path.of(System.getProperty("dewy.root"), plugin, "target", plugin + "-0.1.0-SNAPSHOT.jar");
    }

    private static void copyAsVersion(Path from, Path to, String version) throws IOException {
        try (JarFile jar = new JarFile(from.toFile());
                OutputStream file = Files.newOutputStream(to)) {
            Manifest manifest = new Manifest(jar.getManifest());
            manifest.getMainAttributes().putValue("Bundle-Version", version);
            try (JarOutputStream out = new JarOutputStream(file, manifest)) {
                for (JarEntry entry : jar.stream().toList()) {
                    if (!entry.getName().equals(JarFile.MANIFEST_NAME)) {
                        out.putNextEntry(new JarEntry(entry.getName()));
                        try (InputStream in = jar.getInputStream(entry)) {
                            in.transferTo(out);
                        }
                    }
                }
            }
        }
    }

    private static Load loadOnceDeployed(AgentProcess agent, int port) throws InterruptedException {
        agent.await("Deployment completed");
        return Load.on(port, 1, 1, Duration.ofMillis(1));
    }

    private AgentProcess server(Registry registry, int port) throws IOException {
        Path app = Files.createDirectories(folder.resolve("app"));
        List<String> arguments = new ArrayList<>(List.of(
                "server", "--registry", registry.url(), "-i", "1", "-f", "json", "-l", "debug", "-d", app.toString()));
        arguments.addAll(List.of("--notifier", "log:", "-p", "127.0.0.1:" + port, "--", "current/app"));
        return AgentProcess.start(folder, arguments.toArray(String[]::new));
    }
}
