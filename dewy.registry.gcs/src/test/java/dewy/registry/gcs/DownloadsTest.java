package dewy.registry.gcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dewy.api.CorruptException;
import dewy.api.artifact.ArtifactSource;
import dewy.api.artifact.ArtifactStream;
import dewy.api.plugin.PluginUrl;
import dewy.api.release.Artifact;
import dewy.api.release.Deliverable;
import dewy.api.release.Release;
import dewy.registry.gcs.Relay.Answer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** That what arrives is what GCS has, however it arrived. */
class DownloadsTest extends GcsFixture {
    private static final int LENGTH = 300_000;
    private static final String KEY = "app/v1.0.0/app.zip";

    private final byte[] content = new byte[LENGTH];

    DownloadsTest() throws Exception {
        new Random(5).nextBytes(content);
        remote.server.put(remote.bucket, KEY, content);
    }

    @ParameterizedTest
    @ValueSource(strings = {"crc32c", "md5"})
    void comparesWhateverChecksumComesWithIt(String algorithm) throws Exception {
        tellOnly(algorithm, content);
        try (ArtifactSource source = source("app")) {
            assertThat(download(source, 0)).isEqualTo(content);
            byte[] other = content.clone();
            other[LENGTH / 2]++;
            tellOnly(algorithm, other);
            assertThat(catchThrowable(() -> download(source, 0)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(
                            "does not have the " + algorithm.toUpperCase(Locale.ROOT) + " that GCS tells");
        }
    }

    /** As Google does, each in a header of its own. */
    @Test
    void comparesBothThatTheServerTells() throws Exception {
        try (ArtifactSource source = source("app")) {
            assertThat(download(source, 0)).isEqualTo(content);
        }
        assertThat(relay.exchanged).hasSize(1);
        assertThat(relay.exchanged.get(0).asked().target()).contains("alt=media");
    }

    @Test
    void calculatesTheChecksumAcrossWhatBrokeOff() throws Exception {
        byte[] other = content.clone();
        other[10]++;
        try (ArtifactSource source = source("app")) {
            String generation = breakOff(source, LENGTH / 3);
            try (ArtifactStream rest = source.open(call(), wanted(), LENGTH / 3, Optional.of(generation))) {
                assertThat(rest.offset()).isEqualTo(LENGTH / 3);
                assertThat(rest.bytes().readAllBytes()).hasSize(LENGTH - LENGTH / 3);
            }
            tellOnly("crc32c", other);
            breakOff(source, LENGTH / 3);
            try (ArtifactStream rest = source.open(call(), wanted(), LENGTH / 3, Optional.of(generation))) {
                assertThat(catchThrowable(() -> rest.bytes().readAllBytes()))
                        .hasMessageContaining("does not have the CRC32C");
            }
        }
    }

    @Test
    void isFetchedOnceMoreFromTheStartAndThenRefused() throws Exception {
        tellOnly("crc32c", new byte[1]);
        try (ArtifactSource source = source("app")) {
            Optional<String> generation = Optional.empty();
            for (int i = 0; i < 2; i++) {
                try (ArtifactStream stream = source.open(call(), wanted(), i * 100L, generation)) {
                    assertThat(stream.offset()).isZero();
                    generation = stream.validator();
                    assertThat(catchThrowable(() -> stream.bytes().readAllBytes()))
                            .isInstanceOf(IOException.class);
                }
            }
            Optional<String> last = generation;
            CorruptException refusal =
                    catchThrowableOfType(CorruptException.class, () -> source.open(call(), wanted(), 100, last)
                            .close());
            assertThat(refusal).hasMessageContainingAll(KEY, "did not have the checksum that GCS tells, twice");
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
            String generation = breakOff(source, 100);
            relay.take();
            try (ArtifactStream rest = source.open(call(), wanted(), 100, Optional.of(generation))) {
                assertThat(rest.bytes().readAllBytes()).hasSize(LENGTH - 100);
            }
            Relay.Asked asked = relay.exchanged.get(0).asked();
            assertThat(asked.header("range")).hasValue("bytes=100-");
            assertThat(asked.target()).contains("ifGenerationMatch=" + generation);
        }
    }

    /** As GCS says it; and as the server does, which looks at no such condition. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void beginsAnewWhereTheContentIsAnotherOneNow(boolean refused) throws Exception {
        try (ArtifactSource source = source("app")) {
            String generation = breakOff(source, 100);
            byte[] other = content.clone();
            other[0]++;
            remote.server.put(remote.bucket, KEY, other);
            relay.instead = asked -> refused && asked.target().contains("ifGenerationMatch=" + generation)
                    ? Optional.of(Answer.of(412, "At least one of the pre-conditions you specified did not hold."))
                    : Optional.empty();
            relay.take();
            try (ArtifactStream again = source.open(call(), wanted(), 100, Optional.of(generation))) {
                assertThat(again.offset()).isZero();
                assertThat(again.bytes().readAllBytes()).isEqualTo(other);
            }
            assertThat(relay.take()).containsExactly(refused ? "GET 412" : "GET 206", "GET 200");
        }
    }

    @Test
    void knowsWhereNothingIsLeft() throws Exception {
        try (ArtifactSource source = source("app")) {
            String generation = breakOff(source, LENGTH);
            try (ArtifactStream rest = source.open(call(), wanted(), LENGTH, Optional.of(generation))) {
                assertThat(rest.offset()).isEqualTo(LENGTH);
                assertThat(rest.bytes().readAllBytes()).isEmpty();
            }
        }
    }

    @Test
    void saysWhoPays() throws Exception {
        try (ArtifactSource source = new GcsArtifactProvider(access)
                .open(PluginUrl.parse(remote.url("app") + "&user-project=payer"), app())) {
            download(source, 0);
            assertThat(relay.exchanged.get(0).asked().target()).contains("userProject=payer");
        }
    }

    private String breakOff(ArtifactSource source, int after) throws Exception {
        try (ArtifactStream stream = source.open(call(), wanted(), 0, Optional.empty())) {
            assertThat(stream.bytes().readNBytes(after)).hasSize(after);
            return stream.validator().orElseThrow();
        }
    }

    private byte[] download(ArtifactSource source, long offset) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ArtifactStream stream = source.open(call(), wanted(), offset, Optional.empty())) {
            stream.bytes().transferTo(bytes);
        }
        return bytes.toByteArray();
    }

    private static Deliverable wanted() {
        return wanted(LENGTH);
    }

    private static Deliverable wanted(long length) {
        Release release = outline("v1.0.0");
        return new Deliverable(release, Artifact.archive("app.zip", "").withSize(length));
    }

    private void tellOnly(String algorithm, byte[] of) throws Exception {
        String told = algorithm + "=" + Base64.getEncoder().encodeToString(checksum(algorithm, of));
        relay.tampering = (asked, answer) -> answer.with("x-goog-hash", told);
    }

    private static byte[] checksum(String algorithm, byte[] bytes) throws Exception {
        if (algorithm.equals("md5")) {
            return MessageDigest.getInstance("MD5").digest(bytes);
        }
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return ByteBuffer.allocate(4).putInt((int) crc.getValue()).array();
    }
}
