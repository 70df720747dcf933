package dewy.itest;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.registry.s3.Relay;
import dewy.registry.s3.Relay.Answer;
import dewy.registry.s3.Relay.Asked;
import dewy.registry.s3.S3Server;
import dewy.tck.HttpStandIn;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Releases in a bucket, as a black box: the jar against a real server of S3, behind a relay by which anything can befall it. */
@Timeout(300)
class S3IT {
    private static final int LARGE = 40 << 20;

    private final S3Server server = S3Server.start();
    private final Relay relay = new Relay(server.port());
    private final String bucket = "test-" + UUID.randomUUID();
    private final Map<String, String> environment = new LinkedHashMap<>();

    @TempDir
    Path folder;

    S3IT() throws IOException {
        server.createBucket(bucket);
        environment.put("AWS_ENDPOINT_URL", relay.address());
        environment.put("AWS_ACCESS_KEY_ID", S3Server.KEY_ID);
        environment.put("AWS_SECRET_ACCESS_KEY", S3Server.SECRET);
        environment.put("AWS_EC2_METADATA_DISABLED", "true");
    }

    @AfterEach
    void close() throws IOException {
        relay.close();
    }

    @Test
    void deploysOneVersionAfterTheOtherAndLeavesAuditObjects() throws Exception {
        publish("v1.0.0", "one");
        try (AgentProcess agent = agent()) {
            assertThat(agent.await("Deployment completed")).containsEntry("version", "v1.0.0");
            assertThat(page()).hasContent("one");
            publish("v2.0.0", "two");
            assertThat(agent.await("Deployment completed")).containsEntry("version", "v2.0.0");
            assertThat(page()).hasContent("two");
            agent.await("Deploy skipped");
            assertThat(agent.stop()).isZero();
            assertThat(agent.count("Deployment completed")).isEqualTo(2);
            assertThat(agent.output()).doesNotContain(S3Server.SECRET);
        }
        assertThat(server.keys(bucket))
                .filteredOn(key -> key.matches("app/v[12]\\.0\\.0/shipped_to_.+_assets_at_\\d{8}T\\d{6}Z\\.txt"))
                .hasSize(2);
    }

    @Test
    void keepsArtifactsInTheBucketForOtherHosts() throws Exception {
        publish("v1.0.0", "one");
        try (AgentProcess agent = agent("--cache", "s3://" + S3Server.REGION + "/" + bucket + "/cache")) {
            agent.await("Deployment completed");
            assertThat(page()).hasContent("one");
        }
        assertThat(server.keys(bucket)).contains("cache/app/index");
        server.delete(bucket, "app/v1.0.0/site.tar.gz");
        publish("v1.0.0", "one");
        relay.exchanged.clear();
        Path other = folder.resolve("other/app");
        try (AgentProcess agent = agentIn(other, "--cache", "s3://" + S3Server.REGION + "/" + bucket + "/cache")) {
            agent.await("Deployment completed");
            assertThat(other.resolve("current/page.html")).hasContent("one");
        }
        assertThat(relay.exchanged)
                .filteredOn(one -> one.asked().method().equals("GET"))
                .noneMatch(one -> one.asked().target().contains("app/v1.0.0/site.tar.gz"));
    }

    @Test
    void fetchesWhatAFolderAnnounces() throws Exception {
        publish("v1.0.0", "one");
        Path registry =
                Files.createDirectories(folder.resolve("registry/v1.0.0")).getParent();
        String artifact = "s3://" + S3Server.REGION + "/" + bucket + "/app/{version}/site.tar.gz";
        try (AgentProcess agent = start(folder.resolve("app"), "file://" + registry, "--artifact", artifact)) {
            agent.await("Deployment completed");
            assertThat(page()).hasContent("one");
        }
    }

