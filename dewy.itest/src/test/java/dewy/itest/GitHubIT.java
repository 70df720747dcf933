package dewy.itest;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.registry.github.FakeGitHub;
import dewy.tck.Content;
import dewy.tck.HttpStandIn.Answer;
import dewy.tck.HttpStandIn.Asked;
import dewy.tck.ServerProgram;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentSkipListSet;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Releases from GitHub, as a black box: the jar against a stand-in for GitHub's API and one for its store of assets. */
@Timeout(240)
class GitHubIT {
    private static final int MEGABYTE = 1 << 20;
    private static final int LARGE = 200;
    private static final String TOKEN = "ghp_thisIsTheToken";

    private final FakeGitHub github = new FakeGitHub();

    @TempDir
    Path folder;

    GitHubIT() throws IOException {}

    @AfterEach
    void close() throws IOException {
        github.close();
    }

    @Test
    void resumesALargeAssetThatIsCutTenTimesInASmallHeap() throws Exception {
        ServerProgram.require(Files.getFileStore(folder).getUsableSpace() > (2L << 30), "it needs 2 GiB of free space");
        Content archive = Content.of(largeArchive());
        long seed = Long.getLong("dewy.test.seed", 1);
        System.out.println("cut by seed " + seed);
        NavigableSet<Long> cuts = new ConcurrentSkipListSet<>();
        new Random(seed).longs(0, archive.length()).distinct().limit(10).forEach(cuts::add);
        github.tampering = answer -> answer.cutAt(nextCut(cuts, answer.from()));
        github.release("v1.0.0", github.asset("app.tar", archive, quoted(archive), "uploaded"));
        try (AgentProcess agent = agent("-Xmx64m", "-XX:+ExitOnOutOfMemoryError")) {
            agent.await("its deployment", Duration.ofMinutes(3), record -> "Deployment completed"
                    .equals(record.get("msg")));
            assertThat(cuts).isEmpty();
            assertThat(agent.count("Resume download")).as("seed %s", seed).isEqualTo(10);
            assertThat(github.store.asked).hasSize(11);
            assertThat(github.store.asked.subList(1, 11))
                    .allMatch(asked -> asked.header("Range").isPresent());
            assertThat(github.store.asked).noneMatch(GitHubIT::hasCredentials);
            assertThat(github.api.asked).allMatch(GitHubIT::hasCredentials);
            assertThat(Files.size(folder.resolve("app/current/large.bin"))).isEqualTo((long) LARGE * MEGABYTE);
            assertThat(mostResident(agent)).as("MB resident").isLessThan(250);
        }
    }

    @Test
    void refusesAnAssetWithAnotherDigestOrLengthAndTakesTheNextRelease() throws Exception {
        Content archive = Content.of(archive("good"));
        Content other = Content.of(archive("another"));
        github.release("v1.0.0", github.asset("app.tar.gz", archive, quoted(other), "uploaded"));
        try (AgentProcess agent = agent("-Xmx96m")) {
            assertThat(agent.await("Deploy failure").getOrDefault("error", ""))
                    .contains("its digest is " + FakeGitHub.digest(archive))
                    .contains("the registry declares " + FakeGitHub.digest(other));
            String longer = github.asset("app.tar.gz", archive, quoted(archive), "uploaded")
                    .replace("\"size\":" + archive.length(), "\"size\":" + (archive.length() + 1));
            github.release("v1.1.0", longer);
            assertThat(agent.await("Deploy failure").getOrDefault("error", ""))
                    .contains("it has " + archive.length() + " bytes, but the registry declares");
            assertThat(folder.resolve("app/current")).doesNotExist();
            github.release("v1.2.0", github.asset("app.tar.gz", archive, quoted(archive), "uploaded"));
            agent.await("Deployment completed");
            assertThat(folder.resolve("app/current/page.html")).hasContent("good");
        }
    }

