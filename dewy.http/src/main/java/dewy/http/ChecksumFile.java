package dewy.http;

import dewy.api.release.ChecksumLine;
import dewy.api.release.Digest;
import java.util.Optional;

/**
 * Reads a file with checksums, {@linkplain ChecksumLine a line} each; where the file belongs to one artifact, it may be bare
 * hexadecimal.
 *
 * @param text what it holds
 * @param artifact which artifact's checksum is wanted
 * @param ofItAlone whether it belongs to that artifact, or else is a list
 */
public record ChecksumFile(String text, String artifact, boolean ofItAlone) {
    private static final String BYTE_ORDER_MARK = "\uFEFF";

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
        Optional<ChecksumLine> line = ChecksumLine.parse(text, ofItAlone);
        if (line.isEmpty() && (ofItAlone || ChecksumLine.mentions(text, artifact))) {
            throw new Malformed("its line is not a sha256 or sha512 digest and a name");
        }
        return line.filter(known -> known.isAbout(artifact)).flatMap(ChecksumLine::digest);
    }
}
