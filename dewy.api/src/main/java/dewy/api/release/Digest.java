package dewy.api.release;

import dewy.api.InvalidException;
import dewy.api.Problem;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The digest of some content, written {@code sha256:<hex>} as in the OCI image specification ("Digests").
 *
 * @param algorithm {@code sha256} or {@code sha512}
 * @param hex the digest in lower-case hexadecimal
 */
public record Digest(String algorithm, String hex) {
    private static final Map<String, String> JAVA_NAMES = Map.of("sha256", "SHA-256", "sha512", "SHA-512");
    private static final Map<String, Integer> LENGTHS = Map.of("sha256", 64, "sha512", 128);
    private static final Pattern HEX = Pattern.compile("[0-9a-f]+");

    public Digest {
        Integer length = LENGTHS.get(algorithm);
        if (length == null || hex.length() != length || !HEX.matcher(hex).matches()) {
            throw new IllegalArgumentException("not a sha256 or sha512 digest: " + algorithm + ":" + hex);
        }
    }

    /**
     * Parses {@code sha256:<hex>}, or bare hexadecimal whose length tells the algorithm.
     *
     * @throws InvalidException if it is neither
     */
    public static Digest parse(String text) throws InvalidException {
        String lower = text.strip().toLowerCase(Locale.ROOT);
        int colon = lower.indexOf(':');
        String hex = lower.substring(colon + 1);
        String algorithm = colon >= 0 ? lower.substring(0, colon) : hex.length() == 128 ? "sha512" : "sha256";
        try {
            return new Digest(algorithm, hex);
        } catch (IllegalArgumentException e) {
            throw new InvalidException(
                    Problem.of("read the digest", "\"" + text + "\"", "it is neither sha256 nor sha512", ""), e);
        }
    }

    /** Returns the digest that {@code finished} arrived at; its algorithm must be one that this class knows. */
    public static Digest of(MessageDigest finished) {
        String algorithm = finished.getAlgorithm().replace("-", "").toLowerCase(Locale.ROOT);
        return new Digest(algorithm, HexFormat.of().formatHex(finished.digest()));
    }

    /** Returns the sha256 digest of {@code content}. */
    public static Digest of(byte[] content) {
        MessageDigest calculation = calculation("sha256");
        calculation.update(content);
        return of(calculation);
    }

    /** Returns the digest of what a calculation was given so far; it goes on. */
    public static Digest soFar(MessageDigest calculation) {
        try {
            return of((MessageDigest) calculation.clone());
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the digests of this Java cannot be copied", e);
        }
    }

    /** Returns a fresh calculation of {@code algorithm}: {@code sha256} or {@code sha512}. */
    public static MessageDigest calculation(String algorithm) {
        String name = JAVA_NAMES.get(algorithm);
        if (name == null) {
            throw new IllegalArgumentException("unknown digest algorithm: " + algorithm);
        }
        try {
            return MessageDigest.getInstance(name);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java lacks " + name, e);
        }
    }

    @Override
    public String toString() {
        return algorithm + ":" + hex;
    }
}
