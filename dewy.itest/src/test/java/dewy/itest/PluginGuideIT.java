package dewy.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** What {@code docs/plugins.md} says to write is a plugin. */
@Timeout(240)
class PluginGuideIT {
    @TempDir
    Path folder;

    @Test
    void leadsToAPluginThatPassesItsContract() throws Exception {
        WrittenPlugin plugin = WrittenPlugin.in(folder);
        URL[] classes = {
            plugin.classes().toUri().toURL(), plugin.tests().toUri().toURL()
        };
        try (URLClassLoader loader = new URLClassLoader(classes, getClass().getClassLoader())) {
            SummaryGeneratingListener listener = new SummaryGeneratingListener();
            LauncherFactory.create()
                    .execute(
                            LauncherDiscoveryRequestBuilder.request()
                                    .selectors(selectClass(loader.loadClass("org.example.diary.DiaryTest")))
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
    void leadsToAPluginThatIsUsedAndSwapped() throws Exception {
        WrittenPlugin plugin = WrittenPlugin.in(folder);
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
            "1",
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
