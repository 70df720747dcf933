package dewy.artifact.http;

import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.http.ProxyEnvironment;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.Parameters;
import dewy.api.plugin.PluginUrl;
import dewy.api.plugin.Secret;
import dewy.api.release.Platform;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * What a URL and the environment say, checked.
 *
 * @param template where the artifacts are
 * @param credentials what proves who asks
 * @param proxies by which way is asked
 * @param security what connections are secured with, where that is not what Java does anyway
 * @param allowsHttp whether anything may be fetched without encryption
 */
record HttpSettings(
        UrlTemplate template,
        Credentials credentials,
        ProxyEnvironment proxies,
        Optional<SSLContext> security,
        boolean allowsHttp) {
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
                new Credentials(headers(parameters), new Netrc(environment)),
                proxies(parameters, environment),
                security(parameters, environment),
                app.allowsHttp());
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
                .map(value -> SecretHeader.isReference(value) ? value : "***")
                .toList());
        return new PluginUrl(url.scheme(), url.authority(), url.path(), shown);
    }

    private static ProxyEnvironment proxies(Parameters parameters, Environment environment) throws InvalidException {
        try {
            return ProxyEnvironment.of(environment::variable);
        } catch (InvalidException e) {
            parameters.complain(e.problem().on() + ": " + e.problem().why());
            return ProxyEnvironment.of(name -> Optional.empty());
        }
    }

    private static List<SecretHeader> headers(Parameters parameters) {
        List<SecretHeader> headers = new ArrayList<>();
        for (String reference : parameters.texts("header")) {
            if (SecretHeader.isReference(reference)) {
                headers.add(new SecretHeader(Secret.of(reference)));
            } else {
                parameters.complain("header", "header says where a header is: env:NAME, file:/path or cred:NAME");
            }
        }
        return headers;
    }

    private static Optional<SSLContext> security(Parameters parameters, Environment environment) {
        Optional<String> given = parameters.text("ca");
        Optional<String> file = given.or(() -> environment.variable("SSL_CERT_FILE"));
        if (file.isEmpty()) {
            return Optional.empty();
        }
        String who = (given.isPresent() ? "ca=" : "the environment's SSL_CERT_FILE=") + file.get();
        try {
            return Optional.of(TrustedCertificates.and(Path.of(file.get())));
        } catch (IOException | InvalidPathException e) {
            parameters.complain("ca", who + " cannot be read");
        } catch (GeneralSecurityException e) {
            parameters.complain("ca", who + " holds no certificates in PEM");
        }
        return Optional.empty();
    }
}