    @Test
    void saysWhatIsWrongWithCredentialsAndBuckets() throws Exception {
        environment.put("AWS_SECRET_ACCESS_KEY", "another");
        try (AgentProcess agent = agent()) {
            assertThat(failure(agent)).contains("SignatureDoesNotMatch", "Check that the credentials are valid");
        }
        environment.remove("AWS_SECRET_ACCESS_KEY");
        environment.remove("AWS_ACCESS_KEY_ID");
        environment.put("AWS_SHARED_CREDENTIALS_FILE", folder.resolve("none").toString());
        environment.put("AWS_CONFIG_FILE", folder.resolve("none").toString());
        try (AgentProcess agent = agent()) {
            assertThat(failure(agent))
                    .contains("there are no credentials", "no credentials for profile 'default'", "AWS_PROFILE");
        }
        Files.writeString(
                folder.resolve("none"),
                "[default]\naws_access_key_id=" + S3Server.KEY_ID + "\naws_secret_access_key=" + S3Server.SECRET
                        + "\n");
        try (AgentProcess agent = start(folder.resolve("app"), "s3://" + S3Server.REGION + "/no-such-bucket/app")) {
            assertThat(failure(agent)).contains("there is no bucket no-such-bucket");
        }
    }

    /** By modules of the SDK that are found by name, and ask by the HTTP of all plugins. */
    @Test
    void asksAsTheRoleThatATokenInAFileStandsFor() throws Exception {
        environment.remove("AWS_ACCESS_KEY_ID");
        environment.remove("AWS_SECRET_ACCESS_KEY");
        environment.put("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/deploy");
        environment.put(
                "AWS_WEB_IDENTITY_TOKEN_FILE",
                Files.writeString(folder.resolve("token"), "the.web.token").toString());
        try (HttpStandIn sts = new HttpStandIn()) {
            environment.put("AWS_ENDPOINT_URL_STS", sts.address());
            environment.put("AWS_REGION", S3Server.REGION);
            sts.answer(asked -> HttpStandIn.Answer.of(
                    200,
                    "<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials>"
                            + "<AccessKeyId>ASIAOFTHEROLE</AccessKeyId><SecretAccessKey>secret</SecretAccessKey>"
                            + "<SessionToken>session</SessionToken><Expiration>"
                            + Instant.now().plusSeconds(3_600)
                            + "</Expiration></Credentials></AssumeRoleWithWebIdentityResult>"
                            + "</AssumeRoleWithWebIdentityResponse>"));
            relay.instead = asked -> Optional.of(Answer.error(403, "AccessDenied"));
            try (AgentProcess agent = agent()) {
                assertThat(failure(agent)).contains("AccessDenied");
                assertThat(agent.output()).doesNotContain("the.web.token");
            }
            assertThat(sts.asked.get(0).body()).contains("WebIdentityToken=the.web.token", "role%2Fdeploy");
            Asked first = relay.exchanged.get(0).asked();
            assertThat(first.header("authorization").orElse("")).contains("Credential=ASIAOFTHEROLE/");
            assertThat(first.header("x-amz-security-token")).hasValue("session");
        }
    }

    @Test
    void waitsForAnArtifactWithinTheGracePeriodAndComplainsAfterIt() throws Exception {
        publish("v1.0.0", "one");
        try (AgentProcess agent = agent("--grace-period", "8s")) {
            agent.await("Deployment completed");
            server.put(bucket, "app/v1.1.0/README.md", new byte[1]);
            agent.await("Artifact not found within grace period");
            assertThat(agent.count("Deploy failure")).isZero();
            assertThat(failure(agent)).contains("release v1.1.0 does not have an archive");
            publish("v1.1.0", "late");
            agent.await("Deployment completed");
            assertThat(page()).hasContent("late");
        }
    }

    @Test
    void leavesAStoreAloneThatAsksForIt() throws Exception {
        publish("v1.0.0", "one");
        relay.instead = asked -> Optional.of(Answer.error(503, "SlowDown"));
        try (AgentProcess agent = agent()) {
            assertThat(agent.await("Rate limited").getOrDefault("reason", ""))
                    .contains("SlowDown")
                    .containsPattern("until \\d{4}-\\d\\d-\\d\\dT");
            ControlClient control = new ControlClient(folder.resolve("app/.dewy"));
            assertThat(relay.exchanged).hasSize(1);
            relay.instead = asked -> Optional.empty();
            assertThat(control.run("dewy:deploy")).contains("deployed");
        }
    }

