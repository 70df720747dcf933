package dewy.registry.gcs;

import dewy.bucket.Checksum;
import dewy.bucket.Checksum.Calculation;
import dewy.bucket.Checksum.Expected;
import dewy.http.Response;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/** The checksums that GCS tells of an object: the CRC32C, which all have, and the MD5, which those lack that were composed. */
final class GcsChecksum {
    private static final Pattern HASH = Pattern.compile("(crc32c|md5)=([A-Za-z0-9+/]{6}(?:[A-Za-z0-9+/]{16})?==)");

    private GcsChecksum() {}

    /** Returns that of a whole object, as the head of an answer tells it. */
    static Optional<Checksum> of(Response answer) {
        List<Expected> all = new ArrayList<>();
        Matcher hash = HASH.matcher(String.join(",", answer.headers().getOrDefault("x-goog-hash", List.of())));
        while (hash.find()) {
            byte[] value = Base64.getDecoder().decode(hash.group(2));
            all.add(
                    hash.group(1).equals("md5")
                            ? new Expected("MD5", value, Calculation.digest("MD5"))
                            : new Expected("CRC32C", value, Calculation.crc(new CRC32C())));
        }
        return all.isEmpty() ? Optional.empty() : Optional.of(new Checksum(all));
    }
}
