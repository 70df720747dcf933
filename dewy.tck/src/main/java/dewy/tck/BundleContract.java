package dewy.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.plugin.Plugin;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.BundleWiring;

/**
 * What is demanded of the bundle of a plugin: that it comes and goes in a running framework as often as one likes, beside
 * another version of itself, and leaves nothing behind. The jar exists once it is packaged, so this is an integration test.
 */
@Timeout(300)
public abstract class BundleContract {
    /** How often a bundle comes and goes. */
    private static final int ROUNDS = 20;

    private static final Duration LIMIT = Duration.ofSeconds(20);

    /** Where the framework keeps what it knows. */
    @TempDir
    protected Path storage;

    private TestFramework framework = TestFramework.none();
    private Path jar = Path.of("");

    /** Returns the jar of the plugin; it is asked for once a test. */
    protected abstract Path bundle() throws Exception;

    /** Returns the jars of what it needs beside {@code dewy.api} and slf4j, in the order in which they are started. */
    protected List<Path> companions() throws Exception {
        return List.of();
    }

    @BeforeEach
    void startFramework() throws Exception {
        framework = TestFramework.start(storage.resolve("framework"));
        for (Path companion : companions()) {
            framework.install(companion).start();
        }
        jar = bundle();
    }

    @AfterEach
    void stopFramework() throws Exception {
        framework.close();
    }

    @Test
    void offersWhatItsManifestSays() throws Exception {
        Bundle plugin = framework.install(jar);
        plugin.start();
        assertThat(declared(plugin)).as("the capabilities dewy.plugin").isNotEmpty();
        assertThat(offered(plugin)).isEqualTo(declared(plugin));
        plugin.stop();
        assertThat(offered(plugin)).isEmpty();
    }

    @Test
    void worksBesideANewerVersionOfItself() throws Exception {
        Bundle older = framework.install(jar);
        Bundle newer = framework.install(newer(1));
        older.start();
        newer.start();
        assertThat(newer.getSymbolicName()).isEqualTo(older.getSymbolicName());
        assertThat(newer.getVersion()).isGreaterThan(older.getVersion());
        assertThat(offered(older)).isEqualTo(declared(older));
        assertThat(offered(newer)).isEqualTo(declared(older));
        older.uninstall();
        assertThat(offered(newer)).isEqualTo(declared(newer));
    }

    @Test
    void isStartedAndStoppedAgainAndAgain() throws Exception {
        Bundle plugin = framework.install(jar);
        plugin.start();
        plugin.stop();
        Footprint before = Footprint.now();
        for (int round = 0; round < ROUNDS; round++) {
            plugin.start();
            assertThat(offered(plugin)).isEqualTo(declared(plugin));
            plugin.stop();
        }
        assertLeavesNothing(before);
    }

    @Test
    void isUpdatedAgainAndAgain() throws Exception {
        Path newer = newer(1);
        Bundle plugin = framework.install(jar);
        plugin.start();
        Set<String> declared = declared(plugin);
        List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
        Footprint before = Footprint.now();
        for (int round = 0; round < ROUNDS; round++) {
            loaders.add(loader(plugin));
            framework.update(plugin, round % 2 == 0 ? newer : jar);
            assertThat(offered(plugin)).isEqualTo(declared);
        }
        assertCollected(loaders);
        assertLeavesNothing(before);
    }

    @Test
    void isReplacedAgainAndAgain() throws Exception {
        List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
        Bundle current = framework.install(jar);
        current.start();
        Set<String> declared = declared(current);
        Footprint before = Footprint.now();
        for (int round = 1; round <= ROUNDS; round++) {
            Bundle newer = framework.install(newer(round));
            newer.start();
            loaders.add(loader(current));
            framework.uninstall(current);
            assertThat(offered(newer)).isEqualTo(declared);
            current = newer;
        }
        assertCollected(loaders);
        assertLeavesNothing(before);
    }

    /** Returns a copy of the bundle under a version so much newer. */
    private Path newer(int by) throws Exception {
        Path copy = storage.resolve("newer-" + by + ".jar");
        return Files.exists(copy) ? copy : BundleCopy.newer(jar, by, copy);
    }

    private static WeakReference<ClassLoader> loader(Bundle plugin) {
        return new WeakReference<>(plugin.adapt(BundleWiring.class).getClassLoader());
    }

    private static void assertCollected(List<WeakReference<ClassLoader>> loaders) throws InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (left(loaders) > 0 && System.nanoTime() < deadline) {
            System.gc();
            Thread.sleep(50);
        }
        assertThat(left(loaders))
                .as("class loaders that are left of %d", loaders.size())
                .isZero();
    }

    private static long left(List<WeakReference<ClassLoader>> loaders) {
        return loaders.stream().filter(loader -> loader.get() != null).count();
    }

    private static void assertLeavesNothing(Footprint before) throws InterruptedException {
        Footprint after = Footprint.awaitAtMost(before, ROUNDS / 3);
        assertThat(after.exceeds(before, ROUNDS / 3))
                .as("after %d rounds %s is left, before there was %s", ROUNDS, after, before)
                .isFalse();
    }

    /** Returns {@code kind:scheme} of everything that the manifest declares. */
    private static Set<String> declared(Bundle plugin) {
        Set<String> declared = new TreeSet<>();
        plugin.adapt(BundleRevision.class)
                .getDeclaredCapabilities("dewy.plugin")
                .forEach(it -> {
                    Object kind = it.getAttributes().get("kind");
                    values(it.getAttributes().get("scheme")).forEach(scheme -> declared.add(kind + ":" + scheme));
                });
        return declared;
    }

    /** Returns {@code kind:scheme} of every service that can be had. */
    private Set<String> offered(Bundle plugin) {
        Set<String> offered = new TreeSet<>();
        Stream.ofNullable(plugin.getRegisteredServices())
                .flatMap(Arrays::stream)
                .filter(service -> service.getProperty(Plugin.SCHEME) != null)
                .filter(this::canBeHad)
                .forEach(service -> values(service.getProperty(Plugin.SCHEME))
                        .forEach(scheme -> offered.add(service.getProperty("dewy.kind") + ":" + scheme)));
        return offered;
    }

    private boolean canBeHad(ServiceReference<?> service) {
        try {
            return framework.context().getService(service) != null;
        } finally {
            framework.context().ungetService(service);
        }
    }

    private static Collection<?> values(@Nullable Object property) {
        if (property instanceof Collection<?> several) {
            return several;
        }
        return property instanceof Object[] array
                ? List.of(array)
                : Stream.ofNullable(property).toList();
    }
}
