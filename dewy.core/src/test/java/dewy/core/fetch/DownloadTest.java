package dewy.core.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.Call;
import dewy.api.CancellableCall;
import dewy.api.CancelledException;
import dewy.api.CorruptException;
import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.UnreachableException;
import dewy.api.artifact.ArtifactSource;
import dewy.api.artifact.ArtifactStream;
import dewy.api.cache.Blob;
import dewy.api.cache.BlobWriter;
import dewy.api.event.Event;
import dewy.api.release.Artifact;
import dewy.api.release.Deliverable;
import dewy.api.release.Digest;
import dewy.api.release.Release;
import dewy.core.backoff.Backoff;
import dewy.core.backoff.Pause;
import dewy.core.event.EventStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class DownloadTest {
    private static final byte[] CONTENT = new byte[100];
    private static final Artifact ARTIFACT = Artifact.archive("app.zip", "id");

    private final List<Event> events = new ArrayList<>();
    private final List<Duration> waits = new ArrayList<>();
    private final List<String> asked = new ArrayList<>();
    private final Received received = new Received(new ByteArrayOutputStream(), asked);

    @Test
    void waitsLongerEachTimeWhileAServerAnswersWithFailures() throws DewyException {
        download(new Troubled(3, CONTENT.length));

        assertThat(waits).containsExactly(seconds(1), seconds(2), seconds(3));
        assertThat(events).extracting(event -> event.data().get("retry_in")).containsExactly("1s", "2s", "3s");
        assertThat(received.size()).isEqualTo(CONTENT.length);
    }

    @Test
    void givesUpAtTheFifthFailureWithoutWaitingForASixth() {
        assertThatThrownBy(() -> download(new Troubled(5, CONTENT.length)))
                .isInstanceOf(UnreachableException.class)
                .hasMessageContaining("5 times after 0 bytes");
        assertThat(waits).hasSize(4);
    }

    @Test
    void goesOnAtOnceWithWhatBreaksOffOnTheWay() throws DewyException {
        download(new Troubled(0, 40));

        assertThat(waits).containsExactly(Duration.ZERO, Duration.ZERO);
        assertThat(received.size()).isEqualTo(CONTENT.length);
    }

    @Test
    void endsAWaitWithTheCall() {
        try (CancellableCall call = CancellableCall.of("test", Duration.ofMinutes(1))) {
            call.cancel("the app is stopped");
            Pause pause = Pause.of(new Backoff(Duration.ofHours(1), Duration.ofHours(9), () -> 0.5));
            assertThatThrownBy(() -> pause.await(call, pause.length(1))).isInstanceOf(CancelledException.class);
        }
    }

    @Test
    void leavesTheDigestToTheCacheAndAsksOnceWhereOneIsDeclared() throws DewyException {
        download(new Troubled(0, CONTENT.length));
        assertThat(asked).isEmpty();
        received.reset();
        Artifact right = ARTIFACT.withDigest(digest("sha512", CONTENT));
        download(new Troubled(0, 40), right);
        assertThat(asked).containsExactly("sha512");
        received.reset();
        Artifact wrong = ARTIFACT.withDigest(digest("sha256", new byte[1]));

        assertThatThrownBy(() -> download(new Troubled(0, 40), wrong))
                .isInstanceOf(CorruptException.class)
                .hasMessageContaining("its digest is " + digest("sha256", CONTENT))
                .hasMessageContaining("the registry declares " + digest("sha256", new byte[1]));
        assertThat(asked).containsExactly("sha512", "sha256");
    }

    private void download(ArtifactSource source) throws DewyException {
        download(source, ARTIFACT);
    }

    private void download(ArtifactSource source, Artifact artifact) throws DewyException {
        Deliverable deliverable = new Deliverable(new Release("v1.0.0", Optional.empty(), List.of(artifact)), artifact);
        EventStream stream = new EventStream(() -> Instant.EPOCH, events::add, Runnable::run);
        try (CancellableCall call = CancellableCall.of("test", Duration.ofMinutes(1))) {
            new Download(call, source, deliverable, received, stream.scope("web"), new NotedPause()).run();
        }
    }

    private static Digest digest(String algorithm, byte[] content) {
        MessageDigest calculation = Digest.calculation(algorithm);
        calculation.update(content);
        return Digest.of(calculation);
    }

    private static Duration seconds(long seconds) {
        return Duration.ofSeconds(seconds);
    }

    private final class NotedPause implements Pause {
        @Override
        public Duration length(int failures) {
            return seconds(failures);
        }

        @Override
        public void await(Call call, Duration length) {
            waits.add(length);
        }
    }

    /** A server that answers with failures at first, and then with so many bytes at a time. */
    private static final class Troubled implements ArtifactSource {
        private final int most;
        private int failures;

        Troubled(int failures, int most) {
            this.failures = failures;
            this.most = most;
        }

        @Override
        public ArtifactStream open(Call call, Deliverable deliverable, long offset, Optional<String> validator)
                throws DewyException {
            if (failures-- > 0) {
                throw new UnreachableException(new Problem("download", "it", "HTTP status 503", ""));
            }
            int length = Math.min(most, CONTENT.length - (int) offset);
            return new ArtifactStream(
                    new ByteArrayInputStream(CONTENT, (int) offset, length),
                    offset,
                    OptionalLong.of(CONTENT.length),
                    Optional.empty());
        }

        @Override
        public void close() {}
    }

    private record Received(ByteArrayOutputStream bytes, List<String> asked) implements BlobWriter {
        @Override
        public void write(byte[] more, int offset, int length) {
            bytes.write(more, offset, length);
        }

        @Override
        public long size() {
            return bytes.size();
        }

        @Override
        public Digest digest(String algorithm) {
            asked.add(algorithm);
            return DownloadTest.digest(algorithm, bytes.toByteArray());
        }

        @Override
        public void reset() {
            bytes.reset();
        }

        @Override
        public Blob commit() {
            return new Blob("key", bytes.size(), DownloadTest.digest("sha256", bytes.toByteArray()));
        }

        @Override
        public void close() {}
    }
}
