package dewy.registry.github;

import dewy.http.Environment;
import dewy.http.Origin;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Where the API is: {@code GITHUB_API_URL}, else {@code GITHUB_ENDPOINT}, else GitHub's own. It also says which addresses
 * belong to it, because credentials go nowhere else.
 *
 * @param base its address, without a slash at the end
 */
record ApiAddress(URI base) {
    static final ApiAddress PUBLIC = new ApiAddress(URI.create("https://api.github.com"));

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
        return other.getRawUserInfo() == null && Origin.of(other).equals(Origin.of(base));
    }

    /** Returns whether an address takes uploads for this API: at its own host, or at {@code uploads.} for {@code api.}. */
    boolean takesUploads(URI other) {
        Origin home = Origin.of(base);
        Origin sister = new Origin(home.scheme(), home.host().replaceFirst("^api\\.", "uploads."), home.port());
        return isHome(other)
                || (other.getRawUserInfo() == null && Origin.of(other).equals(sister));
    }

    private static ApiAddress parse(String variable, String value, Consumer<String> complain) {
        try {
            URI uri = new URI(value.replaceFirst("/+$", ""));
            Origin origin = Origin.of(uri);
            boolean scheme = origin.scheme().equals("https") || (origin.scheme().equals("http") && origin.isThisHost());
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
}
