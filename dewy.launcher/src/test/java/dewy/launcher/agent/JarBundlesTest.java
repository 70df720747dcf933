package dewy.launcher.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.InvalidException;
import dewy.api.NotFoundException;
import dewy.api.StorageException;
import dewy.api.bundle.EmbeddedPlugin;
import dewy.api.bundle.PluginCapability;
import dewy.launcher.bundle.BundleFolder;
import dewy.launcher.bundle.SystemBundle;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.felix.framework.Felix;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;

/** The bundles of a launcher's jar, in a framework that is given them one after the other. */
class JarBundlesTest {
    @TempDir
    Path temporary;

    private Felix felix;
    private Path home;
    private LauncherJar jar;
    private JarBundles bundles;

    @BeforeEach
    void start() throws Exception {
        jar = LauncherJar.open(launcher("acme.tape"));
        Map<String, Object> configuration = SystemBundle.configuration(BundleFolder.manifest(), jar.index());
        configuration.put(
                Constants.FRAMEWORK_STORAGE, temporary.resolve("framework").toString());
        felix = new Felix(configuration, new ClassPathBundles(jar));
        felix.start();
        home = temporary.resolve("home");
        bundles = JarBundles.of(jar, jar.index(), home, felix.getBundleContext());
    }

    @AfterEach
    void stop() throws Exception {
        jar.close();
        felix.stop();
        felix.waitForStop(0);
    }

    /** Two plugins that share a library with a fragment, and bundles that neither needs. */
    private Path launcher(String plugin) throws Exception {
        BundleFolder folder = BundleFolder.in(temporary.resolve(plugin).resolve("bundles"));
        folder.with(plugin, BundleFolder.PLUGIN, "Import-Package: p")
                .with("acme.card", BundleFolder.PLUGIN, "Import-Package: p,q")
                .with("library", "Export-Package: p")
                .with("part", "Fragment-Host: library")
                .with("second", "Export-Package: q")
                .withFiles(
                        "dewy.core",
                        Map.of("OSGI-INF/core.xml", "<core/>", "core/list.txt", "a list"),
                        "Export-Package: s",
                        "Import-Package: t")
                .withFiles("shared", Map.of("t/list.txt", "a list of t"), "Export-Package: t;version=1.2")
                .withFiles("dewy.shell", Map.of("other/list.txt", "another list"))
                .with("acme.broken", BundleFolder.PLUGIN, "Import-Package: r")
                .with("faulty", "Export-Package: r", "Bundle-Activator: acme.Nowhere");
        return folder.pack(temporary.resolve("launcher.jar"));
    }

    @Test
    void tellsThePluginsWithoutInstallingThem() {
        List<PluginCapability> offers = List.of(new PluginCapability("registry", List.of("tape", "card")));
        assertThat(bundles.plugins())
                .contains(new EmbeddedPlugin("acme.tape", "1.0.0", offers))
                .extracting(EmbeddedPlugin::symbolicName)
                .containsExactly("acme.broken", "acme.card", "acme.tape");
        assertThat(installed()).isEmpty();
        assertThat(home).doesNotExist();
    }

    @Test
    void installsAPluginWithWhatItNeedsAndNothingElse() throws Exception {
        Bundle plugin = bundle(bundles.install("acme.tape"));
        assertThat(plugin.getSymbolicName()).isEqualTo("acme.tape");
        assertThat(plugin.getState()).isIn(Bundle.INSTALLED, Bundle.RESOLVED);
        assertThat(installed()).containsExactlyInAnyOrder("acme.tape", "library", "part");
        assertThat(named("library").getState()).isEqualTo(Bundle.ACTIVE);
        assertThat(files()).hasSize(3).allMatch(name -> name.matches("(acme.tape|library|part)-[0-9a-f]{8}\\.jar"));
        plugin.start();
        assertThat(plugin.getState()).isEqualTo(Bundle.ACTIVE);
    }

    @Test
    void givesTheBundleAgainThatIsInstalled() throws Exception {
        Bundle plugin = bundle(bundles.install("acme.tape"));
        plugin.start();
        assertThat(bundles.install("acme.tape")).isEqualTo(plugin.getBundleId());
        assertThat(plugin.getState()).isEqualTo(Bundle.ACTIVE);
        assertThat(installed()).hasSize(3);
    }

    @Test
    void installsAnewWhatWasUninstalled() throws Exception {
        long first = bundles.install("acme.tape");
        bundle(first).uninstall();
        named("library").uninstall();
        long second = bundles.install("acme.tape");
        assertThat(second).isNotEqualTo(first);
        bundle(second).start();
        assertThat(named("library").getState()).isEqualTo(Bundle.ACTIVE);
    }

