package dewy.itest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** SIGKILL at each step and at random instants: the next agent brings the newest release, and nothing half-done stays. */
@Timeout(400)
class KilledAgentIT {
    private static final int FILES = 300;

    /** What the log says when a step begins or ends. */
    private static final List<String> STEPS = List.of(
            "Dewy started",
            "App added",
            "Deployment started",
            "Cached artifact",
            "Extract archive",
            "Create symlink",
            "Deployment completed",
            "Deploy skipped");

    private static final int RANDOM_KILLS = Boolean.getBoolean("dewy.long") ? 60 : 6;
    private static final int LONGEST_LIFE_MILLIS = 2_500;

    @TempDir
    Path folder;

    private int published;

    @Test
    void bringsTheNewestReleaseAfterItWasKilledAtEachStep() throws Exception {
        Registry registry = Registry.in(folder.resolve("registry"));
        for (String step : STEPS) {
            String version = publish(registry);
            try (AgentProcess agent = assets(registry)) {
                agent.await(step);
                agent.signal("KILL");
                agent.exitCode();
            }
            converges(registry, version);
        }
        theNextDeploymentTidiesTheCache(registry);
    }

    @Test
    @Tag("long")
    void bringsTheNewestReleaseAfterItWasKilledAtAnyInstant() throws Exception {
        Registry registry = Registry.in(folder.resolve("registry"));
        long seed = Long.getLong("dewy.test.seed", 1);
        System.out.println("-Ddewy.test.seed=" + seed);
        Random random = new Random(seed);
        for (int kill = 1; kill <= RANDOM_KILLS; kill++) {
            String version = publish(registry);
            try (AgentProcess agent = assets(registry)) {
                agent.outlives(random.nextInt(LONGEST_LIFE_MILLIS), TimeUnit.MILLISECONDS);
                agent.signal("KILL");
                agent.exitCode();
            }
            Releases.in(folder.resolve("app")).areComplete();
            if (kill % 3 == 0) {
                converges(registry, version);
            }
        }
        theNextDeploymentTidiesTheCache(registry);
    }

    private void converges(Registry registry, String version) throws Exception {
        Path app = folder.resolve("app");
        Releases releases = Releases.in(app);
        releases.areComplete();
        Predicate<Map<String, String>> isThere = record -> "Deploy skipped".equals(record.get("msg"))
                && record.getOrDefault("reason", "").equals(version + " is deployed");
        try (AgentProcess agent = assets(registry)) {
            agent.await("that " + version + " is deployed", isThere);
            assertThat(app.resolve("current/VERSION")).hasContent(version);
            assertThat(agent.count("Deploy failure")).as(agent.output()).isZero();
            assertThat(agent.stop()).isZero();
        }
        releases.areComplete();
        releases.areAllThereIs();
    }

    /** The cache is tidied when it is next used. */
    private void theNextDeploymentTidiesTheCache(Registry registry) throws Exception {
        converges(registry, publish(registry));
        try (Stream<Path> cached = Files.list(folder.resolve("app/.dewy/cache"))) {
            assertThat(cached.map(path -> path.getFileName().toString())).noneMatch(name -> name.endsWith(".part"));
        }
    }

    private String publish(Registry registry) throws IOException {
        published++;
        String version = "v1." + published + ".0";
        Map<String, String> files = new LinkedHashMap<>();
        files.put("count.txt", Integer.toString(FILES + 2));
        for (int i = 0; i < FILES; i++) {
            files.put("file" + i + ".txt", version);
        }
        files.put("VERSION", version);
        registry.publish(version, files);
        return version;
    }

    private AgentProcess assets(Registry registry) throws IOException {
        Path app = Files.createDirectories(folder.resolve("app"));
        return AgentProcess.start(folder, AgentProcess.arguments("assets", registry.url(), app));
    }
}