    @Test
    void resumesALargeArtifactThatIsCutTenTimes() throws Exception {
        byte[] archive = largeArchive();
        long seed = System.nanoTime();
        System.out.println("cut by seed " + seed);
        NavigableSet<Long> cuts = new ConcurrentSkipListSet<>();
        new Random(seed).longs(1, archive.length).distinct().limit(10).forEach(cuts::add);
        relay.tampering = (asked, answer) -> isArtifact(asked) ? answer.cutAt(nextCut(cuts, start(asked))) : answer;
        server.put(bucket, "app/v1.0.0/app.tar", archive);
        try (AgentProcess agent = agent()) {
            agent.await("its deployment", Duration.ofMinutes(2), record -> "Deployment completed"
                    .equals(record.get("msg")));
            assertThat(agent.count("Resume download")).as("seed %s", seed).isEqualTo(10);
            assertThat(relay.exchanged)
                    .filteredOn(one -> isArtifact(one.asked()))
                    .hasSize(11)
                    .filteredOn(one -> one.asked().header("if-match").isPresent())
                    .hasSize(10)
                    .allMatch(one -> one.status() == 206);
            assertThat(Files.readAllBytes(folder.resolve("app/current/large.bin")))
                    .isEqualTo(Arrays.copyOfRange(archive, 512, 512 + LARGE));
        }
    }

    @Test
    void refusesALyingLengthAndAWrongChecksumUntilTheyAreRight() throws Exception {
        publish("v1.0.0", "one");
        AtomicBoolean lies = new AtomicBoolean(true);
        relay.tampering = (asked, answer) -> isArtifact(asked) && lies.get()
                ? answer.with(
                        "content-length", "" + (Long.parseLong(answer.headers().get("content-length")) + 1))
                : answer;
        try (AgentProcess agent = agent()) {
            assertThat(failure(agent)).contains("bytes, but the registry declares");
            assertThat(page()).doesNotExist();
            relay.tampering = (asked, answer) ->
                    isArtifact(asked) && lies.get() ? answer.with("x-amz-checksum-crc32", "AAAAAA==") : answer;
            publish("v1.1.0", "two");
            assertThat(failure(agent)).contains("did not have the checksum that S3 tells, twice");
            assertThat(page()).doesNotExist();
            lies.set(false);
            publish("v1.2.0", "three");
            agent.await("Deployment completed");
            assertThat(page()).hasContent("three");
        }
    }

    private static String failure(AgentProcess agent) throws InterruptedException {
        return agent.await("Deploy failure").getOrDefault("error", "");
    }

    private static boolean isArtifact(Asked asked) {
        return asked.method().equals("GET") && asked.target().matches("[^?]*/v[^/]*/[^/]*\\.tar(\\.gz)?(\\?.*)?");
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

    private static byte[] largeArchive() throws IOException {
        byte[] content = new byte[LARGE];
        new Random(1).nextBytes(content);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(LARGE + 20_480);
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            TarArchiveEntry entry = new TarArchiveEntry("large.bin");
            entry.setSize(LARGE);
            tar.putArchiveEntry(entry);
            tar.write(content);
            tar.closeArchiveEntry();
        }
        return bytes.toByteArray();
    }

    private void publish(String version, String page) throws IOException {
        Path archive = folder.resolve("upload.tar.gz");
        Registry.writeArchive(archive, Map.of("page.html", page));
        server.put(bucket, "app/" + version + "/site.tar.gz", Files.readAllBytes(archive));
    }

    private Path page() {
        return folder.resolve("app/current/page.html");
    }

    private AgentProcess agent(String... more) throws IOException {
        return agentIn(folder.resolve("app"), more);
    }

    private AgentProcess agentIn(Path app, String... more) throws IOException {
        return start(app, "s3://" + S3Server.REGION + "/" + bucket + "/app", more);
    }

    private AgentProcess start(Path app, String registry, String... more) throws IOException {
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
