package dewy.runtime.process.ready;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;

/**
 * Where a server is asked whether it is ready.
 *
 * @param scheme {@code http} or {@code tcp}
 * @param host a name or a numeric address, in brackets where it is one of IPv6
 * @param port from 1 to 65535; 0 for the one that is given to the server
 * @param path what is asked for, with the query; empty for {@code tcp}
 */
record Address(String scheme, String host, int port, String path) {
    private static final int HTTP = 80;
    private static final String OWN_HOST = "127.0.0.1";

    /** Reads an address, if it is one. */
    static Optional<Address> parse(String text) {
        try {
            URI uri = new URI(text);
            String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
            boolean http = scheme.equals("http");
            int port = uri.getPort() < 0 && http ? HTTP : uri.getPort();
            String path = path(uri);
            boolean valid = uri.getHost() != null
                    && uri.getRawUserInfo() == null
                    && uri.getRawFragment() == null
                    && port > 0
                    && port <= 65535
                    && (http || path.equals("/"));
            return valid ? Optional.of(new Address(scheme, uri.getHost(), port, http ? path : "")) : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    /** Reads a path at the port that is given to the server, which is not known yet: 0. */
    static Optional<Address> parseOwn(String path) {
        return parse("http://" + OWN_HOST + path).map(address -> own("http", 0, address.path()));
    }

    /** Returns an address at the port that is given to the server. */
    static Address own(String scheme, int port, String path) {
        return new Address(scheme, OWN_HOST, port, path);
    }

    @Override
    public String toString() {
        return scheme + "://" + host + ":" + port + path;
    }

    private static String path(URI uri) {
        URI ascii = URI.create(uri.toASCIIString());
        String path = ascii.getRawPath() == null || ascii.getRawPath().isEmpty() ? "/" : ascii.getRawPath();
        return ascii.getRawQuery() == null ? path : path + "?" + ascii.getRawQuery();
    }
}
