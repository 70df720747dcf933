package dewy.artifact.http;

import static dewy.artifact.http.Fetching.CONTENT;
import static dewy.artifact.http.Fetching.NOON;
import static dewy.artifact.http.Fetching.call;
import static dewy.artifact.http.Fetching.deliverable;
import static dewy.artifact.http.Fetching.describe;
import static dewy.artifact.http.Fetching.fetch;
import static dewy.artifact.http.Fetching.open;
import static dewy.artifact.http.Fetching.read;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.CancellableCall;
import dewy.api.CancelledException;
import dewy.api.CorruptException;
import dewy.api.DewyException;
import dewy.api.ExpiredException;
import dewy.api.InvalidException;
import dewy.api.NotFoundException;
import dewy.api.RateLimitedException;
import dewy.api.UnauthorizedException;
import dewy.api.UnreachableException;
import dewy.api.artifact.ArtifactSource;
import dewy.api.artifact.ArtifactStream;
import dewy.api.artifact.Locating;
import dewy.api.plugin.PluginUrl;
import dewy.api.release.Deliverable;
import dewy.http.SharedConnections;
import dewy.tck.HttpStandIn;
import dewy.tck.HttpStandIn.Answer;
import dewy.tck.TestApp;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HttpArtifactSourceTest {
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-");
    private static final String ETAG = "\"abc\"";

    private final HttpStandIn server = new HttpStandIn();
    private final HttpArtifactSource source = new Fetching().source(server.address() + "/{version}/app.tar.gz");

    HttpArtifactSourceTest() throws Exception {}

    @AfterEach
    void close() throws IOException {
        source.close();
        server.close();
    }

    @Test
    void fetchesTheArtifactOfAReleaseWithOneRequest() throws Exception {
        server.answer(message -> Answer.of(200, CONTENT).with("ETag", ETAG));
        try (CancellableCall call = call();
                ArtifactStream stream = open(source, call)) {
            assertThat(stream.offset()).isZero();
            assertThat(stream.total()).hasValue(CONTENT.length());
            assertThat(stream.validator()).hasValue(ETAG);
            assertThat(read(stream)).isEqualTo(CONTENT);
        }
        assertThat(server.asked).singleElement().satisfies(message -> {
            assertThat(message.target()).isEqualTo("/v1.0.0/app.tar.gz");
            assertThat(message.header("Range")).isEmpty();
        });
    }

    @Test
    void saysThatNothingCanBeFetchedBesideWhatHasASignedAddress() throws Exception {
        URI address = URI.create(server.address() + "/v1.0.0/app.tar.gz?signature=hidden");
        try (ArtifactSource signed = new Fetching().sourceAt(address);
                CancellableCall call = call()) {
            Locating locating = (Locating) signed;
            assertThatThrownBy(() -> locating.openBeside(call, deliverable(source), ".minisig"))
                    .isInstanceOf(InvalidException.class)
                    .hasMessageContaining("the address of the artifact is signed for that artifact alone")
                    .hasMessageNotContaining("hidden");
        }
        assertThat(server.asked).isEmpty();
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
            serveRanges(ETAG, answer -> answer.cutAt(cut));
            try (CancellableCall call = call();
                    ArtifactStream stream = source.open(call, deliverable(source), received.size(), validator)) {
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
        assertThat(server.asked).hasSize(11);
        assertThat(server.asked.get(10).header("If-Range")).hasValue(ETAG);
    }

    @Test
    void resumesByTheTimeOfModificationWhereThereIsNoETag() throws Exception {
        String modified = "Sun, 01 Mar 2026 10:00:00 GMT";
        server.answer(message ->
                Answer.of(200, CONTENT).with("Last-Modified", modified).with("Date", "Sun, 01 Mar 2026 10:00:01 GMT"));
        assertThat(validator()).hasValue(modified);

        server.answer(message -> Answer.of(206, CONTENT.substring(9)).with("Content-Range", "bytes 9-299999/300000"));
        assertThat(resume(9, modified).offset()).isEqualTo(9);
        assertThat(server.asked.get(1).header("If-Range")).hasValue(modified);
    }

    @Test
    void trustsNoValidatorThatDoesNotPromiseTheSameBytes() throws Exception {
        String modified = "Sun, 01 Mar 2026 10:00:00 GMT";
        server.answer(message -> Answer.of(200, CONTENT)
                .with("ETag", "W/\"abc\"")
                .with("Last-Modified", modified)
                .with("Date", "Sun, 01 Mar 2026 11:00:00 GMT"));
        assertThat(validator()).isEmpty();
        server.answer(message ->
                Answer.of(200, CONTENT).with("Last-Modified", modified).with("Date", modified));
        assertThat(validator()).isEmpty();
    }

    @Test
    void startsOverWhenTheContentIsAnother() throws Exception {
        serveRanges("\"new\"", UnaryOperator.identity());
        assertThat(resume(70_000, ETAG).offset()).isZero();
        assertThat(server.asked).hasSize(1);
    }

    @Test
    void startsOverWhenAPartIsNotTheOneAskedFor() throws Exception {
        for (String range : List.of("bytes 5-299999/300000", "nonsense", "bytes */300000")) {
            answerPartWith(range, ETAG);
            assertThat(resume(9, ETAG).offset()).as(range).isZero();
        }
        answerPartWith("bytes 9-299999/300000", "\"new\"");
        assertThat(resume(9, ETAG).offset()).isZero();
    }

    @Test
    void knowsThatNothingIsLeftWhereEverythingIsHeldAlready() throws Exception {
        server.answer(message -> Answer.of(416, "").with("Content-Range", "bytes */300000"));
        try (CancellableCall call = call();
                ArtifactStream stream = source.open(call, deliverable(source), 300_000, Optional.of(ETAG))) {
            assertThat(stream.offset()).isEqualTo(300_000);
            assertThat(stream.total()).hasValue(300_000);
            assertThat(read(stream)).isEmpty();
        }
    }

    @Test
    void startsOverWhereMoreIsHeldThanThereIs() throws Exception {
        server.answer(message -> message.header("Range").isPresent()
                ? Answer.of(416, "").with("Content-Range", "bytes */300000")
                : Answer.of(200, CONTENT));
        assertThat(resume(300_001, ETAG).offset()).isZero();
    }

    @Test
    void failsAReadWhereLessComesThanWasAnnounced() throws Exception {
        server.answer(message -> Answer.of(200, CONTENT).with("Content-Length", "300001"));
        assertThatThrownBy(() -> fetch(source)).isInstanceOf(IOException.class);
    }

    @Test
    void refusesALengthThatTheRegistryContradicts() throws Exception {
        server.answer(message -> Answer.of(200, CONTENT));
        Deliverable declared = new Deliverable(
                Fetching.RELEASE, source.locate(Fetching.RELEASE).withSize(7));
        try (CancellableCall call = call()) {
            assertThatThrownBy(() -> source.open(call, declared, 0, Optional.empty()))
                    .isInstanceOf(CorruptException.class)
                    .hasMessageContaining("it has 300000 bytes, but the registry declares 7");
        }
    }

    @Test
    void tellsRefusalsApart() {
        assertThat(refusal(Answer.of(404, ""))).isInstanceOf(NotFoundException.class);
        assertThat(refusal(Answer.of(410, ""))).isInstanceOf(NotFoundException.class);
        assertThat(refusal(Answer.of(401, "")))
                .isInstanceOf(UnauthorizedException.class)
                .hasMessageContaining("header=env:NAME");
        assertThat(refusal(Answer.of(403, ""))).isInstanceOf(UnauthorizedException.class);
        assertThat(refusal(Answer.of(500, ""))).isInstanceOf(UnreachableException.class);
        assertThat(refusal(Answer.of(503, ""))).isInstanceOf(UnreachableException.class);
    }

    @Test
    void leavesAServerAloneForAsLongAsItAsks() {
        assertThat(wait(Answer.of(429, "").with("Retry-After", "120"))).isEqualTo(Duration.ofMinutes(2));
        assertThat(wait(Answer.of(503, "").with("Retry-After", "7"))).isEqualTo(Duration.ofSeconds(7));
        assertThat(wait(Answer.of(429, ""))).isEqualTo(Duration.ofSeconds(60));
        assertThat(wait(Answer.of(503, "")
                        .with("Date", "Sun, 01 Mar 2026 10:00:00 GMT")
                        .with("Retry-After", "Sun, 01 Mar 2026 10:05:00 GMT")))
                .isEqualTo(Duration.ofMinutes(5));
        assertThat(wait(Answer.of(429, "").with("Retry-After", "99999999"))).isEqualTo(Duration.ofDays(1));
    }

    @Test
    void aServerThatIsSilentEndsWithTheDeadline() {
        server.answer(message -> Answer.SILENCE);
        try (CancellableCall call = CancellableCall.of("test", Duration.ofMillis(300))) {
            assertThatThrownBy(() -> open(source, call)).isInstanceOf(ExpiredException.class);
        }
    }

    @Test
    void aBodyThatStopsEndsWithTheDeadlineAndItsConnectionIsClosed() throws Exception {
        server.answer(message -> Answer.of(200, CONTENT).cutAt(10).hanging());
        try (CancellableCall call = CancellableCall.of("test", Duration.ofSeconds(1));
                ArtifactStream stream = open(source, call)) {
            assertThatThrownBy(() -> read(stream)).isInstanceOf(IOException.class);
        }
        assertThat(HttpStandIn.within(server.abandoned)).isTrue();
    }

    @Test
    void aBodyThatStopsIsGivenUpBeforeTheDeadline() throws Exception {
        server.answer(message -> Answer.of(200, CONTENT).cutAt(10).hanging());
        HttpArtifactProvider impatient = new HttpArtifactProvider(
                name -> Optional.empty(), InstantSource.fixed(NOON), new SharedConnections(Duration.ofMillis(200)));
        try (var hasty = impatient.open(
                        PluginUrl.parse(server.address() + "/{version}/a.tar"),
                        TestApp.in(Path.of("")).allowingHttp(true));
                CancellableCall call = call();
                ArtifactStream stream = hasty.open(call, deliverable(source), 0, Optional.empty())) {
            assertThatThrownBy(() -> read(stream)).hasMessageContaining("nothing arrived for");
        }
    }

    @Test
    void acceptsNoMoreThanACancelledCallAndClosesItsConnection() throws Exception {
        server.answer(message -> Answer.of(200, CONTENT).cutAt(10).hanging());
        try (CancellableCall call = call();
                ArtifactStream stream = open(source, call)) {
            CompletableFuture<Void> cancelled = CompletableFuture.runAsync(() -> {
                assertThat(within()).isTrue();
                call.cancel("nobody wants it");
            });
            assertThatThrownBy(() -> read(stream)).hasMessageContaining("the call is over");
            cancelled.get(20, TimeUnit.SECONDS);
            assertThat(HttpStandIn.within(server.abandoned)).isTrue();
            assertThatThrownBy(() -> open(source, call)).isInstanceOf(CancelledException.class);
        }
    }

    @Test
    void tellsThatNobodyListens() throws Exception {
        server.close();
        assertThatThrownBy(() -> fetch(source))
                .isInstanceOf(UnreachableException.class)
                .hasMessageContaining("Cannot fetch " + server.address() + "/v1.0.0/app.tar.gz: no connection to ");
    }

    @Test
    void describesWhatIsThereAndNothingElse() throws Exception {
        server.answer(message -> message.target().endsWith(".sha256") ? Answer.of(404, "") : Answer.of(200, CONTENT));
        assertThat(describe(source)).isEqualTo(source.locate(Fetching.RELEASE));
        assertThat(server.asked.get(0).method()).isEqualTo("HEAD");

        server.answer(message -> Answer.of(404, ""));
        assertThatThrownBy(() -> describe(source))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("Cannot find " + server.address() + "/v1.0.0/app.tar.gz: 127.0.0.1:")
                .hasMessageContaining("answered 404");
    }

    @Test
    void takesAServerThatKnowsNoHead() throws Exception {
        server.answer(message -> Answer.of("HEAD".equals(message.method()) ? 405 : 404, ""));
        assertThat(describe(source)).isEqualTo(source.locate(Fetching.RELEASE));
    }

    private boolean within() {
        try {
            return HttpStandIn.within(server.hanging);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private DewyException refusal(Answer answer) {
        server.answer(message -> answer);
        try {
            fetch(source);
        } catch (DewyException e) {
            return e;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        throw new AssertionError("it was fetched");
    }

    private Duration wait(Answer answer) {
        DewyException refusal = refusal(answer);
        assertThat(refusal).isInstanceOf(RateLimitedException.class);
        return Duration.between(NOON, ((RateLimitedException) refusal).until());
    }

    private Optional<String> validator() throws Exception {
        try (CancellableCall call = call();
                ArtifactStream stream = open(source, call)) {
            return stream.validator();
        }
    }

    private ArtifactStream resume(long offset, String validator) throws Exception {
        try (CancellableCall call = call();
                ArtifactStream stream = source.open(call, deliverable(source), offset, Optional.of(validator))) {
            return stream;
        }
    }

    private void answerPartWith(String range, String etag) {
        server.answer(message -> message.header("Range").isPresent()
                ? Answer.of(206, CONTENT.substring(9))
                        .with("Content-Range", range)
                        .with("ETag", etag)
                : Answer.of(200, CONTENT));
    }

    /** Answers ranges as a server that knows them does. */
    private void serveRanges(String etag, UnaryOperator<Answer> tampering) {
        server.answer(message -> {
            Matcher range = RANGE.matcher(message.header("Range").orElse(""));
            boolean part = range.matches() && message.header("If-Range").equals(Optional.of(etag));
            int start = part ? Integer.parseInt(range.group(1)) : 0;
            Answer answer =
                    Answer.of(part ? 206 : 200, CONTENT.substring(start)).with("ETag", etag);
            return tampering.apply(part ? answer.with("Content-Range", "bytes " + start + "-299999/300000") : answer);
        });
    }
}
