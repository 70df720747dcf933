package dewy.itest;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.notifier.slack.SlackStandIn;
import dewy.tck.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Plugins swapped again and again, in any order and at any time, in an agent that upgrades a server under load. A plugin joins
 * by a class that extends this one: it names the plugins, and overrides what the app needs for them to be in use. As it is,
 * the app takes releases from a folder, and tells a stand-in for Slack.
 *
 * <p>The seed is of the order, and of what is done; in a long run each is swapped many times.
 */
@Tag("long")
@Timeout(3_000)
abstract class SwapLoop implements Surroundings {
    private static final int SWAPS = Boolean.getBoolean("dewy.long") ? 30 : 3;
    private static final long SEED = Long.getLong("dewy.test.seed", 1);
    private static final String CHANNEL = "deploys";
    private static final Pattern INSTALLED = Pattern.compile("Bundle ID: (\\d+)");

    private final Random random = new Random(SEED);

    @TempDir
    Path folder;

    private final SlackStandIn slack;
    private Duration longestRecovery = Duration.ZERO;

    SwapLoop() throws IOException {
        slack = new SlackStandIn();
    }

    /** Returns the symbolic names of the plugins that are swapped; the app uses them all. */
    abstract List<String> plugins();

    @Override
    public List<String> options() throws IOException {
        return List.of("--registry", "file://" + registry(), "--notifier", "slack://" + CHANNEL);
    }

    @Override
    public Map<String, String> environment() {
        return slack.environment();
    }

    @Override
    public void publish(String version, Path archive) throws IOException {
        Path release = Files.createDirectories(registry().resolve(version));
        Path part = Files.copy(archive, release.resolve(".app.part"));
        Files.move(part, release.resolve("app.tar.gz"), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Returns all that people were told. */
    List<String> told(AgentProcess agent) {
        return slack.posted(CHANNEL);
    }

    /** Returns how people are told that a version is deployed. */
    String deployed(String version) {
        return "Deployed " + version + " in ";
    }

    /** Returns the folder in which releases are announced. */
    final Path registry() throws IOException {
        return Files.createDirectories(folder.resolve("registry"));
    }

    @BeforeEach
    void needsPython() {
        Tools.require("python3");
        System.out.println(getClass().getSimpleName() + ": -Ddewy.test.seed=" + SEED);
    }

    @AfterEach
    void closeSlack() throws IOException {
        slack.close();
    }

    @Test
    void loseNothingWhenPluginsAreUpdated() throws Exception {
        try (SwapSite site = new SwapSite(folder, this)) {
            Map<String, Integer> versions = new HashMap<>();
            for (String plugin : plugins()) {
                update(site, plugin, versions);
            }
            SwapSite.Held before = site.held();
            for (String plugin : order()) {
                pause();
                update(site, plugin, versions);
            }
            assertLossless(site);
            for (String version : site.published()) {
                assertThat(told(site.agent(), version)).as("told of " + version).hasSize(1);
            }
            assertThat(site.agent().count("Plugin gone")).isZero();
            assertThat(site.agent().texts("Plugin left threads behind", "threads"))
                    .isEmpty();
            SwapSite.Held after = site.awaitHeldAtMost(before);
            assertThat(after.exceeds(before)).as(before + " and then " + after).isFalse();
            System.out.println(getClass().getSimpleName() + ": " + before + " and then " + after);
        }
    }

    @Test
    void loseNothingWhenBundlesAreStoppedUpdatedRefreshedAndRemoved() throws Exception {
        try (SwapSite site = new SwapSite(folder, this)) {
            int number = 0;
            for (String plugin : order()) {
                pause();
                number++;
                operate(site, plugin, number);
                awaitRecovery(site, plugin);
            }
            assertLossless(site);
            for (String version : site.published()) {
                assertToldOnceOrFailed(site.agent(), version);
            }
            System.out.println(getClass().getSimpleName() + ": recovered within " + longestRecovery);
        }
    }

    /** A swap is to meet the upgrades, which go on beside it, at any point of theirs. */
    private void pause() throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(random.nextInt(300));
    }

    private List<String> order() {
        List<String> order = new ArrayList<>();
        for (int i = 0; i < SWAPS; i++) {
            order.addAll(plugins());
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
        ControlClient control = site.control();
        String id = active(control, plugin);
        switch (random.nextInt(5)) {
            case 0 -> {
                control.run("felix:stop", id);
                control.run("felix:start", id);
            }
            case 1 -> control.run("felix:update", id, url(site.newer(plugin, number)));
            case 2 -> control.run("felix:refresh", id);
            case 3 -> {
                String next = install(control, site.newer(plugin, number));
                control.run("felix:uninstall", id);
                control.run("felix:start", next);
            }
            default -> {
                control.run("felix:start", install(control, site.newer(plugin, number)));
                control.run("felix:uninstall", id);
            }
        }
    }

    private static String install(ControlClient control, Path jar) throws IOException {
        Matcher next = INSTALLED.matcher(control.run("felix:install", url(jar)));
        assertThat(next.find()).isTrue();
        return next.group(1);
    }

    private static String url(Path jar) {
        return jar.toUri().toString();
    }

    /** Returns the number of the bundle that is in use; one that is refreshed is so again soon. */
    private static String active(ControlClient control, String plugin) throws IOException {
        Await.until(plugin + " is active", () -> findActive(control, plugin).isPresent());
        return findActive(control, plugin).orElseThrow();
    }

    private static Optional<String> findActive(ControlClient control, String plugin) throws IOException {
        Pattern listed = Pattern.compile("(?m)^ *(\\d+)\\|Active *\\|[^\\n]*" + Pattern.quote(plugin));
        Matcher active = listed.matcher(control.run("felix:lb", "-s"));
        return active.find() ? Optional.of(active.group(1)) : Optional.empty();
    }

    /** The interval is a second: a cycle later all is well. */
    private void awaitRecovery(SwapSite site, String plugin) {
        long begin = System.nanoTime();
        Await.until(plugin + " is back", () -> !site.control().run("dewy:apps").contains("degraded"));
        Duration taken = Duration.ofNanos(System.nanoTime() - begin);
        longestRecovery = taken.compareTo(longestRecovery) > 0 ? taken : longestRecovery;
    }

    private void assertLossless(SwapSite site) throws Exception {
        assertThat(site.end()).isEmpty();
        String newest = site.published().get(site.published().size() - 1);
        site.agent()
                .find(
                        "the newest",
                        record -> "Deployment completed".equals(record.get("msg"))
                                && newest.equals(record.get("version")));
        Await.until(() -> "that " + newest + " is told of by " + told(site.agent()), () -> told(site.agent()).stream()
                .anyMatch(text -> text.contains(deployed(newest))));
    }

    private List<String> told(AgentProcess agent, String version) {
        return told(agent).stream()
                .filter(text -> text.contains(deployed(version)))
                .toList();
    }

    /** What serves already fails where its plugin is taken away before all is done, and the next version may come before it. */
    private void assertToldOnceOrFailed(AgentProcess agent, String version) {
        List<String> told = told(agent, version);
        assertThat(told).as("told of " + version).hasSizeLessThanOrEqualTo(1);
        if (told.isEmpty()) {
            assertThat(told(agent)).anyMatch(text -> text.contains("Deploying " + version + " failed"));
        }
    }
}
