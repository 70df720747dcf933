package dewy.http;

import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Scheme, host and port of an address (RFC 6454): what belongs to one place. Credentials go nowhere else.
 *
 * @param scheme in lower case
 * @param host in lower case
 * @param port also where the address names none
 */
public record Origin(String scheme, String host, int port) {
    /** Returns the origin of an address; what it lacks is empty. */
    public static Origin of(URI uri) {
        String scheme = lower(uri.getScheme());
        int standard = "http".equals(scheme) ? 80 : 443;
        return new Origin(scheme, lower(uri.getHost()), uri.getPort() < 0 ? standard : uri.getPort());
    }

    /** Returns whether it is this host, as its address says. */
    public boolean isThisHost() {
        return host.equals("localhost") || host.equals("[::1]") || host.matches("127(\\.\\d{1,3}){3}");
    }

    private static String lower(@Nullable String text) {
        return text == null ? "" : text.toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
