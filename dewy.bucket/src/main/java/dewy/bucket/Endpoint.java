package dewy.bucket;

import dewy.api.plugin.AppContext;
import dewy.api.plugin.Parameters;
import dewy.http.Origin;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/**
 * The address of a service that is somewhere else than where everybody knows it to be.
 *
 * @param name the parameter or variable that names it
 */
public record Endpoint(String name, String text) {
    /**
     * Reads it; what is wrong with it is told to {@code parameters}.
     *
     * @param example what it could be
     */
    public Optional<URI> address(String example, Parameters parameters, AppContext app) {
        try {
            URI uri = new URI(text);
            boolean web = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
            if (!web || uri.getHost() == null || uri.getRawUserInfo() != null || uri.getRawQuery() != null) {
                parameters.complain(name, name + "=" + text + " is not an address such as " + example);
            } else if ("http".equals(uri.getScheme())
                    && !app.allowsHttp()
                    && !Origin.of(uri).isThisHost()) {
                parameters.complain(
                        name,
                        name + "=" + text + " is not encrypted; use https://, or give --allow-http where the network in"
                                + " between is trusted");
            } else {
                return Optional.of(uri);
            }
        } catch (URISyntaxException e) {
            parameters.complain(name, name + " is not an address such as " + example);
        }
        return Optional.empty();
    }
}
