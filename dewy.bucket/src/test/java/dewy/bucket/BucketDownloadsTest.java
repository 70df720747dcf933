package dewy.bucket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dewy.api.CorruptException;
import dewy.api.InvalidException;
import dewy.api.artifact.ArtifactProvider;
import dewy.api.artifact.ArtifactSource;
import dewy.api.artifact.ArtifactStream;
import dewy.api.plugin.PluginUrl;
import dewy.api.release.Artifact;
import dewy.api.release.Deliverable;
import dewy.api.release.Release;
import dewy.bucket.Relay.Answer;
import dewy.bucket.Relay.Asked;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** That what arrives is what the service has, however it arrived. */
public abstract class BucketDownloadsTest extends BucketFixture {
    private static final int LENGTH = 300_000;
    private static final String KEY = "app/v1.0.0/app.zip";

    private final byte[] content = new byte[LENGTH];
    private final ArtifactProvider provider;

    protected BucketDownloadsTest(BucketInTrouble remote) {
        super(remote);
        provider = remote.artifacts();
        new Random(5).nextBytes(content);
        remote.server.put(remote.bucket, KEY, content);
    }

    /** Returns the checksums that the service may tell, by their names in what is said of them. */
    protected abstract List<String> checksums();

    /** Changes an answer so that it tells of its content one checksum alone: that of {@code bytes}. */
    protected abstract Answer tell(Answer answer, String checksum, byte[] bytes);

    /** Returns which content is asked for alone, as a validator. */
    protected abstract Optional<String> condition(Asked asked);

    @Test
    void comparesWhateverChecksumComesWithIt() throws Exception {
        try (ArtifactSource source = source("app")) {
            for (String checksum : checksums()) {
                tellOnly(checksum, content);
                assertThat(download(source)).as(checksum).isEqualTo(content);
                tellOnly(checksum, other(LENGTH / 2));
                assertThat(catchThrowable(() -> download(source)))
                        .as(checksum)
                        .isInstanceOf(IOException.class)
                        .hasMessageContainingAll("does not have the " + checksum + " that", "tells");
            }
        }
    }

    @Test
    void comparesWhatTheServerTellsInOneRequest() throws Exception {
        try (ArtifactSource source = source("app")) {
            assertThat(download(source)).isEqualTo(content);
        }
        assertThat(relay.take()).containsExactly("GET 200");
    }

    @Test
    void calculatesTheChecksumAcrossWhatBrokeOff() throws Exception {
        try (ArtifactSource source = source("app")) {
            Optional<String> validator = breakOff(source, LENGTH / 3);
            try (ArtifactStream rest = source.open(call(), wanted(LENGTH), LENGTH / 3, validator)) {
                assertThat(rest.offset()).isEqualTo(LENGTH / 3);
                assertThat(rest.bytes().readAllBytes()).hasSize(LENGTH - LENGTH / 3);
            }
            tellOnly("CRC32C", other(10));
            breakOff(source, LENGTH / 3);
            try (ArtifactStream rest = source.open(call(), wanted(LENGTH), LENGTH / 3, validator)) {
                assertThat(catchThrowable(() -> rest.bytes().readAllBytes()))
                        .hasMessageContaining("does not have the CRC32C");
            }
        }
    }

    @Test
    void isFetchedOnceMoreFromTheStartAndThenRefused() throws Exception {
        tellOnly("CRC32C", new byte[1]);
        try (ArtifactSource source = source("app")) {
            Optional<String> validator = Optional.empty();
            for (int i = 0; i < 2; i++) {
                try (ArtifactStream stream = source.open(call(), wanted(LENGTH), i * 100L, validator)) {
                    assertThat(stream.offset()).isZero();
                    validator = stream.validator();
                    assertThat(catchThrowable(() -> stream.bytes().readAllBytes()))
                            .isInstanceOf(IOException.class);
                }
            }
            Optional<String> last = validator;
            CorruptException refusal =
                    catchThrowableOfType(CorruptException.class, () -> source.open(call(), wanted(LENGTH), 100, last)
                            .close());
            assertThat(refusal).hasMessageContainingAll(KEY, "did not have the checksum that", "tells, twice");
        }
    }

    @Test
    void refusesAnotherLengthThanWasDeclared() throws Exception {
        try (ArtifactSource source = source("app")) {
            CorruptException refusal = catchThrowableOfType(
                    CorruptException.class, () -> source.open(call(), wanted(LENGTH + 1), 0, Optional.empty())
                            .close());
            assertThat(refusal).hasMessageContaining("it has 300000 bytes, but the registry declares 300001");
        }
    }

    @Test
    void asksForWhatIsMissingIfItIsStillTheSame() throws Exception {
        try (ArtifactSource source = source("app")) {
            Optional<String> validator = breakOff(source, 100);
            relay.take();
            try (ArtifactStream rest = source.open(call(), wanted(LENGTH), 100, validator)) {
                assertThat(rest.bytes().readAllBytes()).hasSize(LENGTH - 100);
            }
            Asked asked = relay.exchanged.get(0).asked();
            assertThat(asked.header("range")).hasValue("bytes=100-");
            assertThat(condition(asked)).isEqualTo(validator);
        }
    }

