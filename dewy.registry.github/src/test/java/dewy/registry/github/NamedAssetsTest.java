package dewy.registry.github;

import static dewy.registry.github.FakeGitHub.call;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.InvalidException;
import dewy.api.NotFoundException;
import dewy.api.artifact.ArtifactSource;
import dewy.api.artifact.ArtifactStream;
import dewy.api.artifact.Locating;
import dewy.api.plugin.PluginUrl;
import dewy.api.release.Artifact;
import dewy.api.release.Deliverable;
import dewy.api.release.Digest;
import dewy.api.release.Platform;
import dewy.api.release.Release;
import dewy.tck.TestApp;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Assets of releases that another registry announces. */
class NamedAssetsTest {
    private static final Release ANNOUNCED = new Release("v1.0.0", Optional.empty(), List.of());

    private final FakeGitHub github = new FakeGitHub();

    NamedAssetsTest() throws IOException {}

    @AfterEach
    void close() throws IOException {
        github.close();
    }

    @Test
    void areNamedByTagAndNameAndDescribedByWhatGitHubCalculated() throws Exception {
        Platform here = Platform.current();
        String name = "app_" + here.os() + "_" + here.arch() + ".zip";
        github.release("app-v1.0.0", github.asset(name, "content"), github.asset("other.zip", "other"));
        ArtifactSource source = open("ghr://acme/app@app-{version}?asset=app_{os}_{arch}.zip");

        Artifact located = ((Locating) source).locate(ANNOUNCED);
        assertThat(located.name()).isEqualTo(name);
        assertThat(github.takeAsked()).isEmpty();
        Artifact described = ((Locating) source).describe(call(), ANNOUNCED, located);
        assertThat(described.size()).hasValue(7);
        assertThat(described.digest()).contains(FakeGitHub.digest("content"));
        assertThat(read(source, described)).isEqualTo("content");
    }

    @Test
    void haveTheirSignaturesBesideThem() throws Exception {
        github.release("v1.0.0", github.asset("app.zip", "content"), github.asset("app.zip.sig", "a signature"));
        Locating source = (Locating) open("ghr://acme/app?asset=app.zip");
        Deliverable artifact = new Deliverable(ANNOUNCED, source.locate(ANNOUNCED));
        try (ArtifactStream stream = source.openBeside(call(), artifact, ".sig")) {
            assertThat(new String(stream.bytes().readAllBytes(), UTF_8)).isEqualTo("a signature");
        }
        assertThatThrownBy(() -> source.openBeside(call(), artifact, ".minisig"))
                .isInstanceOf(NotFoundException.class);
    }

    @Test
    void keepTheDigestThatTheRegistryDeclares() throws Exception {
        github.release("v1.0.0", github.asset("app.zip", "content"));
        ArtifactSource source = open("ghr://acme/app?asset=app.zip");
        Digest declared = FakeGitHub.digest("what the registry says");
        Artifact described = ((Locating) source)
                .describe(call(), ANNOUNCED, Artifact.archive("app.zip", "").withDigest(declared));
        assertThat(described.digest()).contains(declared);
    }

    @Test
    void areWaitedForWhileTheReleaseOrTheAssetIsNotThere() throws Exception {
        Locating source = (Locating) open("ghr://acme/app?asset=app.zip");
        assertThatThrownBy(() -> source.describe(call(), ANNOUNCED, source.locate(ANNOUNCED)))
                .isInstanceOf(NotFoundException.class);
        github.release("v1.0.0", github.asset("app.zip", "content").replace("uploaded", "starter"));
        assertThatThrownBy(() -> source.describe(call(), ANNOUNCED, source.locate(ANNOUNCED)))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("release v1.0.0 of acme/app has no such asset");
    }

    @Test
    void areThoseOfAnotherTagUnderTheNameThatTheRegistryAnnounces() throws Exception {
        github.release("app-v1.0.0", github.asset("app.zip", "content"));
        ArtifactSource source = open("ghr://acme/app@app-{version}");
        assertThat(source).isNotInstanceOf(Locating.class);
        assertThat(read(source, Artifact.archive("app.zip", "/srv/v1.0.0/app.zip")))
                .isEqualTo("content");
    }

    @Test
    void areRefusedWhereATemplateIsWrong() {
        for (String url : List.of(
                "ghr://acme/app@", "ghr://acme/app@{tag}", "ghr://acme/app?asset=app_{version", "ghr://acme/app@v1}")) {
            assertThatThrownBy(() -> open(url)).as(url).isInstanceOf(InvalidException.class);
        }
    }

    private ArtifactSource open(String url) throws Exception {
        return new GitHubArtifactProvider(github.access()).open(PluginUrl.parse(url), TestApp.in(Path.of(".")));
    }

    private static String read(ArtifactSource source, Artifact artifact) throws Exception {
        try (ArtifactStream stream = source.open(call(), new Deliverable(ANNOUNCED, artifact), 0, Optional.empty())) {
            return new String(stream.bytes().readAllBytes(), UTF_8);
        }
    }
}
