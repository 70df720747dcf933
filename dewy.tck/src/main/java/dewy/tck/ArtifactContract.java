package dewy.tck;

import static dewy.tck.Applicable.when;
import static dewy.tck.Calls.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dewy.api.Call;
import dewy.api.CancellableCall;
import dewy.api.NotFoundException;
import dewy.api.artifact.ArtifactSource;
import dewy.api.artifact.ArtifactStream;
import dewy.api.artifact.Locating;
import dewy.api.release.Artifact;
import dewy.api.release.Deliverable;
import dewy.api.release.Release;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What is demanded of artifact sources. In trouble, the artifact that the contract has published is asked for. */
public abstract class ArtifactContract extends ProviderContract<ArtifactSource> {
    /** How much of an artifact somebody has read who goes on with the rest. */
    private static final int SOME = 70_000;

    /** Puts an artifact where the plugin finds it, in place of one that was there before. */
    protected abstract void publish(String content) throws Exception;

    /** Returns the artifact that was published, as a registry announces it, without its digest. */
    protected abstract Deliverable published() throws Exception;

    /** Returns an artifact that is nowhere, as a registry announces it. */
    protected abstract Deliverable unpublished() throws Exception;

    /**
     * Puts what a source that locates by itself has beside the artifact that was published.
     *
     * @param ending what stands behind the name of the artifact
     */
    protected void publishBeside(String ending, String content) throws Exception {
        throw new UnsupportedOperationException("a source that locates by itself has files beside its artifacts");
    }

    @BeforeEach
    void publishOne() throws Exception {
        publish(Samples.LARGE);
    }

    @Override
    public void use(ArtifactSource source, Call call) throws Exception {
        Deliverable wanted = published();
        try (ArtifactStream stream = source.open(call, wanted, 0, Optional.empty())) {
            read(stream);
        }
    }

    @Override
    public boolean sharesInstances() {
        return true;
    }

    @Test
    void readsTheWholeArtifact() throws Exception {
        try (ArtifactSource source = open();
                CancellableCall call = call();
                ArtifactStream stream = source.open(call, published(), 0, Optional.empty())) {
            assertThat(stream.offset()).isZero();
            if (stream.total().isPresent()) {
                assertThat(stream.total()).hasValue(Samples.LARGE.length());
            }
            assertThat(read(stream)).isEqualTo(Samples.LARGE);
            assertThat(stream.bytes().read()).isEqualTo(-1);
        }
    }

    @Test
    void goesOnFromAnOffsetOrStartsOver() throws Exception {
        try (ArtifactSource source = open()) {
            Optional<String> validator = validator(source);
            for (int offset : new int[] {1, SOME, Samples.LARGE.length() - 1, Samples.LARGE.length()}) {
                assertGivesTheRest(source, offset, validator, Samples.LARGE);
            }
        }
    }

    @Test
    void resumesWhatHasAValidator() throws Exception {
        try (ArtifactSource source = open();
                CancellableCall call = call()) {
            Optional<String> validator = validator(source);
            long offset = validator.isPresent() ? SOME : 0;
            try (ArtifactStream stream = source.open(call, published(), SOME, validator)) {
                assertThat(stream.offset()).isEqualTo(offset);
            }
        }
    }

    @Test
    void startsOverWithoutTheValidatorOfTheContent() throws Exception {
        try (ArtifactSource source = open()) {
            for (String wrong : List.of("\"another\"", "another", "", "1:2:3", "Sun, 01 Mar 2020 10:00:00 GMT")) {
                assertStartsOver(source, Optional.of(wrong), Samples.LARGE);
            }
            assertStartsOver(source, Optional.empty(), Samples.LARGE);
        }
    }

    @Test
    void startsOverWhenTheContentHasChanged() throws Exception {
        try (ArtifactSource source = open()) {
            Optional<String> validator = validator(source);
            publish(Samples.OTHER);
            assertStartsOver(source, validator, Samples.OTHER);
        }
    }

    @Test
    void saysThatThereIsNoSuchArtifact() throws Exception {
        Deliverable nowhere = unpublished();
        try (ArtifactSource source = open();
                CancellableCall call = call()) {
            TypedFailure.of(
                    () -> source.open(call, nowhere, 0, Optional.empty()).close(), NotFoundException.class, secrets());
        }
    }

    @TestFactory
    Stream<DynamicTest> noArtifactIsTakenForWholeThatBreaksOff() {
        return when(troubles().containsKey(Trouble.BREAKING_OFF), "it breaks off", this::assertNotTakenForWhole);
    }

    private void assertNotTakenForWhole() throws Exception {
        Deliverable wanted = published();
        befall(Trouble.BREAKING_OFF);
        try (ArtifactSource source = open();
                CancellableCall call = call();
                ArtifactStream stream = source.open(call, wanted, 0, Optional.empty())) {
            try {
                int length = read(stream).length();
                assertThat(stream.total())
                        .as("what tells that %d bytes are too few", length)
                        .isPresent();
                assertThat((long) length).isLessThan(stream.total().getAsLong());
            } catch (IOException e) {
                assertThat(e).hasMessageNotContainingAny(secrets().toArray(String[]::new));
            }
        }
    }

