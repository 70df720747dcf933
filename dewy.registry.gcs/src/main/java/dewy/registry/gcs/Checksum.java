package dewy.registry.gcs;

import dewy.http.Response;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What GCS knows of the content of an object, and what has arrived of it, to be compared at its end: the CRC32C, which all
 * objects have, and the MD5, which those lack that were composed of others. For one thread.
 */
final class Checksum {
    private static final Pattern HASH = Pattern.compile("(crc32c|md5)=([A-Za-z0-9+/]{6}(?:[A-Za-z0-9+/]{16})?==)");

    private final byte @Nullable [] crc32c;
    private final byte @Nullable [] md5;
    private final CRC32C crc = new CRC32C();
    private final MessageDigest digest;
    private long position;

    private Checksum(byte @Nullable [] crc32c, byte @Nullable [] md5) {
        this.crc32c = crc32c;
        this.md5 = md5;
        try {
            digest = MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java lacks MD5", e);
        }
    }

    /** Returns that of a whole object, as the head of an answer tells it. */
    static Optional<Checksum> of(Response answer) {
        byte[] crc32c = null;
        byte[] md5 = null;
        Matcher hash = HASH.matcher(String.join(",", answer.headers().getOrDefault("x-goog-hash", List.of())));
        while (hash.find()) {
            byte[] value = Base64.getDecoder().decode(hash.group(2));
            crc32c = hash.group(1).equals("crc32c") ? value : crc32c;
            md5 = hash.group(1).equals("md5") ? value : md5;
        }
        return crc32c == null && md5 == null ? Optional.empty() : Optional.of(new Checksum(crc32c, md5));
    }

    /** Returns how many bytes were taken into account. */
    long position() {
        return position;
    }

    void update(byte[] bytes, int offset, int length) {
        if (crc32c != null) {
            crc.update(bytes, offset, length);
        }
        if (md5 != null) {
            digest.update(bytes, offset, length);
        }
        position += length;
    }

    /** Returns which one what arrived does not have, after all of it; empty if it is what GCS has. */
    Optional<String> violated() {
        if (crc32c != null && !MessageDigest.isEqual(crc32c, bytes(crc.getValue()))) {
            return Optional.of("CRC32C");
        }
        return md5 == null || MessageDigest.isEqual(md5, digest.digest()) ? Optional.empty() : Optional.of("MD5");
    }

    private static byte[] bytes(long value) {
        return ByteBuffer.allocate(4).putInt((int) value).array();
    }
}
