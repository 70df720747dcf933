package dewy.artifact.http;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A proxy, as {@code http://user:password@host:port} or {@code host:port} names it.
 *
 * @param authorization the value of the header {@code Proxy-Authorization}
 */
record ProxyServer(String host, int port, Optional<String> authorization) {
    /** Returns the proxy; empty if the text names none that can be talked to. */
    static Optional<ProxyServer> parse(String text) {
        try {
            URI uri = new URI(text.contains("://") ? text : "http://" + text);
            if (!"http".equalsIgnoreCase(uri.getScheme()) || uri.getHost() == null) {
                return Optional.empty();
            }
            Optional<String> user = Optional.ofNullable(uri.getRawUserInfo());
            String host = uri.getHost().replaceAll("[\\[\\]]", "");
            return Optional.of(new ProxyServer(
                    host,
                    uri.getPort() < 0 ? 80 : uri.getPort(),
                    user.map(ProxyServer::decode).map(Credentials::basic)));
        } catch (URISyntaxException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    Proxy proxy() {
        return new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(host, port));
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }

    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
