package dewy.registry.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dewy.api.artifact.ArtifactSource;
import dewy.bucket.BucketDownloadsTest;
import dewy.bucket.Relay.Answer;
import dewy.bucket.Relay.Asked;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class S3DownloadsTest extends BucketDownloadsTest {
    S3DownloadsTest() throws IOException {
        super(new S3InTrouble());
    }

    @Override
    protected List<String> checksums() {
        return List.of("SHA-256", "CRC64NVME", "CRC32C", "CRC32", "ETag");
    }

    @Override
    protected Answer tell(Answer answer, String checksum, byte[] bytes) {
        Answer bare = answer;
        for (String other : new String[] {"sha256", "sha1", "crc64nvme", "crc32c", "crc32"}) {
            bare = bare.without("x-amz-checksum-" + other);
        }
        if (checksum.equals("ETag")) {
            return bare.with("etag", "\"" + HexFormat.of().formatHex(digest("MD5", bytes)) + "\"");
        }
        String header = "x-amz-checksum-" + checksum.toLowerCase(Locale.ROOT).replace("-", "");
        return bare.with(header, Base64.getEncoder().encodeToString(calculated(checksum, bytes)));
    }

    private static byte[] calculated(String checksum, byte[] bytes) {
        return switch (checksum) {
            case "SHA-256" -> digest("SHA-256", bytes);
            case "CRC32" -> crc(new CRC32(), bytes);
            case "CRC32C" -> crc(new CRC32C(), bytes);
            default -> crc64(bytes);
        };
    }

    @Override
    protected Optional<String> condition(Asked asked) {
        return asked.header("if-match");
    }

    @Test
    void comparesNothingThatIsOnlyOfTheParts() throws Exception {
        relay.tampering = (asked, answer) -> answer.with("etag", "\"0123456789abcdef0123456789abcdef-3\"")
                .with("x-amz-checksum-type", "COMPOSITE")
                .with("x-amz-checksum-crc32", "AAAAAA==-3");
        try (ArtifactSource source = source("app")) {
            assertThat(download(source)).isNotEmpty();
        }
    }

    @Test
    void saysThatTheRequesterPays() throws Exception {
        try (ArtifactSource source = sourceWith("&requester-pays")) {
            // Which s3proxy does not implement.
            assertThat(catchThrowable(() -> download(source))).hasMessageContaining("NotImplemented");
            assertThat(relay.exchanged.get(0).asked().header("x-amz-request-payer"))
                    .hasValue("requester");
        }
    }

    /** The check value of its definition. */
    @Test
    void knowsTheCheckValueOfCrc64Nvme() {
        assertThat(ByteBuffer.wrap(crc64("123456789".getBytes(UTF_8))).getLong())
                .isEqualTo(0xAE8B14860A799888L);
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
}
