package dewy.itest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dewy.bucket.ObjectServer;
import dewy.bucket.Relay;
import dewy.bucket.Relay.Answer;
import dewy.bucket.Relay.Asked;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Releases in a bucket, as a black box: the jar against a real server, behind a relay by which anything can befall it. */
@Tag("long")
@Timeout(300)
abstract class BucketIT {
    private static final int LARGE = (Boolean.getBoolean("dewy.long") ? 200 : 40) << 20;

    final ObjectServer server;
    final Relay relay;
    final String bucket = "test-" + UUID.randomUUID();
    final Map<String, String> environment = new LinkedHashMap<>();

    @TempDir
    Path folder;

    BucketIT(ObjectServer server) throws IOException {
        this.server = server;
        this.relay = new Relay(server.port());
        server.createBucket(bucket);
    }

    /** Returns the URL of a place in a bucket, whose service the environment names. */
    abstract String url(String of, String path);

    /** Returns what agents must not tell anybody. */
    abstract String secret();

    /** Returns an answer by which the service asks to be left alone. */
    abstract Answer busy();

    /** Returns an answer that tells a wrong checksum. */
    abstract Answer misled(Answer answer);

    /** Returns whether content is asked for on the condition that it is the same. */
    abstract boolean isConditional(Asked asked);

    @AfterEach
    void close() throws IOException {
        relay.close();
    }

    @Test
    void deploysOneVersionAfterTheOtherAndWaitsWhereItIsAskedTo() throws Exception {
        publish("v1.0.0", "one");
        try (AgentProcess agent = agent()) {
            assertThat(agent.await("Deployment completed")).containsEntry("version", "v1.0.0");
            assertThat(page()).hasContent("one");
            publish("v2.0.0", "two");
            assertThat(agent.await("Deployment completed")).containsEntry("version", "v2.0.0");
            assertThat(page()).hasContent("two");
            agent.await("Deploy skipped");
            assertThat(agent.count("Deployment completed")).isEqualTo(2);

            Answer busy = busy();
            relay.instead = asked -> Optional.of(busy);
            assertThat(agent.await("Rate limited").getOrDefault("reason", ""))
                    .containsAnyOf("SlowDown", "rateLimitExceeded")
                    .containsPattern("until \\d{4}-\\d\\d-\\d\\dT");
            publish("v3.0.0", "three");
            assertThat(relay.exchanged)
                    .filteredOn(one -> one.status() == busy.status())
                    .hasSize(1);
            relay.instead = asked -> Optional.empty();
            assertThat(new ControlClient(folder.resolve("app/.dewy")).run("dewy:deploy"))
                    .contains("deployed");
            assertThat(page()).hasContent("three");
            assertThat(agent.stop()).isZero();
            assertThat(agent.output()).doesNotContain(secret());
        }
        assertThat(server.keys(bucket))
                .as("audit objects")
                .filteredOn(key -> key.matches("app/v[123]\\.0\\.0/shipped_to_.+_assets_at_\\d{8}T\\d{6}Z\\.txt"))
                .hasSize(3);
    }

    @Test
    void waitsForAnArtifactAndRefusesOneThatIsNotRight() throws Exception {
        publish("v1.0.0", "one");
        try (AgentProcess agent = agent("--grace-period", "5s")) {
            agent.await("Deployment completed");
            server.put(bucket, "app/v1.1.0/README.md", new byte[1]);
            agent.await("Artifact not found within grace period");
            assertThat(agent.count("Deploy failure")).isZero();
            assertThat(failure(agent)).contains("release v1.1.0 does not have an archive");
            publish("v1.1.0", "late");
            agent.await("Deployment completed");
            assertThat(page()).hasContent("late");

            relay.tampering = (asked, answer) -> isArtifact(asked) ? lying(answer) : answer;
            publish("v1.2.0", "two");
            assertThat(quarantined(agent, "v1.2.0")).contains("bytes, but the registry declares");
            relay.tampering = (asked, answer) -> isArtifact(asked) ? misled(answer) : answer;
            publish("v1.3.0", "three");
            assertThat(quarantined(agent, "v1.3.0"))
                    .containsPattern("did not have the checksum that \\w+ tells, twice");
            assertThat(page()).hasContent("late");
            relay.tampering = (asked, answer) -> answer;
            publish("v1.4.0", "four");
            agent.await("Deployment completed");
            assertThat(page()).hasContent("four");
        }
    }

    @Test
    void goesOnOnceThereIsABucket() throws Exception {
        String other = "test-" + UUID.randomUUID();
        try (AgentProcess agent = start(folder.resolve("app"), url(other, "app"))) {
            assertThat(failure(agent)).contains("there is no bucket " + other);
            server.createBucket(other);
            server.put(other, "app/v1.0.0/site.tar.gz", archive("one"));
            agent.await("Deployment completed");
            assertThat(page()).hasContent("one");
        }
    }

