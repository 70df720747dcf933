package dewy.tck;

import dewy.api.release.Digest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Content for artifacts and blobs. */
final class Samples {
    /** 120,000 characters, of which no part is like another. */
    static final String LARGE =
            IntStream.range(0, 20_000).mapToObj("%06d"::formatted).collect(Collectors.joining());

    /** Content of the same length, which is nowhere the same. */
    static final String OTHER = LARGE.chars()
            .mapToObj(digit -> String.valueOf((char) (digit + 'a' - '0')))
            .collect(Collectors.joining());

    private Samples() {}

    static Digest digest(String content) {
        return digest("sha256", content);
    }

    static Digest digest(String algorithm, String content) {
        MessageDigest digest = Digest.calculation(algorithm);
        digest.update(content.getBytes(StandardCharsets.UTF_8));
        return Digest.of(digest);
    }
}
