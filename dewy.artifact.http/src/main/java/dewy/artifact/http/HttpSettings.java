package dewy.artifact.http;

import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.Parameters;
import dewy.api.plugin.PluginUrl;
import dewy.api.plugin.Secret;
import dewy.api.release.Platform;
import dewy.http.Environment;
import dewy.http.Netrc;
import dewy.http.Network;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a URL and the environment say, checked.
 *
 * @param address where the artifacts are
 * @param credentials what proves who asks
 * @param network by which way is asked
 */
record HttpSettings(WebAddress address, HttpCredentials credentials, Network network) {
    /**
     * Reads a URL.
     *
     * @throws InvalidException naming everything that is wrong with it
     */
    static HttpSettings of(PluginUrl url, AppContext app, Environment environment) throws InvalidException {
        PluginUrl shown = withoutSecrets(url);
        Parameters parameters = Parameters.of("use the URL", shown, url.parameters());
        HttpSettings settings = new HttpSettings(
                UrlTemplate.of(url, Platform.current(), parameters),
                new HttpCredentials(headers(parameters), new Netrc(environment)),
                Network.of(parameters, environment));
        parameters.finish();
        requireEncrypted(url.scheme(), shown, app);
        return settings;
    }

    /**
     * Takes an address that a remote has named, with nothing but what the environment says.
     *
     * @throws InvalidException if no web server can have a file there
     */
    static HttpSettings at(URI address, AppContext app, Environment environment) throws InvalidException {
        String shown = address.getScheme() + "://" + address.getHost() + address.getRawPath();
        Parameters none = Parameters.of("use the address", shown, Map.of());
        if (address.getHost() == null || address.getRawUserInfo() != null) {
            none.complain("it names no host, as https://example.com/app.tar.gz does, or a user as well");
        } else if (address.getPath().isEmpty() || address.getPath().endsWith("/")) {
            none.complain("its path does not end in the name of a file");
        }
        HttpSettings settings = new HttpSettings(
                new WebAddress.Known(address),
                new HttpCredentials(List.of(), new Netrc(environment)),
                Network.of(none, environment));
        none.finish();
        requireEncrypted(address.getScheme(), shown, app);
        return settings;
    }

    private static void requireEncrypted(String scheme, Object shown, AppContext app) throws InvalidException {
        if ("http".equals(scheme) && !app.allowsHttp()) {
            throw new InvalidException(Problem.of(
                    "use the URL",
                    shown,
                    "http:// is not encrypted, so that anybody on the way can change what is deployed",
                    "Use https://, or give --allow-http where the network in between is trusted"));
        }
    }

    /** Returns a URL for people: who wrote a header itself, instead of where it is, must not find it in the log. */
    private static PluginUrl withoutSecrets(PluginUrl url) {
        Map<String, List<String>> shown = new LinkedHashMap<>(url.parameters());
        shown.computeIfPresent("header", (name, values) -> values.stream()
                .map(value -> HttpCredentials.isReference(value) ? value : "***")
                .toList());
        return new PluginUrl(url.scheme(), url.authority(), url.path(), shown);
    }

    private static List<Secret> headers(Parameters parameters) {
        List<Secret> headers = new ArrayList<>();
        for (String reference : parameters.texts("header")) {
            if (HttpCredentials.isReference(reference)) {
                headers.add(Secret.of(reference));
            } else {
                parameters.complain("header", "header says where a header is: env:NAME, file:/path or cred:NAME");
            }
        }
        return headers;
    }
}