    @TestFactory
    Stream<DynamicTest> aReadEndsAtTheDeadlineOfItsCall() {
        Duration limit = Duration.ofSeconds(1);
        return readEnds(limit, limit.plus(Calls.DELAY), (source, call) -> {});
    }

    @TestFactory
    Stream<DynamicTest> aReadEndsWhenItsCallIsCancelled() {
        return readEnds(Calls.PLENTY, Calls.DELAY, (source, call) -> call.cancel("the test cancelled it"));
    }

    @TestFactory
    Stream<DynamicTest> aReadEndsWhenItsSourceIsClosed() {
        return readEnds(Calls.PLENTY, Calls.CLOSING, (source, call) -> source.close());
    }

    @Test
    void readsNothingMoreForACallThatIsOver() throws Exception {
        try (ArtifactSource source = open();
                CancellableCall call = call();
                ArtifactStream stream = source.open(call, published(), 0, Optional.empty())) {
            assertThat(stream.bytes().readNBytes(10)).hasSize(10);
            call.cancel("the test cancelled it");
            assertThat(catchThrowable(() -> read(stream))).isInstanceOf(IOException.class);
        }
    }

    @TestFactory
    Stream<DynamicTest> namesAndDescribesWhatItLocates() throws Exception {
        try (ArtifactSource source = open()) {
            return when(source instanceof Locating, "it locates", this::assertNamesAndDescribes);
        }
    }

    private void assertNamesAndDescribes() throws Exception {
        Release known = published().release();
        Release unknown = unpublished().release();
        try (ArtifactSource source = open();
                CancellableCall call = call()) {
            Locating locating = (Locating) source;
            long before = asked();
            Artifact located = locating.locate(known);
            assertThat(asked()).as("requests to locate something").isEqualTo(before);
            assertThat(locating.describe(call, known, located).name()).isEqualTo(located.name());
            ThrowingCallable describing = () -> locating.describe(call, unknown, locating.locate(unknown));
            TypedFailure.of(describing, NotFoundException.class, secrets());
            Deliverable whole = new Deliverable(known, located);
            ThrowingCallable opening =
                    () -> locating.openBeside(call, whole, ".minisig").close();
            TypedFailure.of(opening, NotFoundException.class, secrets());
            publishBeside(".minisig", "a signature");
            try (ArtifactStream stream = locating.openBeside(call, whole, ".minisig")) {
                assertThat(read(stream)).isEqualTo("a signature");
            }
        }
    }

    /** Ends a read in one way or another. */
    private interface Ending {
        void end(ArtifactSource source, CancellableCall call);
    }

    private Stream<DynamicTest> readEnds(Duration limit, Duration within, Ending ending) {
        boolean stalls = troubles().containsKey(Trouble.STALLING);
        return when(stalls, "an answer that stops in the middle", () -> assertReadEnds(limit, within, ending));
    }

    private void assertReadEnds(Duration limit, Duration within, Ending ending) throws Exception {
        Deliverable wanted = published();
        befall(Trouble.STALLING);
        try (ArtifactSource source = open();
                CancellableCall call = call(limit);
                ArtifactStream stream = source.open(call, wanted, 0, Optional.empty())) {
            assertThat(stream.bytes().read()).isNotNegative();
            InProgress reading = InProgress.start("the read", () -> read(stream));
            ending.end(source, call);
            assertThat(catchThrowable(() -> reading.await(within))).isInstanceOf(IOException.class);
        }
    }

    private void assertStartsOver(ArtifactSource source, Optional<String> validator, String content) throws Exception {
        try (CancellableCall call = call();
                ArtifactStream stream = source.open(call, published(), SOME, validator)) {
            assertThat(stream.offset())
                    .as("the offset with the validator %s", validator)
                    .isZero();
            assertThat(read(stream)).isEqualTo(content);
        }
    }

    private void assertGivesTheRest(ArtifactSource source, int offset, Optional<String> validator, String content)
            throws Exception {
        try (CancellableCall call = call();
                ArtifactStream stream = source.open(call, published(), offset, validator)) {
            assertThat(stream.offset()).isIn(0L, (long) offset);
            assertThat(read(stream)).isEqualTo(content.substring((int) stream.offset()));
        }
    }

    private Optional<String> validator(ArtifactSource source) throws Exception {
        try (CancellableCall call = call();
                ArtifactStream stream = source.open(call, published(), 0, Optional.empty())) {
            read(stream);
            return stream.validator();
        }
    }

    private static String read(ArtifactStream stream) throws IOException {
        return new String(stream.bytes().readAllBytes(), StandardCharsets.UTF_8);
    }
}
