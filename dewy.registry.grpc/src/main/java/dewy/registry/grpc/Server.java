package dewy.registry.grpc;

import dewy.api.plugin.Parameters;
import dewy.api.plugin.PluginUrl;
import dewy.http.Environment;
import dewy.http.Tls;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/**
 * Where a server is, and how it is reached. Equal ones share a connection.
 *
 * @param tls what the connection is secured with; empty where it is not
 */
record Server(String host, int port, Optional<Tls> tls) {
    private static final int USUAL_PORT = 443;

    /** Reads {@code grpc://host:port}; what is wrong with it is told to {@code parameters}. */
    static Server of(PluginUrl url, Parameters parameters, Environment environment) {
        boolean plain = parameters.flag("no-tls", false);
        // Whom the environment trusts may be a long file, which nobody needs then.
        Tls tls = Tls.of(parameters, plain ? name -> Optional.empty() : environment);
        if (plain && (parameters.text("ca").isPresent() || tls.identity().isPresent())) {
            parameters.complain("no-tls", "no-tls=true leaves no use for ca=, cert= and key=");
        }
        Optional<URI> address = address(url);
        if (address.isEmpty()) {
            parameters.complain("it names no server, as grpc://registry.example.com:443 does");
        }
        if (url.path().length() > 1) {
            parameters.complain("it has a path, and a gRPC server has none: " + url.path());
        }
        String host = address.map(URI::getHost).orElse("");
        int port = address.map(URI::getPort).filter(given -> given > 0).orElse(USUAL_PORT);
        return new Server(host, port, plain ? Optional.empty() : Optional.of(tls));
    }

    private static Optional<URI> address(PluginUrl url) {
        try {
            return Optional.of(new URI("grpc://" + url.authority()))
                    .filter(uri -> uri.getHost() != null && uri.getRawUserInfo() == null && uri.getPort() <= 65_535);
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return "grpc://" + host + ":" + port;
    }
}
