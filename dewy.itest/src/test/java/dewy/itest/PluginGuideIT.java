package dewy.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** What {@code docs/plugins.md} says to write is a plugin. */
@Timeout(240)
class PluginGuideIT {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"diary, Diary", "hook, Hook"})
    void leadsToPluginsThatPassTheirContract(String scheme, String name) throws Exception {
        WrittenPlugin plugin = WrittenPlugin.of(scheme, folder);
        URL[] classes = {
            plugin.classes().toUri().toURL(), plugin.tests().toUri().toURL()
        };
        try (URLClassLoader loader = new URLClassLoader(classes, getClass().getClassLoader())) {
            SummaryGeneratingListener listener = new SummaryGeneratingListener();
            Class<?> test = loader.loadClass(plugin.name() + "." + name + "Test");
            LauncherFactory.create()
                    .execute(
                            LauncherDiscoveryRequestBuilder.request()
                                    .selectors(selectClass(test))
                                    .build(),
                            listener);
            TestExecutionSummary summary = listener.getSummary();
            StringWriter failures = new StringWriter();
            summary.printFailuresTo(new PrintWriter(failures));
            assertThat(summary.getFailures()).as(failures.toString()).isEmpty();
            assertThat(summary.getTestsSucceededCount()).isGreaterThan(15);
        }
    }

    @Test
    void pinsEachPluginThatMavenUsesForAJar() throws Exception {
        String document = WrittenPlugin.document();
        for (String plugin :
                List.of("clean", "resources", "compiler", "surefire", "jar", "install", "deploy", "site")) {
            assertThat(document)
                    .containsPattern(
                            "<artifactId>maven-" + plugin + "-plugin</artifactId>\\s*<version>\\d[\\d.]*</version>");
        }
    }

    @Test
    void hasAConstructorWhoseFailureIsToldInItsOwnWords() throws Exception {
        Path jar = WrittenPlugin.of("hook", folder).jar("1.0.0");
        Path app = folder.resolve("app");
        Registry registry = Registry.in(folder.resolve("registry"));
        registry.publish("v1.0.0", Map.of("page.html", "one"));
        String why = "its component for notifier:hook cannot be activated: Cannot use the proxy of the environment's"
                + " HTTP_PROXY: it is not a proxy of the scheme http, the only one that can be used";
        Map<String, String> environment = Map.of("HTTP_PROXY", "socks5://127.0.0.1:1");
        List<String> arguments =
                List.of("assets", "--registry", registry.url(), "-i", "200ms", "-f", "json", "-d", app.toString());
        try (AgentProcess agent =
                AgentProcess.start(folder, List.of(), environment, arguments.toArray(String[]::new))) {
            agent.await("Deployment completed");
            ControlClient control = new ControlClient(app.resolve(".dewy"));
            ControlClient.Answer answer = control.ask("dewy:plugin", "install", jar.toString());
            assertThat(answer.exitCode()).isEqualTo(1);
            assertThat(answer.text()).contains(why).hasLineCount(1);
            assertThat(agent.await("Plugin refused").get("error")).contains(why);
            assertThat(agent.count("Plugin refused")).isEqualTo(1);

            control.run("felix:start", jar.toUri().toString());
            assertThat(control.run("dewy:plugin", "why", "hook")).contains(why);
        }
        Files.createDirectories(app.resolve(".dewy/plugins"));
        Files.copy(jar, app.resolve(".dewy/plugins/hook.jar"));
        List<String> more = Stream.concat(arguments.stream(), Stream.of("--notifier", "hook://localhost/deploys"))
                .toList();
        try (AgentProcess agent = AgentProcess.start(folder, List.of(), environment, more.toArray(String[]::new))) {
            assertThat(agent.exitCode()).isEqualTo(1);
            assertThat(agent.output())
                    .contains("no plugin answers to \"hook\". org.example.hook 1.0.0 should, but " + why);
        }
    }

    @Test
    void leadsToAPluginThatSpeaksHttp() throws Exception {
        WrittenPlugin plugin = WrittenPlugin.of("hook", folder);
        Path app = folder.resolve("app");
        Files.copy(
                plugin.jar("1.0.0"),
                Files.createDirectories(app.resolve(".dewy/plugins")).resolve("hook.jar"));
        Registry registry = Registry.in(folder.resolve("registry"));
        registry.publish("v1.0.0", Map.of("page.html", "one"));
        Path token = Files.writeString(folder.resolve("token"), "tk_secret");
        try (HookStandIn server = new HookStandIn();
                AgentProcess agent = AgentProcess.start(
                        folder,
                        "assets",
                        "--registry",
                        registry.url(),
                        "--allow-http",
                        "--notifier",
                        "hook://" + server.address() + "/deploys?tls=false&token=file:" + token,
                        "-i",
                        "200ms",
                        "-f",
                        "json",
                        "-d",
                        app.toString())) {
            agent.await("Deployment completed");
            Releases.await(() -> server.posted("Deployed v1.0.0 in"), agent::output);
            assertThat(server.authorizations()).containsOnly("Bearer tk_secret");

            server.hang();
            registry.publish("v1.1.0", Map.of("page.html", "two"));
            server.awaitHanging();
            ControlClient control = new ControlClient(app.resolve(".dewy"));
            control.run("dewy:plugin", "disable", "hook");
            Releases.await(() -> agent.output().contains("org.example.hook should, but is disabled"), agent::output);
            server.answer();
            control.run("dewy:plugin", "enable", "hook");
            registry.publish("v1.2.0", Map.of("page.html", "three"));
            Releases.await(() -> server.posted("Deployed v1.2.0 in"), agent::output);
            assertThat(agent.stop()).isZero();
            assertThat(agent.output()).doesNotContain("tk_secret", "Plugin does not come back");
        }
    }

    @Test
    void leadsToAPluginThatIsUsedAndSwapped() throws Exception {
        WrittenPlugin plugin = WrittenPlugin.of("diary", folder);
        Path app = folder.resolve("app");
        Path plugins = Files.createDirectories(app.resolve(".dewy/plugins"));
        Files.copy(plugin.jar("1.0.0"), plugins.resolve("diary.jar"));
        Registry registry = Registry.in(folder.resolve("registry"));
        registry.publish("v1.0.0", Map.of("page.html", "one"));
        Path diary = folder.resolve("deploys.txt");
        String[] arguments = {
            "assets",
            "--registry",
            registry.url(),
            "--notifier",
            "diary://" + diary,
            "-i",
            "200ms",
            "-f",
            "json",
            "-d",
            app + ""
        };
        try (AgentProcess agent = AgentProcess.start(folder, arguments)) {
            agent.await("Deployment completed");
            ControlClient control = new ControlClient(app.resolve(".dewy"));
            control.run("dewy:plugin", "update", plugin.jar("1.1.0").toString());
            assertThat(control.run("dewy:plugin", "info", "diary")).contains("1.1.0", "active");
            registry.publish("v1.1.0", Map.of("page.html", "two"));
            agent.await("Deployment completed");
            assertThat(agent.stop()).isZero();
        }
        assertThat(diary)
                .content()
                .containsOnlyOnce("- app Deployed v1.0.0 in")
                .containsOnlyOnce("- app Deployed v1.1.0 in");
    }
}
