package dewy.itest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Plugins of every kind swapped again and again, in any order and at any time, in an agent that upgrades a server under load.
 * Each is swapped as often as the system property {@code dewy.test.swaps} says; {@code dewy.test.seed} has the same order
 * again.
 */
@Timeout(3_000)
class SwapLoopIT {
    private static final int SWAPS = Integer.getInteger("dewy.test.swaps", 10);
    private static final long SEED = Long.getLong("dewy.test.seed", System.nanoTime());
    private static final Pattern INSTALLED = Pattern.compile("Bundle ID: (\\d+)");

    private final Random random = new Random(SEED);

    @TempDir
    Path folder;

    @BeforeEach
    void needsPython() {
        Tools.require("python3");
        System.out.println("SwapLoopIT: -Ddewy.test.seed=" + SEED);
    }

    @Test
    void loseNothingWhenPluginsAreUpdated() throws Exception {
        try (SwapSite site = new SwapSite(folder)) {
            Map<String, Integer> versions = new HashMap<>();
            for (String plugin : SwapSite.PLUGINS) {
                update(site, plugin, versions);
            }
            SwapSite.Held before = site.held();
            for (String plugin : order()) {
                TimeUnit.MILLISECONDS.sleep(random.nextInt(300));
                update(site, plugin, versions);
            }
            SwapSite.Held after = site.held();
            assertLossless(site);
            assertThat(site.agent().count("Plugin gone")).isZero();
            assertThat(after.classLoaders()).isLessThanOrEqualTo(before.classLoaders() + 1);
            assertThat(after.threads()).isLessThan(before.threads() + 15);
            assertThat(after.descriptors()).isLessThan(before.descriptors() + 15);
        }
    }

    @Test
    void loseNothingWhenBundlesAreStoppedUpdatedRefreshedAndRemoved() throws Exception {
        try (SwapSite site = new SwapSite(folder)) {
            int number = 0;
            for (String plugin : order()) {
                TimeUnit.MILLISECONDS.sleep(random.nextInt(300));
                number++;
                operate(site, plugin, number);
                awaitRecovery(site, plugin);
            }
            assertLossless(site);
        }
    }

    private List<String> order() {
        List<String> order = new ArrayList<>();
        for (int i = 0; i < SWAPS; i++) {
            order.addAll(SwapSite.PLUGINS);
        }
        Collections.shuffle(order, random);
        return order;
    }

    private static void update(SwapSite site, String plugin, Map<String, Integer> versions) throws Exception {
        int number = versions.merge(plugin, 1, Integer::sum);
        Path jar = site.newer(plugin, number);
        assertThat(site.control().run("dewy:plugin", "update", jar.toString())).contains("0.1." + number);
    }

    private void operate(SwapSite site, String plugin, int number) throws Exception {
        String id = active(site, plugin);
        switch (random.nextInt(4)) {
            case 0 -> {
                site.control().run("felix:stop", id);
                site.control().run("felix:start", id);
            }
            case 1 ->
                site.control()
                        .run(
                                "felix:update",
                                id,
                                site.newer(plugin, number).toUri().toString());
            case 2 -> site.control().run("felix:refresh", id);
            default -> {
                Matcher next = INSTALLED.matcher(site.control()
                        .run("felix:install", site.newer(plugin, number).toUri().toString()));
                assertThat(next.find()).isTrue();
                site.control().run("felix:uninstall", id);
                site.control().run("felix:start", next.group(1));
            }
        }
    }

    /** Returns the number of the bundle that is in use; one that is refreshed is so again soon. */
    private static String active(SwapSite site, String plugin) throws Exception {
        Pattern listed = Pattern.compile("(?m)^ *(\\d+)\\|Active *\\|[^\\n]*" + Pattern.quote(plugin));
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        while (true) {
            String bundles = site.control().run("felix:lb", "-s");
            Matcher active = listed.matcher(bundles);
            if (active.find()) {
                return active.group(1);
            }
            assertThat(System.nanoTime())
                    .as(plugin + " is active in " + bundles)
                    .isLessThan(deadline);
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    /** The interval is a second: a cycle later all is well. */
    private static void awaitRecovery(SwapSite site, String plugin) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        while (site.control().run("dewy:apps").contains("degraded")) {
            assertThat(System.nanoTime()).as(plugin + " is back").isLessThan(deadline);
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private static void assertLossless(SwapSite site) throws Exception {
        assertThat(site.end()).isEmpty();
        String newest = site.published().get(site.published().size() - 1);
        site.agent()
                .find(
                        "the newest",
                        record -> "Deployment completed".equals(record.get("msg"))
                                && newest.equals(record.get("version")));
        for (String version : site.published()) {
            assertThat(site.toldOf(version)).as("told of " + version).hasSize(1);
        }
    }
}
