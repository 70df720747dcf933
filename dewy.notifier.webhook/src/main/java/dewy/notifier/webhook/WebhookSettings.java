package dewy.notifier.webhook;

import dewy.api.InvalidException;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.Parameters;
import dewy.api.plugin.PluginUrl;
import dewy.api.plugin.Secret;
import dewy.http.Environment;
import dewy.http.Network;
import dewy.http.Origin;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a URL {@code webhook://host/path?…} says.
 *
 * @param hook where to post
 * @param failure where to post failures, in the format that tells them apart by address
 * @param headers where further headers are, a line each
 * @param token what the service knows the sender by
 * @param secret what bodies are signed with
 * @param network by which way it is asked
 */
record WebhookSettings(
        Hook hook,
        Hook failure,
        Format format,
        List<Secret> headers,
        Optional<Secret> token,
        Optional<Secret> secret,
        Network network) {
    private static final Hook NOWHERE = new Hook.Open(URI.create("https://localhost/"));

    /**
     * Reads a URL.
     *
     * @throws InvalidException naming everything that is wrong with it
     */
    static WebhookSettings of(PluginUrl url, AppContext app, Environment environment) throws InvalidException {
        Parameters parameters = Parameters.of("use the URL", withoutSecrets(url), url.parameters());
        boolean encrypted = parameters.flag("tls", true);
        Optional<Secret> given = reference("url", parameters);
        Hook hook =
                given.isPresent() ? secluded(url, given.get(), app, parameters) : open(url, encrypted, app, parameters);
        Format format = Formats.of(parameters);
        Hook failure = reference("failure-url", parameters)
                .<Hook>map(where -> new Hook.Secluded(where, app.allowsHttp()))
                .orElseGet(() -> new Hook.Below(hook, "/fail"));
        if (!format.tellsByAddress()
                && !url.parameters().getOrDefault("failure-url", List.of()).isEmpty()) {
            parameters.complain("failure-url", "failure-url is for format=ping alone");
        }
        List<Secret> headers = parameters.texts("header").stream()
                .flatMap(text -> reference("header", text, parameters).stream())
                .toList();
        Optional<Secret> token = parameters.secret("token");
        if (token.isEmpty() && !format.sendsTokenAsHeader()) {
            parameters.complain("token", "token is missing: where the routing key is, such as token=env:PAGERDUTY_KEY");
        }
        Optional<Secret> secret = parameters.secret("secret");
        Network network = Network.of(parameters, environment);
        parameters.finish();
        return new WebhookSettings(hook, failure, format, headers, token, secret, network);
    }

    /** Returns a URL for people: who wrote an address itself, instead of where it is, must not find it in the log. */
    private static PluginUrl withoutSecrets(PluginUrl url) {
        Map<String, List<String>> shown = new LinkedHashMap<>(url.parameters());
        for (String name : List.of("url", "failure-url", "header")) {
            shown.computeIfPresent(name, (same, values) -> values.stream()
                    .map(value -> isReference(value) ? value : "***")
                    .toList());
        }
        return new PluginUrl(url.scheme(), url.authority(), url.path(), shown);
    }

    private static Hook secluded(PluginUrl url, Secret where, AppContext app, Parameters parameters) {
        if (!url.authority().isEmpty() || !url.path().isEmpty()) {
            parameters.complain("url", "url says where the whole address is: write webhook:?url=" + where);
        }
        return new Hook.Secluded(where, app.allowsHttp());
    }

    private static Hook open(PluginUrl url, boolean encrypted, AppContext app, Parameters parameters) {
        try {
            String[] place = url.authority().split(":", 2);
            int port = place.length > 1 && !url.authority().startsWith("[") ? Integer.parseInt(place[1]) : -1;
            String host = port < 0 ? url.authority() : place[0];
            String path = url.path().isEmpty() ? "/" : url.path();
            URI address = new URI(encrypted ? "https" : "http", null, host, port, path, null, null);
            if (address.getHost() != null && !url.authority().contains("@") && port < 65_536) {
                if (!encrypted && !app.allowsHttp() && !Origin.of(address).isThisHost()) {
                    parameters.complain(
                            "tls",
                            "tls=false has all be read on the way; leave it out, or start the agent with --allow-http");
                }
                return new Hook.Open(URI.create(address.toASCIIString()));
            }
        } catch (NumberFormatException | URISyntaxException e) {
            // Told below.
        }
        parameters.complain("name the host and the path: webhook://example.com/path, or write webhook:?url=env:NAME");
        return NOWHERE;
    }

    private static Optional<Secret> reference(String name, Parameters parameters) {
        return parameters.text(name).flatMap(text -> reference(name, text, parameters));
    }

    private static Optional<Secret> reference(String name, String text, Parameters parameters) {
        if (isReference(text)) {
            return Optional.of(Secret.of(text));
        }
        String what = name.equals("header") ? "a header" : "an address";
        parameters.complain(name, name + " says where " + what + " is: env:NAME, file:/path or cred:NAME");
        return Optional.empty();
    }

    private static boolean isReference(String text) {
        return text.matches("(env|file|cred):.+");
    }
}
