package dewy.registry.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
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
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** That what arrives is what S3 has, however it arrived. */
class DownloadsTest extends S3Fixture {
    private static final int LENGTH = 300_000;
    private static final String KEY = "app/v1.0.0/app.zip";

    private final byte[] content = new byte[LENGTH];

    DownloadsTest() throws Exception {
        new Random(5).nextBytes(content);
        remote.server.put(remote.bucket, KEY, content);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sha256", "crc64nvme", "crc32c", "crc32", "etag"})
    void comparesWhateverChecksumComesWithIt(String algorithm) throws Exception {
        tellOnly(algorithm, checksum(algorithm, content));
        try (ArtifactSource source = source("app")) {
            assertThat(download(source, 0)).isEqualTo(content);
            byte[] other = content.clone();
            other[LENGTH / 2]++;
            tellOnly(algorithm, checksum(algorithm, other));
            assertThat(catchThrowable(() -> download(source, 0)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("that S3 tells");
        }
    }

    @Test
    void comparesNothingThatIsOnlyOfTheParts() throws Exception {
        relay.tampering = (asked, answer) -> answer.with("etag", "\"0123456789abcdef0123456789abcdef-3\"")
                .with("x-amz-checksum-type", "COMPOSITE")
                .with("x-amz-checksum-crc32", "AAAAAA==-3");
        try (ArtifactSource source = source("app")) {
            assertThat(download(source, 0)).isEqualTo(content);
        }
    }

    @Test
    void calculatesTheChecksumAcrossWhatBrokeOff() throws Exception {
        byte[] other = content.clone();
        other[10]++;
        try (ArtifactSource source = source("app")) {
            String etag = breakOff(source, LENGTH / 3);
            try (ArtifactStream rest = source.open(call(), wanted(), LENGTH / 3, Optional.of(etag))) {
                assertThat(rest.offset()).isEqualTo(LENGTH / 3);
                assertThat(rest.bytes().readAllBytes()).hasSize(LENGTH - LENGTH / 3);
            }
            tellOnly("crc32c", checksum("crc32c", other));
            breakOff(source, LENGTH / 3);
            try (ArtifactStream rest = source.open(call(), wanted(), LENGTH / 3, Optional.of(etag))) {
                assertThat(catchThrowable(() -> rest.bytes().readAllBytes()))
                        .hasMessageContaining("does not have the CRC32C");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 100})
    void isFetchedOnceMoreFromTheStartAndThenRefused(long held) throws Exception {
        tellOnly("crc32", checksum("crc32", new byte[1]));
        try (ArtifactSource source = source("app")) {
            Optional<String> etag = Optional.empty();
            for (int i = 0; i < 2; i++) {
                try (ArtifactStream stream = source.open(call(), wanted(), i * held, etag)) {
                    assertThat(stream.offset()).isZero();
                    etag = stream.validator();
                    assertThat(catchThrowable(() -> stream.bytes().readAllBytes()))
                            .isInstanceOf(IOException.class);
                }
            }
            Optional<String> last = etag;
            CorruptException refusal =
                    catchThrowableOfType(CorruptException.class, () -> source.open(call(), wanted(), 100, last)
                            .close());
            assertThat(refusal).hasMessageContainingAll(KEY, "did not have the checksum that S3 tells, twice");
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
            String etag = breakOff(source, 100);
            relay.take();
            try (ArtifactStream rest = source.open(call(), wanted(), 100, Optional.of(etag))) {
                assertThat(rest.bytes().readAllBytes()).hasSize(LENGTH - 100);
            }
            Relay.Asked asked = relay.exchanged.get(0).asked();
            assertThat(asked.header("range")).hasValue("bytes=100-");
            assertThat(asked.header("if-match")).hasValue(etag);
        }
    }

    @Test
    void saysThatTheRequesterPays() throws Exception {
        try (ArtifactSource source =
                new S3ArtifactProvider(access).open(PluginUrl.parse(remote.url("app") + "&requester-pays"), app())) {
            // Which s3proxy does not implement.
            assertThat(catchThrowable(() -> download(source, 0))).hasMessageContaining("NotImplemented");
            assertThat(relay.exchanged.get(0).asked().header("x-amz-request-payer"))
                    .hasValue("requester");
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

    private void tellOnly(String algorithm, byte[] checksum) {
        boolean isEtag = algorithm.equals("etag");
        String etag = "\"" + HexFormat.of().formatHex(checksum) + "\"";
        String base64 = Base64.getEncoder().encodeToString(checksum);
        relay.tampering = (asked, answer) -> {
            Relay.Answer bare = isEtag ? answer.with("etag", etag) : answer;
            for (String other : new String[] {"sha256", "sha1", "crc64nvme", "crc32c", "crc32"}) {
                bare = bare.without("x-amz-checksum-" + other);
            }
            return isEtag ? bare : bare.with("x-amz-checksum-" + algorithm, base64);
        };
    }

    private static byte[] checksum(String algorithm, byte[] bytes) throws Exception {
        return switch (algorithm) {
            case "sha256" -> MessageDigest.getInstance("SHA-256").digest(bytes);
            case "etag" -> MessageDigest.getInstance("MD5").digest(bytes);
            case "crc32" -> crc(new CRC32(), bytes);
            case "crc32c" -> crc(new CRC32C(), bytes);
            default -> crc64(bytes);
        };
    }

    private static byte[] crc(java.util.zip.Checksum crc, byte[] bytes) {
        crc.update(bytes);
        return ByteBuffer.allocate(4).putInt((int) crc.getValue()).array();
    }

    /** Bit by bit, as it is defined. */
    private static byte[] crc64(byte[] bytes) {
        long crc = ~0L;
        for (byte b : bytes) {
            crc ^= b & 0xffL;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 1) == 0 ? crc >>> 1 : (crc >>> 1) ^ 0x9A6C9329AC4BC9B5L;
            }
        }
        return ByteBuffer.allocate(8).putLong(~crc).array();
    }

    /** The check value of its definition. */
    @Test
    void knowsTheCheckValueOfCrc64Nvme() {
        assertThat(ByteBuffer.wrap(crc64("123456789".getBytes(UTF_8))).getLong())
                .isEqualTo(0xAE8B14860A799888L);
    }
}
