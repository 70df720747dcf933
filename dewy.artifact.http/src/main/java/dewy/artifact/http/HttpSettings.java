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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a URL and the environment say, checked.
 *
 * @param template where the artifacts are
 * @param credentials what proves who asks
 * @param network by which way is asked
 */
record HttpSettings(UrlTemplate template, HttpCredentials credentials, Network network) {
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
        if ("http".equals(url.scheme()) && !app.allowsHttp()) {
            throw new InvalidException(Problem.of(
                    "use the URL",
                    shown,
                    "http:// is not encrypted, so that anybody on the way can change what is deployed",
                    "Use https://, or give --allow-http where the network in between is trusted"));
        }
        return settings;
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