    /** The first host hears of it from a folder, and fetches it from the bucket. */
    @Test
    void keepsForOtherHostsWhatOneFetched() throws Exception {
        publish("v1.0.0", "one");
        Path registry =
                Files.createDirectories(folder.resolve("registry/v1.0.0")).getParent();
        String[] cached = {"--cache", url(bucket, "cache")};
        String artifact = url(bucket, "app/{version}/site.tar.gz");
        try (AgentProcess agent =
                start(folder.resolve("app"), "file://" + registry, cached[0], cached[1], "--artifact", artifact)) {
            agent.await("Deployment completed");
            assertThat(page()).hasContent("one");
        }
        assertThat(server.keys(bucket)).contains("cache/app/index");
        relay.exchanged.clear();
        Path other = folder.resolve("other/app");
        try (AgentProcess agent = start(other, url(bucket, "app"), cached)) {
            agent.await("Deployment completed");
            assertThat(other.resolve("current/page.html")).hasContent("one");
        }
        assertThat(relay.exchanged).noneMatch(one -> isArtifact(one.asked()));
    }

    @Test
    void resumesALargeArtifactThatIsCutTenTimes() throws Exception {
        Path content = largeFile();
        Path archive = folder.resolve("app.tar");
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(Files.newOutputStream(archive))) {
            tar.putArchiveEntry(new TarArchiveEntry(content, "large.bin"));
            Files.copy(content, tar);
            tar.closeArchiveEntry();
        }
        long seed = System.nanoTime();
        System.out.println("cut by seed " + seed);
        NavigableSet<Long> cuts = new ConcurrentSkipListSet<>();
        new Random(seed).longs(1, Files.size(archive)).distinct().limit(10).forEach(cuts::add);
        relay.tampering = (asked, answer) -> isArtifact(asked) ? answer.cutAt(nextCut(cuts, start(asked))) : answer;
        server.put(bucket, "app/v1.0.0/app.tar", archive);
        try (AgentProcess agent = agent()) {
            agent.await("its deployment", Duration.ofMinutes(3), record -> "Deployment completed"
                    .equals(record.get("msg")));
            assertThat(agent.count("Resume download")).as("seed %s", seed).isEqualTo(10);
            assertThat(relay.exchanged)
                    .filteredOn(one -> isArtifact(one.asked()))
                    .hasSize(11)
                    .filteredOn(one -> isConditional(one.asked()))
                    .hasSize(10)
                    .allMatch(one -> one.status() == 206);
            assertThat(Files.mismatch(folder.resolve("app/current/large.bin"), content))
                    .isEqualTo(-1);
        }
    }

    static String failure(AgentProcess agent) throws InterruptedException {
        return agent.await("Deploy failure").getOrDefault("error", "");
    }

    /** Returns the next failure that tells of something, since one before it may be told again. */
    static String failure(AgentProcess agent, String of) throws InterruptedException {
        return agent.await(
                        "a failure of " + of,
                        record -> "Deploy failure".equals(record.get("msg"))
                                && record.getOrDefault("error", "").contains(of))
                .getOrDefault("error", "");
    }

    private static String quarantined(AgentProcess agent, String version) throws InterruptedException {
        return agent.await(
                        "the quarantine of " + version,
                        record -> "Release quarantined".equals(record.get("msg"))
                                && version.equals(record.get("version")))
                .getOrDefault("error", "");
    }

    private static Answer lying(Answer answer) {
        long length = Long.parseLong(answer.headers().get("content-length"));
        return answer.with("content-length", "" + (length + 1));
    }

    private static boolean isArtifact(Asked asked) {
        String target = URLDecoder.decode(asked.target(), UTF_8);
        return asked.method().equals("GET") && target.matches("[^?]*/v[^/?]*/[^/?]*\\.tar(\\.gz)?(\\?.*)?");
    }

    private static long start(Asked asked) {
        String range = asked.header("range").orElse("bytes=0-");
        return Long.parseLong(range.replaceAll("\\D", ""));
    }

    private static long nextCut(NavigableSet<Long> cuts, long from) {
        Long cut = cuts.higher(from);
        if (cut == null) {
            return Long.MAX_VALUE;
        }
        cuts.remove(cut);
        return cut - from;
    }

    private Path largeFile() throws IOException {
        Path file = folder.resolve("large.bin");
        byte[] block = new byte[1 << 20];
        Random random = new Random(1);
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int i = 0; i < LARGE; i += block.length) {
                random.nextBytes(block);
                out.write(block);
            }
        }
        return file;
    }

    final void publish(String version, String page) throws IOException {
        server.put(bucket, "app/" + version + "/site.tar.gz", archive(page));
    }

    private byte[] archive(String page) throws IOException {
        Path archive = folder.resolve("upload.tar.gz");
        Registry.writeArchive(archive, Map.of("page.html", page));
        return Files.readAllBytes(archive);
    }

    final Path page() {
        return folder.resolve("app/current/page.html");
    }

    final AgentProcess agent(String... more) throws IOException {
        return start(folder.resolve("app"), url(bucket, "app"), more);
    }

    final AgentProcess start(Path app, String registry, String... more) throws IOException {
        Files.createDirectories(app);
        Stream<String> arguments = Stream.of(
                "assets", "--registry", registry, "-i", "1", "-f", "json", "-l", "debug", "-d", app.toString());
        return AgentProcess.start(
                folder,
                List.of("-Xmx96m"),
                environment,
                Stream.concat(arguments, Arrays.stream(more)).toArray(String[]::new));
    }
}
