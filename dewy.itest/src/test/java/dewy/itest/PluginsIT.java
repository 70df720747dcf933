package dewy.itest;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.launcher.demo.Load;
import dewy.tck.TestCertificate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Plugins as operators look at and change them, while a server is under load. */
@Timeout(240)
class PluginsIT {
    private static final String CACHE = "dewy.cache.file";
    private static final String ZEROS = "sha256:" + "0".repeat(64);
    private static final String RUNTIME = "dewy.runtime.process";

    @TempDir
    Path folder;

    private Path plugins;
    private Registry registry;
    private int port;

    @BeforeEach
    void publish() throws Exception {
        Tools.require("python3");
        plugins = folder.resolve("app/.dewy/plugins");
        registry = Registry.in(folder.resolve("registry"));
        registry.publishServer("v1.0.0");
        port = Ports.free();
    }

    @Test
    void startsOnlyThePluginsThatAnAppNames() throws Exception {
        try (AgentProcess agent = start()) {
            agent.await("Deployment completed");
            String bundles = control().run("felix:lb", "-s");
            assertThat(bundles).contains(CACHE, RUNTIME).doesNotContain("dewy.notifier.slack", "dewy.registry.github");
            assertThat(line(control().run("dewy:plugins"), "dewy.notifier.slack"))
                    .contains("available");
            assertThat(line(control().run("dewy:plugins"), CACHE))
                    .contains("active")
                    .contains("app");
            assertThat(control().run("dewy:plugin", "why", "slack"))
                    .contains("is at hand and not started, because no app names it");
        }
    }

    @Test
    void saysWhatIsKnownAndHowToAddWhatIsMissing() throws Exception {
        try (AgentProcess agent = start("--notifier", "pager://me")) {
            assertThat(agent.exitCode()).isEqualTo(1);
            assertThat(agent.output())
                    .contains(
                            "no plugin answers to \"pager\"",
                            "Known are: log, mail, slack, smtp, smtps, webhook",
                            plugins.toString());
        }
    }

    @Test
    void worksOnWithTheOneBeforeWhenAnUpdateIsNoGood() throws Exception {
        try (AgentProcess agent = start();
                Load load = loadOnceDeployed(agent)) {
            Path jars = Files.createDirectories(folder.resolve("jars"));
            String imports = "dewy.api,dewy.nothing;version=\"[3,4)\"";
            Path unresolvable = PluginCopy.of(CACHE, "0.2.0", jars, Map.of("Import-Package", imports));
            assertRefused(1, unresolvable, "it needs the package dewy.nothing from version 3.0.0 below 4.0.0");
            assertRefused(1, PluginCopy.of(CACHE, "0.0.9", jars), "0.0.9 is older than 0.1.0.SNAPSHOT");
            Path lying = PluginCopy.of(
                    CACHE, "0.3.0", jars, Map.of("Provide-Capability", "dewy.plugin;kind=cache;scheme=other"));
            assertRefused(1, lying, "it declares cache:other and does not offer it");
            Path half = PluginCopy.of(CACHE, "0.4.0", jars);
            byte[] bytes = Files.readAllBytes(half);
            Files.write(half, Arrays.copyOf(bytes, bytes.length / 2));
            assertRefused(1, half, "Cannot install " + half);
            assertThat(line(control().run("dewy:plugins"), CACHE)).contains("0.1.0.SNAPSHOT", "active", "app");
            upgrade(agent, load, "v1.1.0");
            load.close();
            assertThat(load.failures()).isEmpty();
        }
    }

    @Test
    void keepsWhatWasInstalledForTheNextAgent() throws Exception {
        Path jar = PluginCopy.of(CACHE, "0.2.0", folder);
        try (AgentProcess agent = start()) {
            agent.await("Deployment completed");
            assertThat(control().run("dewy:plugin", "update", jar.toString())).contains("0.2.0");
            assertThat(control().run("felix:lb", "-s", CACHE)).contains("0.2.0").doesNotContain("SNAPSHOT");
        }
        try (AgentProcess agent = start()) {
            agent.await("Server started");
            assertThat(line(control().run("dewy:plugins"), CACHE)).contains("0.2.0", "active", CACHE + "-0.2.0.jar");
            control().run("dewy:plugin", "remove", CACHE);
            assertThat(line(control().run("dewy:plugins"), CACHE)).contains("0.1.0.SNAPSHOT", "active", "launcher");
            assertThat(plugins).isDirectoryNotContaining("glob:**.jar");
        }
    }

