package dewy.registry.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dewy.api.InvalidException;
import dewy.api.NotFoundException;
import dewy.api.UnreachableException;
import dewy.api.release.Artifact;
import dewy.api.release.Deliverable;
import dewy.api.release.Digest;
import dewy.api.release.Release;
import dewy.tck.HttpStandIn.Answer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class ImageSourceTest {
    private static final TestImage AMD64 = TestImage.of("linux/amd64", "x");
    private static final TestImage ARM64 = TestImage.of("linux/arm64/v8", "x");

    private final FakeRegistry remote = new FakeRegistry();

    @TempDir
    Path folder;

    ImageSourceTest() throws IOException {}

    @AfterEach
    void close() throws IOException {
        remote.close();
    }

    @Test
    void anIndexIsTheImageForThisPlatform() throws Exception {
        TestImage attestation = TestImage.of("unknown/unknown", "provenance").attesting(AMD64);
        remote.push("v1.0.0", TestImage.index(attestation, ARM64, AMD64));
        Artifact image = image("linux/amd64");
        assertThat(image.digest()).contains(AMD64.digest());
        assertThat(image.kind()).isEqualTo(Artifact.Kind.IMAGE);
        assertThat(image.location()).isEqualTo(remote.repository() + ":v1.0.0");
        assertThat(remote.requests())
                .as("the index by its digest, and nothing of the images")
                .containsExactly("HEAD manifests/v1.0.0", "GET manifests/" + index().digest());
    }

    private TestImage index() {
        return TestImage.index(TestImage.of("unknown/unknown", "provenance").attesting(AMD64), ARM64, AMD64);
    }

    @ParameterizedTest
    @CsvSource({
        "linux/amd64, linux/amd64",
        "linux/x86_64, linux/amd64",
        "linux/amd64/v2, linux/amd64/v2",
        "linux/amd64/v3, linux/amd64/v3",
        "linux/arm64, linux/arm64/v8",
        "linux/aarch64, linux/arm64/v8",
        "linux/arm, linux/arm/v7",
        "linux/arm/v7, linux/arm/v7",
        "linux/arm/v6, linux/arm/v6",
        "linux/arm/v8, linux/arm/v7",
        "linux/386, linux/386",
        "windows/amd64, windows/amd64",
    })
    void takesTheBestForAPlatform(String wanted, String taken) throws Exception {
        TestImage[] all = List.of(
                        "windows/amd64",
                        "linux/386",
                        "linux/arm/v6",
                        "linux/arm/v5",
                        "linux/arm/v7",
                        "linux/arm64/v8",
                        "linux/amd64/v3",
                        "linux/amd64",
                        "linux/amd64/v2")
                .stream()
                .map(platform -> TestImage.of(platform, "x"))
                .toArray(TestImage[]::new);
        remote.push("v1.0.0", TestImage.index(all));
        assertThat(image(wanted).digest()).contains(TestImage.of(taken, "x").digest());
    }

    @Test
    void saysWhatThereIsWhereThePlatformIsLacking() {
        remote.push("v1.0.0", index());
        NotFoundException failure = catchThrowableOfType(NotFoundException.class, () -> image("linux/s390x"));
        assertThat(failure.problem().on()).isEqualTo("an image for linux/s390x");
        assertThat(failure.problem().why()).isEqualTo(remote.repository() + ":v1.0.0 has linux/arm64/v8, linux/amd64");
        assertThat(failure.problem().advice()).contains("platform=");
    }

    @Test
    void anImageWithoutAnIndexIsForWhatItsConfigurationSays() throws Exception {
        remote.push("v1.0.0", ARM64);
        assertThat(image("linux/arm64").digest()).contains(ARM64.digest());
        assertThatThrownBy(() -> image("linux/amd64"))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("has linux/arm64/v8");
    }

    @Test
    void readsWhatDockerWrote() throws Exception {
        TestImage docker = TestImage.docker("linux/amd64", "x");
        remote.push("v1.0.0", TestImage.index(TestImage.DOCKER_LIST, TestImage.docker("linux/arm64", "x"), docker));
        assertThat(image("linux/amd64").digest()).contains(docker.digest());
        remote.push("v1.0.0", docker);
        assertThat(image("linux/amd64").digest()).contains(docker.digest());
    }

    @Test
    void looksIntoAnIndexWithinAnIndexAndIntoWhatIsUntold() throws Exception {
        remote.push("v1.0.0", TestImage.index(TestImage.index(ARM64), TestImage.index(AMD64)));
        assertThat(image("linux/amd64").digest()).contains(AMD64.digest());
        remote.push("v1.0.0", TestImage.index(ARM64.untold(), AMD64.untold()));
        assertThat(image("linux/amd64").digest()).contains(AMD64.digest());
    }

    @Test
    void endsBelowAFewIndexes() {
        TestImage deep = AMD64;
        for (int i = 0; i < 5; i++) {
            deep = TestImage.index(deep.untold());
        }
        remote.push("v1.0.0", deep);
        assertThatThrownBy(() -> image("linux/amd64"))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("an index within an index");
    }

    @Test
    void takesNothingThatIsNoImage() {
        remote.push("v1.0.0", TestImage.chart("x"));
        assertThatThrownBy(() -> image("linux/amd64"))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("no image: application/vnd.cncf.helm.config.v1+json");
    }

    @Test
    void takesNoImageOfTheFormBeforeVersionTwo() {
        String old =
                "{\"schemaVersion\":1,\"name\":\"app\",\"tag\":\"v1.0.0\",\"architecture\":\"amd64\",\"fsLayers\":[]}";
        remote.push(
                "v1.0.0",
                new TestImage(
                        "application/vnd.docker.distribution.manifest.v1+prettyjws", old, "", "", List.of(), Map.of()));
        assertThatThrownBy(() -> image("linux/amd64"))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("schema 1");
    }

    @Test
    void calculatesADigestThatIsNotTold() throws Exception {
        remote.digests = false;
        remote.push("v1.0.0", AMD64);
        assertThat(image("linux/amd64").digest()).contains(AMD64.digest());
    }

    @Test
    void believesNoContentThatHasAnotherDigest() {
        remote.push("v1.0.0", AMD64);
        remote.tampering = answer -> answer.headers().containsKey("docker-content-digest")
                ? Answer.of(200, AMD64.manifest() + " ")
                        .with("Docker-Content-Digest", AMD64.digest().toString())
                : answer;
        assertThatThrownBy(() -> image("linux/amd64"))
                .isInstanceOf(UnreachableException.class)
                .hasMessageContaining("what arrived has the digest sha256:");
    }

    @Test
    void showsNoCredentialsToTheHostThatItIsRedirectedTo() throws Exception {
        remote.access = FakeRegistry.Access.TOKEN;
        remote.push("v1.0.0", AMD64);
        assertThat(image("linux/amd64").digest()).contains(AMD64.digest());
        assertThat(remote.store.asked).hasSize(1).allMatch(asked -> asked.header("Authorization")
                .isEmpty());
        assertThat(remote.api.asked)
                .anyMatch(asked -> asked.header("Authorization").isPresent());
    }

    @Test
    void hasTheImagesOfVersionsThatAnotherRegistryAnnounces() throws Exception {
        remote.push("v1.0.0", TestImage.index(ARM64, AMD64));
        Release elsewhere = new Release("v1.0.0", Optional.empty(), List.of());
        Release missing = new Release("v1.1.0", Optional.empty(), List.of());
        try (OpenRegistry open = open("linux/amd64")) {
            Artifact image =
                    OpenRegistry.call(call -> open.source.describe(call, elsewhere, open.source.locate(elsewhere)));
            assertThat(image.digest()).contains(AMD64.digest());
            assertThatThrownBy(() ->
                            OpenRegistry.call(call -> open.source.describe(call, missing, open.source.locate(missing))))
                    .isInstanceOf(NotFoundException.class)
                    .hasMessageContaining("v1.1.0");
        }
    }

    @Test
    void isTheImageAtAnAddressWhateverReleaseItIsOf() throws Exception {
        remote.push("stable", TestImage.index(ARM64, AMD64));
        Release release = new Release("v7", Optional.empty(), List.of());
        for (String behind :
                List.of(":stable", "@" + TestImage.index(ARM64, AMD64).digest())) {
            try (OpenRegistry open = open("linux/amd64");
                    ImageSource source = open.at(remote.url() + behind)) {
                Artifact located = source.locate(release);
                assertThat(located.location()).isEqualTo(remote.repository() + behind);
                assertThat(OpenRegistry.call(call -> source.describe(call, release, located))
                                .digest())
                        .isPresent();
                assertThat(OpenRegistry.call(call -> source.login(call, located))
                                .orElseThrow()
                                .user())
                        .isEqualTo(FakeRegistry.USER);
            }
        }
    }

    @Test
    void isPulledAndNotFetched() throws Exception {
        Artifact image = Artifact.image("app:v1.0.0", "app:v1.0.0");
        Release release = new Release("v1.0.0", Optional.empty(), List.of(image));
        try (OpenRegistry open = open("linux/amd64")) {
            assertThatThrownBy(() -> OpenRegistry.call(
                            call -> open.source.open(call, new Deliverable(release, image), 0, Optional.empty())))
                    .isInstanceOf(InvalidException.class)
                    .hasMessageContaining("Run the app as a container");
        }
    }

    @Test
    void takesDigestsOfAnotherAlgorithm() throws Exception {
        var calculation = Digest.calculation("sha512");
        calculation.update(AMD64.manifest().getBytes(java.nio.charset.StandardCharsets.UTF_8));
        Digest digest = Digest.of(calculation);
        remote.push("v1.0.0", AMD64);
        remote.push(digest.toString(), AMD64);
        remote.tampering = answer -> answer.headers().containsKey("docker-content-digest")
                ? answer.without("docker-content-digest").with("Docker-Content-Digest", digest.toString())
                : answer;
        assertThat(image("linux/amd64").digest()).contains(digest);
    }

    private Artifact image(String platform) throws Exception {
        try (OpenRegistry open = open(platform)) {
            return open.image("v1.0.0");
        }
    }

    private OpenRegistry open(String platform) throws Exception {
        Map<String, String> environment =
                Map.of("DOCKER_USERNAME", FakeRegistry.USER, "DOCKER_PASSWORD", FakeRegistry.PASSWORD);
        return new OpenRegistry(remote.url() + "?platform=" + platform, folder, environment, remote.clock());
    }
}
