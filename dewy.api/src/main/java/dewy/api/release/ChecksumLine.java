package dewy.api.release;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line of a file with checksums, in one of the forms that {@code sha256sum} and {@code shasum} ({@code hex  name},
 * {@code hex *name}), {@code sha256sum --tag} and BSD ({@code SHA256 (name) = hex}) and {@code openssl dgst} ({@code
 * SHA2-256(name)= hex}) write; where the file belongs to one artifact, also bare hexadecimal.
 *
 * @param name which file it is about, as it was written; empty when bare
 * @param digest the digest; empty when it is none that can be checked, such as MD5
 */
public record ChecksumLine(String name, Optional<Digest> digest) {
    private static final Pattern TAGGED = Pattern.compile("([A-Za-z0-9/-]+) ?\\((.+)\\) ?= ?(\\S*)");
    private static final Pattern PLAIN = Pattern.compile("\\\\?(\\S+)[ \\t]+\\*?(.+)");
    private static final Map<String, String> TAGS =
            Map.of("SHA256", "sha256", "SHA2-256", "sha256", "SHA512", "sha512", "SHA2-512", "sha512");

    /**
     * Reads a line without blanks at its ends.
     *
     * @param bareAllowed whether bare hexadecimal is understood
     * @return empty when it is in none of the forms, or its digest is neither SHA-256 nor SHA-512 in hexadecimal
     */
    public static Optional<ChecksumLine> parse(String text, boolean bareAllowed) {
        Matcher tagged = TAGGED.matcher(text);
        if (tagged.matches()) {
            String name = tagged.group(2);
            String algorithm = TAGS.get(tagged.group(1));
            return algorithm == null
                    ? Optional.of(new ChecksumLine(name, Optional.empty()))
                    : of(name, algorithm, tagged.group(3));
        }
        Matcher plain = PLAIN.matcher(text);
        if (plain.matches()) {
            return of(plain.group(2), algorithm(plain.group(1)), plain.group(1));
        }
        return bareAllowed ? of("", algorithm(text), text) : Optional.empty();
    }

    /** Returns whether the line is about a file; the folder that it was in when the line was written does not matter. */
    public boolean isAbout(String file) {
        return name.isEmpty() || name.equals(file) || name.endsWith("/" + file) || name.endsWith("\\" + file);
    }

    /** Returns whether a line that was not understood may have been meant for a file. */
    public static boolean mentions(String text, String file) {
        return Pattern.compile("(^|[\\s*/\\\\(])" + Pattern.quote(file) + "($|[\\s)])")
                .matcher(text)
                .find();
    }

    private static String algorithm(String hex) {
        return hex.length() == 128 ? "sha512" : "sha256";
    }

    private static Optional<ChecksumLine> of(String name, String algorithm, String hex) {
        try {
            Digest digest = new Digest(algorithm, hex.toLowerCase(Locale.ROOT));
            return Optional.of(new ChecksumLine(name, Optional.of(digest)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
