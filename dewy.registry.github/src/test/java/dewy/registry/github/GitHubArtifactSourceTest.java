package dewy.registry.github;

import static dewy.registry.github.FakeGitHub.call;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.CancellableCall;
import dewy.api.CancelledException;
import dewy.api.CorruptException;
import dewy.api.NotFoundException;
import dewy.api.UnreachableException;
import dewy.api.artifact.ArtifactStream;
import dewy.api.release.Artifact;
import dewy.api.release.Deliverable;
import dewy.http.SharedConnections;
import dewy.tck.Content;
import dewy.tck.HttpStandIn;
import dewy.tck.HttpStandIn.Answer;
import dewy.tck.HttpStandIn.Asked;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GitHubArtifactSourceTest {
    /** 300,000 characters, of which no part is like another. */
    private static final String CONTENT =
            IntStream.range(0, 50_000).mapToObj("%06d"::formatted).collect(Collectors.joining());

    private final FakeGitHub github;
    private final GitHubArtifactSource source;
    private final Deliverable deliverable;

    GitHubArtifactSourceTest() throws Exception {
        github = new FakeGitHub();
        github.environment.put("GH_TOKEN", "ghp_secret");
        github.release("v1.0.0", github.asset("app.tar.gz", CONTENT));
        source = github.source();
        deliverable = github.deliverable(github.registry(), "v1.0.0", "app.tar.gz");
        github.takeAsked();
    }

    @AfterEach
    void close() throws IOException {
        github.close();
    }

    @Test
    void fetchesAnAssetWithOneRequestToTheApiAndOneToTheStore() throws Exception {
        try (ArtifactStream stream = open(0, Optional.empty())) {
            assertThat(stream.offset()).isZero();
            assertThat(stream.total()).hasValue(CONTENT.length());
            assertThat(read(stream)).isEqualTo(CONTENT);
            assertThat(stream.bytes().read()).isEqualTo(-1);
        }
        List<Asked> asked = github.takeAsked();
        assertThat(asked).hasSize(1);
        assertThat(asked.get(0).target()).isEqualTo("/repos/acme/app/releases/assets/1000");
        assertThat(asked.get(0).header("Accept")).hasValue("application/octet-stream");
        assertThat(asked.get(0).header("Authorization")).hasValue("Bearer ghp_secret");
        assertThat(github.store.asked).hasSize(1);
    }

    @Test
    void theTokenDoesNotFollowARedirectToAnotherHost() throws Exception {
        try (ArtifactStream stream = open(0, Optional.empty())) {
            read(stream);
        }
        assertThat(github.store.asked).singleElement().satisfies(asked -> {
            assertThat(asked.header("Authorization")).isEmpty();
            assertThat(asked.toString()).doesNotContain("ghp_secret");
        });
    }

    @Test
    void theTokenDoesNotComeBackWithARedirectFromAnotherHost() throws Exception {
        github.store.answer(asked -> Answer.of(302, "").with("Location", github.api.address() + "/back"));
        github.instead.put("/back", Answer.of(200, CONTENT));

        try (ArtifactStream stream = open(0, Optional.empty())) {
            assertThat(read(stream)).isEqualTo(CONTENT);
        }
        assertThat(github.takeAsked().get(1).header("Authorization")).isEmpty();
    }

    @Test
    void takesAnAssetThatTheApiSendsItself() throws Exception {
        github.instead.put("/releases/assets/", Answer.of(200, CONTENT));

        try (ArtifactStream stream = open(0, Optional.empty())) {
            assertThat(read(stream)).isEqualTo(CONTENT);
            assertThat(stream.validator()).isEmpty();
        }
    }

    @Test
    void resumesAfterConnectionsWereCutAtTenOffsets() throws Exception {
        Random random = new Random(20_260_301);
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        Optional<String> validator = Optional.empty();
        int cuts = 10;
        while (received.size() < CONTENT.length()) {
            int left = CONTENT.length() - received.size();
            int cut = cuts-- > 0 ? random.nextInt(left / 3) : left;
            github.tampering = answer -> answer.cutAt(answer.from() + cut);
            try (ArtifactStream stream = open(received.size(), validator)) {
                assertThat(stream.offset()).isEqualTo(received.size());
                assertThat(stream.total()).hasValue(CONTENT.length());
                validator = stream.validator();
                stream.bytes().transferTo(received);
                assertThat(cut).isEqualTo(left);
            } catch (IOException e) {
                assertThat(cut).isLessThan(left);
            }
        }
        assertThat(received.toString(UTF_8)).isEqualTo(CONTENT);
        assertThat(github.store.asked).hasSize(11);
        assertThat(github.store.asked.get(10).header("If-Range")).isEqualTo(validator);
    }

    @Test
    void startsOverWhenTheContentMayBeAnother() throws Exception {
        for (Optional<String> unproven : List.of(Optional.of("\"other\""), Optional.<String>empty())) {
            try (ArtifactStream stream = open(70_000, unproven)) {
                assertThat(stream.offset()).isZero();
                assertThat(read(stream)).isEqualTo(CONTENT);
            }
        }
    }

    @Test
    void startsOverWhenAPartIsNotTheOneAskedFor() throws Exception {
        String validator = validator();
        for (String range : List.of("bytes 5-299999/300000", "nonsense")) {
            github.tampering = answer -> answer.status() == 206 ? answer.with("Content-Range", range) : answer;
            try (ArtifactStream stream = open(70_000, Optional.of(validator))) {
                assertThat(stream.offset()).isZero();
                assertThat(read(stream)).isEqualTo(CONTENT);
            }
        }
        github.tampering = answer -> answer.status() == 206 ? answer.with("ETag", "\"other\"") : answer;
        try (ArtifactStream stream = open(70_000, Optional.of(validator))) {
            assertThat(stream.offset()).isZero();
        }
    }

    @Test
    void knowsThatNothingIsLeftWhereEverythingIsHeldAlready() throws Exception {
        String validator = validator();
        try (ArtifactStream stream = open(CONTENT.length(), Optional.of(validator))) {
            assertThat(stream.offset()).isEqualTo(CONTENT.length());
            assertThat(read(stream)).isEmpty();
        }
    }

    @Test
    void aWeakEtagPromisesNothing() throws Exception {
        github.tampering = answer -> answer.with("ETag", "W/\"weak\"");
        try (ArtifactStream stream = open(0, Optional.empty())) {
            assertThat(stream.validator()).isEmpty();
        }
    }

    @Test
    void refusesALengthThatIsNotTheReleases() throws Exception {
        for (String content : List.of(CONTENT + "more", CONTENT.substring(1), "")) {
            github.contents.put(1_000L, Content.of(content));
            assertThatThrownBy(() -> open(0, Optional.empty()))
                    .isInstanceOf(CorruptException.class)
                    .hasMessageContaining("it has " + content.length() + " bytes, but the registry declares 300000");
        }
    }

    @Test
    void noticesABodyThatIsShorterThanAnnounced() throws Exception {
        github.tampering = answer -> answer.cutAt(299_999);
        try (ArtifactStream stream = open(0, Optional.empty())) {
            assertThatThrownBy(() -> read(stream)).isInstanceOf(IOException.class);
        }
        github.tampering = answer -> answer.without("Content-Length").cutAt(299_999);
        try (ArtifactStream stream = open(0, Optional.empty())) {
            assertThatThrownBy(() -> read(stream))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("it ended after 299999 of 300000 bytes");
        }
    }

    @Test
    void noticesABodyThatIsLongerThanAnnounced() throws Exception {
        github.contents.put(1_000L, Content.of(CONTENT + "more"));
        github.tampering = answer -> answer.without("Content-Length");
        try (ArtifactStream stream = open(0, Optional.empty())) {
            assertThatThrownBy(() -> read(stream))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("more came than its 300000 bytes");
        }
    }

    @Test
    void skippingReadsAsWell() throws Exception {
        try (ArtifactStream stream = open(0, Optional.empty())) {
            stream.bytes().skipNBytes(299_999);
            assertThat(stream.bytes().read()).isEqualTo('9');
            assertThat(stream.bytes().skip(1)).isZero();
            assertThat(stream.bytes().markSupported()).isFalse();
        }
    }

    @Test
    void aReadThatBlocksEndsWhenTheCallIsCancelledAndTheConnectionIsClosed() throws Exception {
        github.tampering = answer -> answer.cutAt(1_000).hanging();
        try (CancellableCall call = call();
                ArtifactStream stream = source.open(call, deliverable, 0, Optional.empty())) {
            stream.bytes().readNBytes(1_000);
            CompletableFuture<Throwable> failure =
                    inBackground(() -> stream.bytes().read());
            call.cancel("the app was removed");

            assertThat(failure.get(20, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
            assertThat(HttpStandIn.within(github.store.abandoned)).isTrue();
        }
    }

    @Test
    void waitingForAnAnswerEndsWhenTheCallIsCancelledAndTheConnectionIsClosed() throws Exception {
        github.instead.put("/releases/assets/", Answer.of(302, "").with("Location", github.store.address() + "/slow"));
        CompletableFuture<String> release = new CompletableFuture<>();
        github.store.answer(asked -> {
            github.store.hanging.countDown();
            release.join();
            return Answer.of(200, CONTENT).hanging();
        });
        try (CancellableCall call = call()) {
            CompletableFuture<Throwable> failure =
                    inBackground(() -> source.open(call, deliverable, 0, Optional.empty()));
            assertThat(HttpStandIn.within(github.store.hanging)).isTrue();
            call.cancel("the app was removed");

            assertThat(failure.get(20, TimeUnit.SECONDS)).isInstanceOf(CancelledException.class);
            release.complete("");
            assertThat(HttpStandIn.within(github.store.abandoned)).isTrue();
        }
    }

    @Test
    void aStreamThatStallsEndsByItself() throws Exception {
        GitHubAccess impatient = new GitHubAccess(
                name -> Optional.ofNullable(github.environment.get(name)),
                github,
                new SharedConnections(Duration.ofMillis(50)));
        github.tampering = answer -> answer.cutAt(1_000).hanging();
        try (ArtifactStream stream = github.source(impatient).open(call(), deliverable, 0, Optional.empty())) {
            assertThatThrownBy(() -> read(stream))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("nothing arrived");
        }
        assertThat(HttpStandIn.within(github.store.abandoned)).isTrue();
    }

    @Test
    void closingAStreamEarlyClosesItsConnection() throws Exception {
        github.tampering = answer -> answer.cutAt(1_000).hanging();
        open(0, Optional.empty()).close();

        assertThat(HttpStandIn.within(github.store.abandoned)).isTrue();
    }

    @Test
    void anAssetThatWasDeletedIsNotFound() {
        github.instead.put("/releases/assets/", Answer.of(404, "{\"message\":\"Not Found\"}"));

        assertThatThrownBy(() -> open(0, Optional.empty()))
                .isInstanceOf(NotFoundException.class)
                .hasMessageStartingWith("Cannot fetch app.tar.gz of acme/app: GitHub answered 404, \"Not Found\"");
    }

    @Test
    void aStoreThatRefusesIsNoMatterOfCredentials() {
        github.contents.clear();
        assertThatThrownBy(() -> open(0, Optional.empty()))
                .isInstanceOf(UnreachableException.class)
                .hasMessageContaining("the store that GitHub redirected to answered 404")
                .hasMessageNotContaining("SIGNATURE");
    }

    @Test
    void doesNotFollowARedirectToAnUnencryptedHost() {
        github.instead.put("/releases/assets/", Answer.redirect("http://store.example/1"));
        assertThatThrownBy(() -> open(0, Optional.empty()))
                .isInstanceOf(UnreachableException.class)
                .hasMessageContaining("redirected to store.example by http://, which is not encrypted");
        for (String target : List.of("file:///etc/passwd", "", "::")) {
            github.instead.put("/releases/assets/", Answer.of(302, "").with("Location", target));
            assertThatThrownBy(() -> open(0, Optional.empty()))
                    .isInstanceOf(UnreachableException.class)
                    .hasMessageContaining("redirected to where nothing can be fetched from");
        }
    }

    @Test
    void findsByTagAndNameWhatAnotherRegistryAnnounces() throws Exception {
        Deliverable foreign =
                new Deliverable(deliverable.release(), Artifact.archive("app.tar.gz", "v1.0.0/app.tar.gz"));
        try (ArtifactStream stream = source.open(call(), foreign, 0, Optional.empty())) {
            assertThat(stream.total()).hasValue(CONTENT.length());
            assertThat(read(stream)).isEqualTo(CONTENT);
        }
        Deliverable missing = new Deliverable(deliverable.release(), Artifact.archive("other.zip", "other"));
        assertThatThrownBy(() -> source.open(call(), missing, 0, Optional.empty()))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("has no such asset");
    }

    private interface Work {
        Object run() throws Exception;
    }

    private static CompletableFuture<Throwable> inBackground(Work work) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return new AssertionError("ended with " + work.run());
            } catch (Exception e) {
                return e;
            }
        });
    }

    private ArtifactStream open(long offset, Optional<String> validator) throws Exception {
        return source.open(call(), deliverable, offset, validator);
    }

    private String validator() throws Exception {
        try (ArtifactStream stream = open(0, Optional.empty())) {
            return stream.validator().orElseThrow();
        }
    }

    private static String read(ArtifactStream stream) throws IOException {
        return new String(stream.bytes().readAllBytes(), UTF_8);
    }
}
