package dewy.http;

import dewy.api.InvalidException;
import dewy.api.Problem;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * Where a proxy is.
 *
 * @param authorization the value of the header {@code Proxy-Authorization}
 */
record ProxyAddress(String host, int port, Optional<String> authorization) {
    private static final int USUAL_PORT = 80;

    /** Reads {@code http://user:password@host:port}; the scheme may be left out. */
    static ProxyAddress parse(String variable, String text) throws InvalidException {
        try {
            URI uri = new URI(text.contains("://") ? text : "http://" + text);
            if (!"http".equalsIgnoreCase(uri.getScheme())) {
                throw invalid(variable, "it is not a proxy of the scheme http, the only one that can be used");
            }
            if (uri.getHost() != null) {
                int port = uri.getPort() < 0 ? USUAL_PORT : uri.getPort();
                return new ProxyAddress(
                        uri.getHost(),
                        port,
                        Optional.ofNullable(uri.getRawUserInfo()).map(ProxyAddress::basic));
            }
        } catch (URISyntaxException | IllegalArgumentException e) {
            // Told below; the exception would quote what may hold a password.
        }
        throw invalid(variable, "it is not an address such as http://proxy.example.com:3128");
    }

    String name() {
        return host + ":" + port;
    }

    @Override
    public String toString() {
        return (authorization.isPresent() ? "***@" : "") + name();
    }

    private static String basic(String userInfo) {
        int colon = userInfo.indexOf(':');
        String user = decode(colon < 0 ? userInfo : userInfo.substring(0, colon));
        String password = colon < 0 ? "" : decode(userInfo.substring(colon + 1));
        byte[] both = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(both);
    }

    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static InvalidException invalid(String variable, String why) {
        String advice = "Write it as http://host:port, or http://user:password@host:port with percent escapes";
        return new InvalidException(Problem.of("use the proxy of", "the environment's " + variable, why, advice));
    }
}