    @Test
    void goesBackOnceTheCycleInProgressIsOverAndAfterARestartForwardAgain() throws Exception {
        Path jar = PluginCopy.of(RUNTIME, "0.2.0", folder);
        Path held = folder.resolve("held");
        String hook = "while [ -e " + held + " ]; do sleep 0.05; done";
        try (AgentProcess agent = start("--before-deploy-hook", hook);
                Load load = loadOnceDeployed(agent)) {
            control().run("dewy:plugin", "update", jar.toString());
            assertRefused(
                    1, PluginCopy.of(RUNTIME, "0.1.5", folder), "To go back to 0.1.0.SNAPSHOT use plugin rollback");
            Files.createFile(held);
            registry.publishServer("v1.1.0");
            agent.await("Deployment started");
            CompletableFuture<String> back = CompletableFuture.supplyAsync(this::rollback);
            Releases.await(() -> bundles(RUNTIME).contains("0.1.0.SNAPSHOT"), agent::output);
            assertThat(agent.count("Plugin rolled back")).isZero();
            Files.delete(held);
            agent.await("Deployment completed");
            assertThat(back.get()).contains("is back at 0.1.0.SNAPSHOT", "launcher");
            load.awaitVersion("v1.1.0");
            upgrade(agent, load, "v1.2.0");
            load.close();
            assertThat(load.failures()).isEmpty();
        }
        try (AgentProcess agent = start()) {
            agent.await("Server started");
            assertThat(bundles(RUNTIME)).contains("0.1.0.SNAPSHOT").doesNotContain("0.2.0");
            assertThat(rollback()).contains("is back at 0.2.0");
        }
        try (AgentProcess agent = start()) {
            agent.await("Server started");
            assertThat(line(control().run("dewy:plugins"), RUNTIME))
                    .contains("0.2.0", "active", RUNTIME + "-0.2.0.jar");
        }
    }

    @Test
    void takesInWhatIsPutIntoTheFolder() throws Exception {
        try (AgentProcess agent = start();
                Load load = loadOnceDeployed(agent)) {
            Path jar = PluginCopy.of(RUNTIME, "0.2.0", folder);
            Files.createDirectories(plugins);
            Files.move(jar, plugins.resolve("runtime.jar"), StandardCopyOption.ATOMIC_MOVE);
            assertThat(agent.await("Plugin updated")).containsEntry("bundle", RUNTIME + " 0.2.0");
            upgrade(agent, load, "v1.1.0");
            load.close();
            assertThat(load.failures()).isEmpty();
        }
    }

    @Test
    void goesOnDegradedWithoutADisabledPluginUntilItIsEnabled() throws Exception {
        try (AgentProcess agent = start();
                Load load = loadOnceDeployed(agent)) {
            control().run("dewy:plugin", "disable", RUNTIME);
            assertThat(agent.await("App degraded")).containsEntry("missing", "runtime:process");
            assertThat(control().run("dewy:explain")).contains("degraded");
            assertThat(line(control().run("dewy:plugins"), RUNTIME)).contains("disabled");
            control().run("dewy:plugin", "enable", RUNTIME);
            agent.await("App no longer degraded");
            upgrade(agent, load, "v1.1.0");
            load.close();
            assertThat(load.failures()).isEmpty();
        }
    }

    @Test
    void leavesNoServerBehindWhenItStopsWithoutTheRuntimePlugin() throws Exception {
        try (AgentProcess agent = start()) {
            String pid = agent.await("Server started").getOrDefault("pid", "");
            agent.await("Deployment completed");
            control().run("felix:stop", number(RUNTIME));
            agent.await("App degraded");
            assertThat(Path.of("/proc", pid)).exists();
            assertThat(agent.stop()).isZero();
            assertThat(Path.of("/proc", pid)).doesNotExist();
        }
    }

