package dewy.notifier.slack;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/** Reads addresses of the schemes {@code http} and {@code https}. */
final class WebAddress {
    private WebAddress() {}

    /** Returns the address, unless it is something else or carries user information. */
    static Optional<URI> parse(String text) {
        try {
            URI address = new URI(text);
            boolean web = "http".equalsIgnoreCase(address.getScheme()) || "https".equalsIgnoreCase(address.getScheme());
            boolean plain = address.getHost() != null && address.getRawUserInfo() == null;
            return web && plain ? Optional.of(address) : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }
}
