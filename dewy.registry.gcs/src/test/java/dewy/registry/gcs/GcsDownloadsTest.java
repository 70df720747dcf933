package dewy.registry.gcs;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.artifact.ArtifactSource;
import dewy.bucket.BucketDownloadsTest;
import dewy.bucket.Relay.Answer;
import dewy.bucket.Relay.Asked;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class GcsDownloadsTest extends BucketDownloadsTest {
    private static final Pattern CONDITION = Pattern.compile("[?&]ifGenerationMatch=(\\d+)");

    GcsDownloadsTest() throws IOException {
        super(new GcsInTrouble());
    }

    @Override
    protected List<String> checksums() {
        return List.of("CRC32C", "MD5");
    }

    @Override
    protected Answer tell(Answer answer, String checksum, byte[] bytes) {
        byte[] value = checksum.equals("MD5") ? digest("MD5", bytes) : crc(new CRC32C(), bytes);
        String told = Base64.getEncoder().encodeToString(value);
        return answer.with("x-goog-hash", checksum.toLowerCase(Locale.ROOT) + "=" + told);
    }

    @Override
    protected Optional<String> condition(Asked asked) {
        return CONDITION.matcher(asked.target()).results().findFirst().map((MatchResult found) -> found.group(1));
    }

    @Test
    void saysWhoPays() throws Exception {
        try (ArtifactSource source = sourceWith("&user-project=payer")) {
            download(source);
            assertThat(relay.exchanged.get(0).asked().target()).contains("userProject=payer");
        }
    }
}