    @Test
    void takesAJarFromAWebServerIfItHasTheDigest() throws Exception {
        TestCertificate certificate = TestCertificate.in(folder);
        Path jar = PluginCopy.of(CACHE, "0.2.0", folder);
        String digest = "sha256:" + sha256(jar);
        try (ArtifactServer server = ArtifactServer.secured(certificate);
                AgentProcess agent = start(trusting(certificate), List.of())) {
            server.put("/cache.jar", Files.readAllBytes(jar));
            agent.await("Deployment completed");
            assertRefused(1, server.url("/cache.jar"), "a plugin from a URL needs its digest");
            assertRefused(4, server.url("/cache.jar"), "instead of " + ZEROS, "--digest", ZEROS);
            assertRefused(2, server.url("/none.jar"), "answered 404", "--digest", digest);
            assertRefused(1, "http://127.0.0.1:1/cache.jar", "nor an https URL", "--digest", digest);
            assertThat(control().run("dewy:plugin", "update", server.url("/cache.jar"), "--digest", digest))
                    .contains("0.2.0");
            assertThat(agent.find("the update", record -> "Plugin updated".equals(record.get("msg"))))
                    .containsEntry("bundle", CACHE + " 0.2.0");
            assertThat(plugins.resolve(CACHE + "-0.2.0.jar")).hasSameBinaryContentAs(jar);
            assertThat(server.asked()).hasSize(3);
        }
    }

    @Test
    void getsAPluginThatWasUninstalledFromTheLauncherAgain() throws Exception {
        try (AgentProcess agent = start();
                Load load = loadOnceDeployed(agent)) {
            Matcher listed =
                    Pattern.compile("(?m)^ *(\\d+)\\|").matcher(control().run("felix:lb", "-s", RUNTIME));
            assertThat(listed.find()).isTrue();
            assertThat(control().run("felix:uninstall", listed.group(1))).isBlank();
            agent.await("Plugin gone"); // Which is told by the thread of the command.
            agent.await("App no longer degraded");
            upgrade(agent, load, "v1.1.0");
            load.close();
            assertThat(load.failures()).isEmpty();
        }
    }

    private void assertRefused(int code, Object jar, String why, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of("dewy:plugin", "update", jar.toString()));
        command.addAll(List.of(options));
        ControlClient.Answer answer = control().ask(command.toArray(String[]::new));
        assertThat(answer.text()).contains(why);
        assertThat(answer.exitCode()).isEqualTo(code);
    }

    private String rollback() {
        try {
            return control().run("dewy:plugin", "rollback", RUNTIME);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String bundles(String name) {
        try {
            return control().run("felix:lb", "-s", name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void upgrade(AgentProcess agent, Load load, String version) throws Exception {
        registry.publishServer(version);
        load.awaitVersion(version);
        agent.await("Deployment completed");
    }

    /** Returns the number of a bundle in the framework. */
    private String number(String bundle) throws IOException {
        Matcher listed = Pattern.compile("(?m)^ *(\\d+)\\|").matcher(control().run("felix:lb", "-s", bundle));
        assertThat(listed.find()).isTrue();
        return listed.group(1);
    }

    private static List<String> trusting(TestCertificate certificate) {
        return List.of(
                "-Djavax.net.ssl.trustStore=" + certificate.store(), "-Djavax.net.ssl.trustStorePassword=password");
    }

    private static String sha256(Path file) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }

    private static String line(String table, String bundle) {
        return table.lines()
                .filter(line -> line.contains(" " + bundle + " "))
                .findFirst()
                .orElse(table);
    }

    private ControlClient control() {
        return new ControlClient(folder.resolve("app/.dewy"));
    }

    private Load loadOnceDeployed(AgentProcess agent) throws InterruptedException {
        agent.await("Deployment completed");
        return Load.on(port, 1, 1, Duration.ofMillis(5));
    }

    private AgentProcess start(String... more) throws IOException {
        return start(List.of("-Xmx96m"), List.of(more));
    }

    private AgentProcess start(List<String> jvm, List<String> more) throws IOException {
        Path app = Files.createDirectories(folder.resolve("app"));
        List<String> arguments = new ArrayList<>(List.of("--ready-time", "200ms"));
        arguments.addAll(more);
        arguments.addAll(List.of("-p", "127.0.0.1:" + port, "--", "current/app"));
        return AgentProcess.start(
                folder, jvm, AgentProcess.arguments("server", registry.url(), app, arguments.toArray(String[]::new)));
    }
}
