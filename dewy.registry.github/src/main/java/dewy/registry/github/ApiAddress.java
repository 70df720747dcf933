package dewy.registry.github;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Where the API is: {@code GITHUB_API_URL}, else {@code GITHUB_ENDPOINT}, else GitHub's own. It also says which addresses
 * belong to it, because credentials go nowhere else.
 *
 * @param base its address, without a slash at the end
 */
record ApiAddress(URI base) {
    static final ApiAddress PUBLIC = new ApiAddress(URI.create("https://api.github.com"));

    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[::1\\]");
    private static final String API_HOST = "api.";

    /** Reads the environment; what is wrong with it is told to {@code complain}. */
    static ApiAddress of(Environment environment, Consumer<String> complain) {
        for (String variable : new String[] {"GITHUB_API_URL", "GITHUB_ENDPOINT"}) {
            Optional<String> value = environment.variable(variable);
            if (value.isPresent()) {
                return parse(variable, value.get().strip(), complain);
            }
        }
        return PUBLIC;
    }

    /** Returns the address of a path of the API. */
    URI resolve(String path) {
        return URI.create(base + path);
    }

    /** Returns whether an address is at the API's own scheme, host and port. */
    boolean isHome(URI other) {
        return isAt(other, host(base));
    }

    /** Returns whether an address takes uploads for this API: at its own host, or at {@code uploads.} for {@code api.}. */
    boolean takesUploads(URI other) {
        String host = host(base);
        boolean sister = host.startsWith(API_HOST) && isAt(other, "uploads." + host.substring(API_HOST.length()));
        return sister || isHome(other);
    }

    /** Returns whether something may be fetched from an address: encrypted, or on this host as the API itself. */
    boolean mayLeadTo(URI other) {
        boolean local = isPlain(base) && isPlain(other) && isLoopback(other);
        return other.getHost() != null && (local || "https".equalsIgnoreCase(other.getScheme()));
    }

    private boolean isAt(URI other, String host) {
        return host(other).equals(host)
                && base.getScheme().equalsIgnoreCase(other.getScheme())
                && port(base) == port(other)
                && other.getRawUserInfo() == null;
    }

    private static ApiAddress parse(String variable, String value, Consumer<String> complain) {
        try {
            URI uri = new URI(value.replaceFirst("/+$", ""));
            boolean scheme = "https".equalsIgnoreCase(uri.getScheme()) || (isPlain(uri) && isLoopback(uri));
            boolean bare = uri.getRawUserInfo() == null && uri.getRawQuery() == null && uri.getRawFragment() == null;
            if (scheme && bare && uri.getHost() != null) {
                return new ApiAddress(uri);
            }
        } catch (URISyntaxException e) {
            // Told below; the exception would repeat a value that may hold a password.
        }
        complain.accept("the environment's " + variable
                + " must be an address such as https://github.example.com/api/v3, with https (http to this host only),"
                + " without user, query and fragment");
        return PUBLIC;
    }

    private static boolean isPlain(URI uri) {
        return "http".equalsIgnoreCase(uri.getScheme());
    }

    private static boolean isLoopback(URI uri) {
        return LOOPBACK.matcher(host(uri)).matches();
    }

    private static String host(URI uri) {
        String host = uri.getHost();
        return host == null ? "" : host.toLowerCase(Locale.ROOT);
    }

    private static int port(URI uri) {
        int standard = isPlain(uri) ? 80 : 443;
        return uri.getPort() < 0 ? standard : uri.getPort();
    }
}
