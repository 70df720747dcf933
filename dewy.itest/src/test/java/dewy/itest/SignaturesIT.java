package dewy.itest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Releases that are signed, or not, or wrongly, as a black box. */
@Timeout(240)
class SignaturesIT {
    @TempDir
    Path folder;

    @Test
    void deploysOnlyWhatIsSignedByTheKey() throws Exception {
        Tools.require("minisign");
        makeKey("key");
        makeKey("other");
        Path registry = Files.createDirectories(folder.resolve("registry"));
        publish("v1.0.0", "key");
        try (AgentProcess agent =
                assets("file://" + registry + "?settle=10ms", "--verify", "minisign:" + folder.resolve("key.pub"))) {
            assertThat(agent.await("Verified signature"))
                    .containsEntry("version", "v1.0.0")
                    .containsEntry("signer", name("key"));
            agent.await("Deployment completed");

            Path unsigned = stage("unsigned").resolve("app.tar.gz");
            Path release = Files.createDirectories(registry.resolve("v2.0.0"));
            Files.move(unsigned, release.resolve("app.tar.gz"), StandardCopyOption.ATOMIC_MOVE);
            String why = "v2.0.0 does not have app.tar.gz.minisig: it is not signed, and only what is signed by "
                    + name("key") + " is taken";
            assertThat(agent.await("Artifact not found within grace period").getOrDefault("message", ""))
                    .contains(why);
            assertThat(agent.count("Deploy failure")).isZero();
            isOld(release.resolve("app.tar.gz"), release);
            assertThat(agent.await("Deploy failure").getOrDefault("error", "")).contains(why);

            publish("v3.0.0", "other");
            assertThat(agent.await("Refused signature")).containsEntry("version", "v3.0.0");
            assertThat(agent.await("Release quarantined").getOrDefault("error", ""))
                    .contains("app.tar.gz of v3.0.0: it is not signed by " + name("key"))
                    .contains("it is by the key " + name("other"));
            assertThat(folder.resolve("app/current/page.html")).hasContent("v1.0.0");
            assertThat(Releases.in(folder.resolve("app")).names()).hasSize(1);

            publish("v4.0.0", "key");
            assertThat(agent.await("Deployment completed")).containsEntry("version", "v4.0.0");
            assertThat(folder.resolve("app/current/page.html")).hasContent("v4.0.0");
            ControlClient control = new ControlClient(folder.resolve("app/.dewy"));
            assertThat(control.run("dewy:explain")).contains("signed by " + name("key"));
            assertThat(control.run("dewy:history")).contains("signed by " + name("key"));
        }
    }

    @Test
    void goesFromOneKeyToTheNextAndBack() throws Exception {
        Tools.require("minisign");
        makeKey("key");
        makeKey("next");
        publish("v1.0.0", "key");
        try (AgentProcess agent = assets(
                "file://" + folder.resolve("registry") + "?settle=10ms",
                "--verify",
                "minisign:" + folder.resolve("key.pub"),
                "--verify",
                "minisign:" + Files.readAllLines(folder.resolve("next.pub")).get(1))) {
            agent.await("Deployment completed");
            publish("v2.0.0", "next");
            assertThat(agent.await("Verified signature")).containsEntry("signer", name("next"));
            agent.await("Deployment completed");
            ControlClient control = new ControlClient(folder.resolve("app/.dewy"));
            assertThat(control.run("dewy:status")).contains("Signed by   " + name("next"));
            assertThat(control.run("dewy:rollback")).contains("v1.0.0 was deployed");
            assertThat(control.run("dewy:status")).contains("Signed by   " + name("key"));
        }
    }

    @Test
    void asksAWebServerForTheSignatureBesideTheArtifact() throws Exception {
        Tools.require("openssl");
        run(folder, "openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", "ec");
        run(folder, "openssl", "pkey", "-in", "ec", "-pubout", "-out", "ec.pub");
        Files.createDirectories(folder.resolve("registry/v1.0.0"));
        Path staging = stage("v1.0.0");
        run(staging, "openssl", "dgst", "-sha256", "-sign", "../ec", "-out", "raw", "app.tar.gz");
        byte[] signature = Base64.getEncoder().encode(Files.readAllBytes(staging.resolve("raw")));
        try (ArtifactServer server = new ArtifactServer()) {
            server.put("/v1.0.0/app.tar.gz", Files.readAllBytes(staging.resolve("app.tar.gz")));
            try (AgentProcess agent = assets(
                    "file://" + folder.resolve("registry"),
                    "--artifact",
                    server.url("/{version}/app.tar.gz"),
                    "--allow-http",
                    "--verify",
                    "cosign:" + folder.resolve("ec.pub"))) {
                assertThat(agent.await("Artifact not found within grace period").getOrDefault("message", ""))
                        .contains("v1.0.0 does not have app.tar.gz.sig");
                server.put("/v1.0.0/app.tar.gz.sig", signature);
                agent.await("Verified signature");
                agent.await("Deployment completed");
                assertThat(folder.resolve("app/current/page.html")).hasContent("v1.0.0");
            }
        }
    }

    @Test
    void namesAKeyThatCannotBeRead() throws Exception {
        try (AgentProcess agent = assets("file://" + folder, "--verify", "minisign:/nonexistent.pub")) {
            assertThat(agent.exitCode()).isEqualTo(1);
            assertThat(agent.output()).contains("cannot use --verify: minisign:/nonexistent.pub: there is no file");
        }
    }

    private void makeKey(String name) throws Exception {
        run(folder, "minisign", "-G", "-W", "-p", name + ".pub", "-s", name);
    }

    private String name(String key) throws IOException {
        return "minisign:" + Files.readString(folder.resolve(key + ".pub")).replaceAll("(?s).*key (\\w+).*", "$1");
    }

    /** The signature is there before the artifact is. */
    private void publish(String version, String key) throws Exception {
        Path staging = stage(version);
        run(staging, "minisign", "-S", "-s", folder.resolve(key).toString(), "-m", "app.tar.gz");
        Path release = Files.createDirectories(folder.resolve("registry").resolve(version));
        for (String file : List.of("app.tar.gz.minisig", "app.tar.gz")) {
            Files.move(staging.resolve(file), release.resolve(file), StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private Path stage(String page) throws IOException {
        Path staging = Files.createDirectories(folder.resolve("staging"));
        Registry.writeArchive(staging.resolve("app.tar.gz"), Map.of("page.html", page));
        return staging;
    }

    private static void isOld(Path... paths) throws IOException {
        for (Path path : paths) {
            Files.setLastModifiedTime(path, FileTime.from(Instant.now().minus(Duration.ofMinutes(31))));
        }
    }

    private static void run(Path directory, String... command) throws Exception {
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        byte[] output = process.getInputStream().readAllBytes();
        assertThat(process.waitFor())
                .as(new String(output, java.nio.charset.StandardCharsets.UTF_8))
                .isZero();
    }

    private AgentProcess assets(String registry, String... more) throws IOException {
        Path app = Files.createDirectories(folder.resolve("app"));
        Stream<String> arguments = Stream.of(
                "assets", "--registry", registry, "-i", "200ms", "-f", "json", "-l", "debug", "-d", app.toString());
        return AgentProcess.start(
                folder, Stream.concat(arguments, Arrays.stream(more)).toArray(String[]::new));
    }
}