    @Test
    void deploysTheLatestOfTheRemainingWhenTheNewestReleaseIsDeleted() throws Exception {
        publish("v1.0.0");
        publish("v1.1.0");
        try (AgentProcess agent = agent("-Xmx96m")) {
            assertThat(agent.await("Deployment completed")).containsEntry("version", "v1.1.0");
            String deleted = github.releases.remove(0);
            assertThat(agent.await("Deployment completed")).containsEntry("version", "v1.0.0");
            assertThat(folder.resolve("app/current/page.html")).hasContent("v1.0.0");
            github.releases.add(0, deleted);
            assertThat(agent.await("Deployment completed")).containsEntry("version", "v1.1.0");
            assertThat(agent.count("Deploy failure")).isZero();
        }
    }

    @Test
    void leavesGitHubAloneUntilARateLimitEndsAndSaysWhenThatIs() throws Exception {
        publish("v1.0.0");
        long reset = Instant.now().getEpochSecond() + 1_800;
        github.instead.put(
                "/releases",
                Answer.of(403, "{\"message\":\"API rate limit exceeded for user ID 1.\"}")
                        .with("x-ratelimit-remaining", "0")
                        .with("x-ratelimit-reset", "" + reset));
        try (AgentProcess agent = agent("-Xmx96m")) {
            assertThat(agent.await("Rate limited").getOrDefault("reason", ""))
                    .contains("API rate limit exceeded")
                    .containsPattern("until \\d{4}-\\d\\d-\\d\\dT");
            ControlClient control = new ControlClient(folder.resolve("app/.dewy"));
            Releases.await(() -> explanation(control).contains("(until 20"), () -> explanation(control));
            assertThat(explanation(control)).contains("The next check is due");
            assertThat(agent.count("Deploy failure")).isZero();
            assertThat(github.api.asked).hasSize(1);
            github.instead.clear();
            assertThat(control.run("dewy:deploy")).contains("deployed");
        }
    }

    private static String explanation(ControlClient control) {
        try {
            return control.run("dewy:explain");
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static long nextCut(NavigableSet<Long> cuts, long from) {
        Long cut = cuts.higher(from);
        if (cut == null) {
            return Long.MAX_VALUE;
        }
        cuts.remove(cut);
        return cut;
    }

    private static boolean hasCredentials(Asked asked) {
        return asked.header("Authorization").equals(Optional.of("Bearer " + TOKEN));
    }

    private static long mostResident(AgentProcess agent) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + agent.pid() + "/status")).stream()
                .filter(line -> line.startsWith("VmHWM"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) >> 10)
                .findFirst()
                .orElseThrow();
    }

    private void publish(String version) throws IOException {
        Content archive = Content.of(archive(version));
        github.release(version, github.asset("app.tar.gz", archive, quoted(archive), "uploaded"));
    }

    private static String quoted(Content content) {
        return "\"" + FakeGitHub.digest(content) + "\"";
    }

    private Path archive(String page) throws IOException {
        Path file = folder.resolve(page + ".tar.gz");
        Registry.writeArchive(file, Map.of("page.html", page));
        return file;
    }

    private Path largeArchive() throws IOException {
        byte[] block = new byte[MEGABYTE];
        new Random(1).nextBytes(block);
        Path file = folder.resolve("large.tar");
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), MEGABYTE);
                TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
            TarArchiveEntry entry = new TarArchiveEntry("large.bin");
            entry.setSize((long) LARGE * MEGABYTE);
            tar.putArchiveEntry(entry);
            for (int i = 0; i < LARGE; i++) {
                block[0] = (byte) i;
                tar.write(block);
            }
            tar.closeArchiveEntry();
        }
        return file;
    }

    private AgentProcess agent(String... jvm) throws IOException {
        Path app = Files.createDirectories(folder.resolve("app"));
        return AgentProcess.start(
                folder,
                List.of(jvm),
                Map.of("GITHUB_API_URL", github.api.address(), "GH_TOKEN", TOKEN),
                AgentProcess.arguments("assets", "github://acme/app", app));
    }
}