    /** As the service says it: the server of GCS looks at no such condition. */
    @Test
    void beginsAnewWhereTheContentIsAnotherOneNow() throws Exception {
        try (ArtifactSource source = source("app")) {
            Optional<String> validator = breakOff(source, 100);
            remote.server.put(remote.bucket, KEY, other(0));
            relay.instead = asked -> condition(asked).equals(validator)
                    ? Optional.of(Answer.of(412, "At least one of the pre-conditions did not hold"))
                    : Optional.empty();
            relay.take();
            assertBeginsAnew(source, validator);
            assertThat(relay.take()).containsExactly("GET 412", "GET 200");
            relay.instead = asked -> Optional.empty();
            assertBeginsAnew(source, validator);
        }
    }

    @Test
    void knowsWhereNothingIsLeft() throws Exception {
        try (ArtifactSource source = source("app")) {
            Optional<String> validator = breakOff(source, LENGTH);
            try (ArtifactStream rest = source.open(call(), wanted(LENGTH), LENGTH, validator)) {
                assertThat(rest.offset()).isEqualTo(LENGTH);
                assertThat(rest.bytes().readAllBytes()).isEmpty();
            }
        }
    }

    /** By another source, as each download has one of its own then. */
    @Test
    void goesOnWithWhatIsAtAnAddress() throws Exception {
        Optional<String> validator;
        try (ArtifactSource source = at(remote.address(KEY))) {
            validator = breakOff(source, 100);
        }
        relay.take();
        try (ArtifactSource source = at(remote.address(KEY));
                ArtifactStream rest = source.open(call(), wanted(LENGTH), 100, validator)) {
            assertThat(rest.offset()).isEqualTo(100);
            assertThat(rest.bytes().readAllBytes()).hasSize(LENGTH - 100);
        }
        Asked asked = relay.exchanged.get(0).asked();
        assertThat(asked.header("range")).hasValue("bytes=100-");
        assertThat(condition(asked)).isEqualTo(validator);
    }

    @Test
    void calculatesTheChecksumAcrossSourcesOfAnAddress() throws Exception {
        tellOnly("CRC32C", other(10));
        Optional<String> validator;
        try (ArtifactSource source = at(remote.address(KEY))) {
            validator = breakOff(source, 100);
        }
        try (ArtifactSource source = at(remote.address(KEY));
                ArtifactStream rest = source.open(call(), wanted(LENGTH), 100, validator)) {
            assertThat(catchThrowable(() -> rest.bytes().readAllBytes()))
                    .hasMessageContaining("does not have the CRC32C");
        }
    }

    @Test
    void refusesAddressesOfNoObjectAndThoseThatSayMore() {
        for (String wrong : List.of(
                remote.address(""), remote.address("app/"), remote.address(KEY) + "?endpoint=http://elsewhere")) {
            assertThat(catchThrowableOfType(
                            InvalidException.class, () -> at(wrong).close()))
                    .as(wrong)
                    .isNotNull();
        }
    }

    private void assertBeginsAnew(ArtifactSource source, Optional<String> validator) throws Exception {
        try (ArtifactStream again = source.open(call(), wanted(LENGTH), 100, validator)) {
            assertThat(again.offset()).isZero();
            assertThat(again.bytes().readAllBytes()).isEqualTo(other(0));
        }
    }

    private ArtifactSource at(String address) throws Exception {
        return provider.openAt(URI.create(address), app());
    }

    private static Optional<String> breakOff(ArtifactSource source, int after) throws Exception {
        try (ArtifactStream stream = source.open(call(), wanted(LENGTH), 0, Optional.empty())) {
            assertThat(stream.bytes().readNBytes(after)).hasSize(after);
            assertThat(stream.validator()).isPresent();
            return stream.validator();
        }
    }

    /** Fetches the whole. */
    protected static byte[] download(ArtifactSource source) throws Exception {
        try (ArtifactStream stream = source.open(call(), wanted(LENGTH), 0, Optional.empty())) {
            return stream.bytes().readAllBytes();
        }
    }

    /** Opens a source by a URL with more parameters. */
    protected final ArtifactSource sourceWith(String parameters) throws Exception {
        return provider.open(PluginUrl.parse(remote.url("app") + parameters), app());
    }

    private static Deliverable wanted(long length) {
        Release release = outline("v1.0.0");
        return new Deliverable(release, Artifact.archive("app.zip", "").withSize(length));
    }

    private byte[] other(int changed) {
        byte[] other = content.clone();
        other[changed]++;
        return other;
    }

    private void tellOnly(String checksum, byte[] bytes) {
        relay.tampering = (asked, answer) -> tell(answer, checksum, bytes);
    }

    protected static byte[] digest(String algorithm, byte[] bytes) {
        try {
            return MessageDigest.getInstance(algorithm).digest(bytes);
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    protected static byte[] crc(java.util.zip.Checksum crc, byte[] bytes) {
        crc.update(bytes);
        return ByteBuffer.allocate(4).putInt((int) crc.getValue()).array();
    }
}
