package dewy.http;

import dewy.api.release.Digest;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a file with checksums, whose lines are in the forms that {@code sha256sum} and {@code shasum} ({@code hex  name},
 * {@code hex *name}), {@code sha256sum --tag} and BSD ({@code SHA256 (name) = hex}) and {@code openssl dgst} ({@code
 * SHA2-256(name)= hex}) write; where the file belongs to one artifact, also bare hexadecimal.
 *
 * @param text what it holds
 * @param artifact which artifact's checksum is wanted
 * @param ofItAlone whether it belongs to that artifact, or else is a list
 */
public record ChecksumFile(String text, String artifact, boolean ofItAlone) {
    private static final String BYTE_ORDER_MARK = "\uFEFF";
    private static final Pattern TAGGED = Pattern.compile("([A-Za-z0-9/-]+) ?\\((.+)\\) ?= ?(\\S*)");
    private static final Pattern PLAIN = Pattern.compile("\\\\?(\\S+)[ \\t]+\\*?(.+)");
    private static final Map<String, String> TAGS =
            Map.of("SHA256", "sha256", "SHA2-256", "sha256", "SHA512", "sha512", "SHA2-512", "sha512");

    public ChecksumFile {
        text = text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    }

    /** Says that the file does not tell what it should. */
    public static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        public Malformed(String why) {
            super(why);
        }
    }

    /**
     * What a line says.
     *
     * @param name which file it is about, as it was written; empty when bare
     * @param digest the digest; empty when it is none that can be checked, such as MD5
     */
    private record Line(String name, Optional<Digest> digest) {
        /** The folder that the file was in when the line was written does not matter. */
        boolean isAbout(String file) {
            return name.isEmpty() || name.equals(file) || name.endsWith("/" + file) || name.endsWith("\\" + file);
        }
    }

    /**
     * Looks for the digest of the artifact.
     *
     * @return empty if a list says nothing about it
     * @throws Malformed if what is said about it cannot be understood
     */
    public Optional<Digest> digest() throws Malformed {
        for (String line : text.lines().map(String::strip).toList()) {
            boolean says = !line.isEmpty() && !line.startsWith("#");
            Optional<Digest> digest = says ? digest(line) : Optional.empty();
            if (digest.isPresent()) {
                return digest;
            }
        }
        if (ofItAlone) {
            throw new Malformed("it holds no digest of it");
        }
        return Optional.empty();
    }

    private Optional<Digest> digest(String text) throws Malformed {
        Optional<Line> line = parse(text);
        if (line.isEmpty() && (ofItAlone || mayBeMeantForIt(text))) {
            throw new Malformed("its line is not a sha256 or sha512 digest and a name");
        }
        return line.filter(known -> known.isAbout(artifact)).flatMap(Line::digest);
    }

    private Optional<Line> parse(String text) {
        Matcher tagged = TAGGED.matcher(text);
        if (tagged.matches()) {
            String name = tagged.group(2);
            String algorithm = TAGS.get(tagged.group(1));
            return algorithm == null
                    ? Optional.of(new Line(name, Optional.empty()))
                    : line(name, algorithm, tagged.group(3));
        }
        Matcher plain = PLAIN.matcher(text);
        if (plain.matches()) {
            return line(plain.group(2), algorithm(plain.group(1)), plain.group(1));
        }
        return ofItAlone ? line("", algorithm(text), text) : Optional.empty();
    }

    private boolean mayBeMeantForIt(String text) {
        return Pattern.compile("(^|[\\s*/\\\\(])" + Pattern.quote(artifact) + "($|[\\s)])")
                .matcher(text)
                .find();
    }

    private static String algorithm(String hex) {
        return hex.length() == 128 ? "sha512" : "sha256";
    }

    private static Optional<Line> line(String name, String algorithm, String hex) {
        try {
            return Optional.of(new Line(name, Optional.of(new Digest(algorithm, hex.toLowerCase(Locale.ROOT)))));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
