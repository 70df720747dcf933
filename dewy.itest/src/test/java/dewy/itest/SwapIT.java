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
import java.util.List;
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
            for (int round = 1; round <= ROUNDS; round++) {
                for (String plugin : PLUGINS) {
                    install(control, plugin, round);
                    agent.await(
                            plugin + " 0.1." + round + " in use",
                            record -> "Plugin swapped".equals(record.get("msg"))
                                    && record.getOrDefault("to", "").startsWith(plugin + " "));
                }
                registry.publishServer("v1." + round + ".0");
                load.awaitVersion("v1." + round + ".0");
                agent.await("Deployment completed");
            }
            load.close();
            assertThat(load.failures()).isEmpty();
            assertThat(agent.count("Plugin swap failure")).isZero();
            assertThat(agent.count("Server started")).isEqualTo(ROUNDS + 1L);
        }
    }

    private void install(ControlClient control, String plugin, int round) throws IOException {
        Path newer = folder.resolve(plugin + "-0.1." + round + ".jar");
        copyAsVersion(jarOf(plugin), newer, "0.1." + round);
        Matcher installed =
                INSTALLED.matcher(control.run("felix:install", newer.toUri().toString()));
        assertThat(installed.find()).isTrue();
        control.run("felix:start", installed.group(1));
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
