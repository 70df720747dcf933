package dewy.registry.github;

import java.net.URI;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the header {@code Link} (RFC 8288). */
final class LinkHeader {
    private static final Pattern LINK = Pattern.compile("<([^>]*)>([^<]*)");
    private static final Pattern NEXT = Pattern.compile(";\\s*rel\\s*=\\s*\"?([^\";,]*\\s)?next[\\s\";,]?.*");

    private LinkHeader() {}

    /**
     * Returns the next page that a header names.
     *
     * @throws IllegalArgumentException if what it names is no address
     */
    static Optional<URI> next(String header) {
        Matcher link = LINK.matcher(header);
        while (link.find()) {
            if (NEXT.matcher(link.group(2)).find()) {
                return Optional.of(URI.create(link.group(1)));
            }
        }
        return Optional.empty();
    }
}
