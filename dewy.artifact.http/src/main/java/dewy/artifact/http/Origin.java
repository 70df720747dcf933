package dewy.artifact.http;

import java.net.URI;
import java.util.Locale;

/**
 * Scheme, host and port of an address (RFC 6454): what belongs to one place. Credentials go nowhere else.
 *
 * @param scheme in lower case
 * @param host in lower case
 * @param port also where the address names none
 */
record Origin(String scheme, String host, int port) {
    static Origin of(URI uri) {
        String scheme = lower(uri.getScheme());
        int standard = "http".equals(scheme) ? 80 : 443;
        return new Origin(scheme, lower(uri.getHost()), uri.getPort() < 0 ? standard : uri.getPort());
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