    @Test
    void installsEachBundleOnceForSeveralThreads() throws Exception {
        int threads = 8;
        CyclicBarrier together = new CyclicBarrier(threads);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<Long>> ids = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                String plugin = i % 2 == 0 ? "acme.tape" : "acme.card";
                Callable<Long> install = () -> {
                    together.await();
                    return bundles.install(plugin);
                };
                ids.add(pool.submit(install));
            }
            for (int i = 0; i < threads; i++) {
                assertThat(ids.get(i).get()).isEqualTo(ids.get(i % 2).get());
            }
        } finally {
            pool.shutdownNow();
        }
        assertThat(installed()).containsExactlyInAnyOrder("acme.tape", "acme.card", "library", "part", "second");
    }

    @Test
    void goesOnWithTheJarItWasStartedFromWhenAnotherTookItsPlace() throws Exception {
        launcher("acme.newer");
        assertThat(bundle(bundles.install("acme.tape")).getSymbolicName()).isEqualTo("acme.tape");
    }

    @Test
    void removesWhatAnotherVersionLeftAndKeepsWhatIsThere() throws Exception {
        bundles.install("acme.tape");
        List<String> current = files();
        Files.writeString(home.resolve("library-00000000.jar"), "of another version");
        Files.writeString(home.resolve("second.jar.part"), "of an agent that was killed");
        JarBundles.of(jar, jar.index(), home, felix.getBundleContext());
        assertThat(files()).containsExactlyInAnyOrderElementsOf(current);
    }

    @Test
    void saysThatAFolderCannotBeWrittenTo() throws IOException {
        Files.writeString(home, "no folder");
        assertThatThrownBy(() -> bundles.install("acme.tape"))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("Cannot copy the bundle library to " + home)
                .hasMessageContaining("Check its owner");
    }

    @Test
    void saysWhyTheFrameworkRefusesABundle() {
        assertThatThrownBy(() -> bundles.install("acme.broken"))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("Cannot start the bundle faulty")
                .hasMessageContaining("acme.Nowhere");
    }

    @Test
    void knowsPluginsOnly() {
        for (String name : List.of("library", "nothing")) {
            assertThatThrownBy(() -> bundles.install(name))
                    .isInstanceOf(NotFoundException.class)
                    .hasMessageContaining(name);
        }
        assertThat(installed()).isEmpty();
    }

    @Test
    void leavesOutALibraryThatTheSystemBundleExports() throws Exception {
        bundles.start("dewy.core");
        assertThat(named("dewy.core").getState()).isEqualTo(Bundle.ACTIVE);
        assertThat(installed()).containsExactly("dewy.core");
    }

    @Test
    void startsBundlesBesideOtherWork() throws Exception {
        BackgroundStart start = BackgroundStart.of(bundles, List.of("library", "second"));
        start.await();
        assertThat(named("library").getState()).isEqualTo(Bundle.ACTIVE);
        assertThat(named("second").getState()).isEqualTo(Bundle.ACTIVE);
    }

    @Test
    void tellsWhoAwaitsThemThatBundlesDoNotStart() {
        BackgroundStart start = BackgroundStart.of(bundles, List.of("faulty"));
        start.awaitEnd();
        assertThatThrownBy(start::await)
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("Cannot start the bundle faulty");
    }

    @Test
    void startsWhatTheLauncherItselfNeeds() throws Exception {
        bundles.start("library", "second");
        assertThat(named("library").getState()).isEqualTo(Bundle.ACTIVE);
        assertThat(named("second").getState()).isEqualTo(Bundle.ACTIVE);
    }

    @Test
    void takesABundleOfTheBaseFromTheClassPath() throws Exception {
        bundles.start("dewy.core");
        Bundle core = named("dewy.core");
        assertThat(core.getState()).isEqualTo(Bundle.ACTIVE);
        assertThat(core.getHeaders().get("Export-Package")).isEqualTo("s");
        assertThat(core.loadClass(JarBundles.class.getName())).isSameAs(JarBundles.class);
        assertThat(home).doesNotExist();
    }

    @Test
    void findsTheFilesOfABundleFromTheClassPathAndNoOthers() throws Exception {
        bundles.start("dewy.core");
        Bundle core = named("dewy.core");
        assertThat(text(core.getEntry("OSGI-INF/core.xml"))).isEqualTo("<core/>");
        assertThat(text(core.getEntry("core/list.txt"))).isEqualTo("a list");
        assertThat(core.getEntry("META-INF/none")).isNull();
        assertThat(core.getEntry("other/list.txt")).isNull();
        assertThat(Collections.list(core.findEntries("/", "*.xml", true)))
                .extracting(URL::getPath)
                .containsExactly("/OSGI-INF/core.xml");
    }

    private static String text(URL entry) throws IOException {
        try (InputStream in = entry.openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private Bundle bundle(long id) {
        return felix.getBundleContext().getBundle(id);
    }

    private Bundle named(String symbolicName) {
        return others().filter(bundle -> symbolicName.equals(bundle.getSymbolicName()))
                .findAny()
                .orElseThrow();
    }

    private List<String> installed() {
        return others().map(Bundle::getSymbolicName).toList();
    }

    private Stream<Bundle> others() {
        return Arrays.stream(felix.getBundleContext().getBundles()).skip(1);
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(home)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
