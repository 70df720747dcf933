package dewy.proxy.caddy;

import dewy.api.InvalidException;
import dewy.api.plugin.Parameters;
import dewy.api.plugin.PluginUrl;
import dewy.api.route.Listener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the URL of the proxy says.
 *
 * @param engine whose containers they are: {@code docker} or {@code podman}
 * @param image what its container is made of
 * @param name what its container is called, where somebody says so
 * @param listeners where clients connect to
 * @param network where it meets the containers of the app
 * @param alias under which these are found there, where somebody says so
 * @param hosting for which names it speaks TLS
 * @param ownConfig what Caddy is told in place of all that
 * @param holdTime how long requests wait while nothing serves
 */
record CaddySettings(
        String engine,
        String image,
        Optional<String> name,
        List<Listener> listeners,
        String network,
        Optional<String> alias,
        Hosting hosting,
        Optional<OwnConfig> ownConfig,
        Duration holdTime) {
    private static final String NAME = "[a-zA-Z0-9][a-zA-Z0-9_.-]*";
    private static final Duration LONGEST_HOLD = Duration.ofHours(1);

    /**
     * For which names Caddy speaks TLS, by certificates that it gets itself.
     *
     * @param domains the names; none for plain HTTP
     * @param issuer who certifies them, where that is not for Caddy to choose: {@code internal} for an authority of its own, or
     *     the mail address for the account with a public one
     * @param httpPort where plain HTTP is led to TLS, and public authorities ask for proof
     */
    record Hosting(List<String> domains, Optional<String> issuer, int httpPort) {
        private static final String DOMAIN = "(\\*\\.)?[a-zA-Z0-9]([a-zA-Z0-9.-]*[a-zA-Z0-9])?";

        static Hosting parse(Parameters parameters) {
            List<String> domains = parameters.texts("domain").stream()
                    .flatMap(text -> List.of(text.split(",", -1)).stream())
                    .map(String::strip)
                    .toList();
            domains.stream()
                    .filter(domain -> !domain.matches(DOMAIN))
                    .forEach(
                            domain -> parameters.complain("domain", "domain=" + domain + " is not the name of a host"));
            Optional<String> issuer = parameters.text("tls");
            if (issuer.filter(text -> !text.matches("internal|[^@\\s]+@[^@\\s]+"))
                    .isPresent()) {
                parameters.complain("tls", "tls=" + issuer.get() + " is neither internal nor a mail address");
            }
            boolean withoutDomain = domains.isEmpty()
                    && (issuer.isPresent() || parameters.text("http-port").isPresent());
            if (withoutDomain) {
                parameters.complain("domain", "tls and http-port are for an app with a domain");
            }
            return new Hosting(domains, issuer, (int) parameters.number("http-port", 0, 65_535, 80));
        }

        boolean isEncrypted() {
            return !domains.isEmpty();
        }
    }

    /**
     * A configuration of one's own.
     *
     * @param text what stands in the file
     * @param type its media type, as Caddy has it
     */
    record OwnConfig(String text, String type) {
        static Optional<OwnConfig> parse(Parameters parameters) {
            Optional<String> file = parameters.text("config");
            if (file.isEmpty()) {
                return Optional.empty();
            }
            for (String other : List.of("domain", "tls", "http-port", "hold-time")) {
                if (parameters.text(other).isPresent()) {
                    parameters.complain(other, other + " is for what Dewy configures, and config replaces that");
                }
            }
            try {
                String text = Files.readString(Path.of(file.get()));
                return Optional.of(new OwnConfig(
                        text,
                        text.isBlank() || text.strip().charAt(0) != '{' || !isJson(text)
                                ? "text/caddyfile"
                                : "application/json"));
            } catch (IOException | IllegalArgumentException e) {
                parameters.complain("config", "config=" + file.get() + " cannot be read: " + e);
                return Optional.empty();
            }
        }

        /** A Caddyfile may begin with a brace as well: with its global options. */
        private static boolean isJson(String text) {
            return text.strip().matches("(?s)\\{\\s*(\"|}).*");
        }
    }

    /**
     * Reads the settings.
     *
     * @throws InvalidException if a parameter is unknown or malformed
     */
    static CaddySettings parse(PluginUrl url) throws InvalidException {
        Parameters parameters = Parameters.of(url);
        if (!url.authority().isEmpty() || !url.path().isEmpty()) {
            parameters.complain("nothing may stand between \"" + url.scheme() + ":\" and \"?\"");
        }
        Hosting hosting = Hosting.parse(parameters);
        Duration holdTime = parameters.duration("hold-time", Duration.ofSeconds(10));
        if (holdTime.compareTo(LONGEST_HOLD) > 0) {
            parameters.complain("hold-time", "hold-time is longer than an hour");
        }
        String engine = parameters.text("engine").orElse("docker");
        if (!engine.matches("docker|podman")) {
            parameters.complain("engine", "engine=" + engine + " is neither docker nor podman");
        }
        CaddySettings settings = new CaddySettings(
                engine,
                parameters.text("image").orElse("caddy:2-alpine"),
                name(parameters, "name"),
                listeners(parameters, hosting.isEncrypted() ? "443" : "80"),
                name(parameters, "network").orElse("dewy-net"),
                name(parameters, "network-alias"),
                hosting,
                OwnConfig.parse(parameters),
                holdTime);
        parameters.finish();
        return settings;
    }

    private static Optional<String> name(Parameters parameters, String parameter) {
        Optional<String> name = parameters.text(parameter);
        if (name.filter(text -> !text.matches(NAME)).isPresent()) {
            parameters.complain(
                    parameter,
                    parameter + "=" + name.get() + " is not made of letters, digits, dots, dashes, underscores");
        }
        return name;
    }

    private static List<Listener> listeners(Parameters parameters, String otherwise) {
        List<String> ports = parameters.texts("port");
        try {
            List<Listener> listeners = Listener.parseList(ports.isEmpty() ? otherwise : String.join(",", ports));
            if (listeners.stream().anyMatch(listener -> listener.address().isUnix())) {
                parameters.complain("port", "a container cannot listen at a unix socket of this host");
            }
            return listeners;
        } catch (InvalidException e) {
            parameters.complain("port", e.problem().why());
            return List.of();
        }
    }
}
