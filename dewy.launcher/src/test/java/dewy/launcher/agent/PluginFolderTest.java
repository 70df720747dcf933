package dewy.launcher.agent;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dewy.launcher.bundle.BundleFolder;
import dewy.launcher.bundle.SystemBundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.felix.framework.Felix;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.slf4j.LoggerFactory;

class PluginFolderTest {
    private static final Logger LOG = (Logger) LoggerFactory.getLogger("dewy");

    @TempDir
    Path temporary;

    private final ListAppender<ILoggingEvent> told = new ListAppender<>();
    private Felix felix;
    private BundleFolder plugins;

    @BeforeEach
    void start() throws BundleException, IOException {
        told.start();
        LOG.addAppender(told);
        Map<String, Object> configuration = SystemBundle.configuration(BundleFolder.manifest());
        configuration.put(
                Constants.FRAMEWORK_STORAGE, temporary.resolve("framework").toString());
        felix = new Felix(configuration);
        felix.start();
        plugins = BundleFolder.in(temporary.resolve("plugins"));
    }

    @AfterEach
    void stop() throws BundleException, InterruptedException {
        LOG.detachAppender(told);
        felix.stop();
        felix.waitForStop(0);
    }

    @Test
    void installsPluginsAndStartsAllElse() throws IOException {
        plugins.with("acme.tape", BundleFolder.PLUGIN, "Import-Package: p").with("library", "Export-Package: p");
        assertThat(install()).isTrue();
        assertThat(states()).isEqualTo(Map.of("acme.tape", Bundle.INSTALLED, "library", Bundle.ACTIVE));
    }

    @Test
    void tellsWhetherThereIsAnythingBesidePlugins() throws IOException {
        assertThat(PluginFolder.install(felix.getBundleContext(), temporary.resolve("none")))
                .isFalse();
        assertThat(install()).isFalse();
        plugins.with("acme.tape", BundleFolder.PLUGIN);
        assertThat(install()).isFalse();
    }

    @Test
    void tellsOfBrokenJarsAndGoesOnWithTheOthers() throws IOException {
        Files.writeString(plugins.path().resolve("a.jar"), "no archive");
        plugins.with("lacking", "Import-Package: none").with("library");
        Files.writeString(plugins.path().resolve("readme.txt"), "no bundle");
        install();
        assertThat(states()).containsEntry("library", Bundle.ACTIVE).containsEntry("lacking", Bundle.INSTALLED);
        assertThat(told.list)
                .extracting(event -> event.getMessage() + " " + event.getKeyValuePairs())
                .hasSize(2)
                .allMatch(line -> line.startsWith("Plugin refused"))
                .anyMatch(line -> line.contains("a.jar"))
                .anyMatch(line -> line.contains("lacking.jar") && line.contains("none"));
    }

    private boolean install() throws IOException {
        return PluginFolder.install(felix.getBundleContext(), plugins.path());
    }

    private Map<String, Integer> states() {
        return Arrays.stream(felix.getBundleContext().getBundles())
                .skip(1)
                .collect(Collectors.toMap(Bundle::getSymbolicName, Bundle::getState));
    }
}
