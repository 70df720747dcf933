package dewy.cache.file;

import dewy.api.InvalidException;
import dewy.api.cache.Blob;
import dewy.api.release.Digest;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is known about a blob, in a small file beside it. It has the format that {@code sha256sum --check} reads, with the
 * rest as comments.
 */
final class DigestFile {
    static final String SUFFIX = ".digest";
    static final int LARGEST = 64 << 10;

    private static final Pattern FORMAT =
            Pattern.compile("# key (\\S*)\n# size (\\d{1,18})\n(\\p{XDigit}{64})  \\S+\n");

    private DigestFile() {}

    /** Returns what the file beside a blob says; {@code name} is the blob's own file name. */
    static String text(Blob blob, String name) {
        String key = URLEncoder.encode(blob.key(), StandardCharsets.UTF_8);
        return "# key " + key + "\n# size " + blob.size() + "\n" + blob.digest().hex() + "  " + name + "\n";
    }

    /** Reads such a file; empty when it is none. */
    static Optional<Blob> parse(String text) {
        Matcher matcher = FORMAT.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            String key = URLDecoder.decode(matcher.group(1), StandardCharsets.UTF_8);
            return Optional.of(new Blob(key, Long.parseLong(matcher.group(2)), Digest.parse(matcher.group(3))));
        } catch (IllegalArgumentException | InvalidException e) {
            return Optional.empty();
        }
    }
}
