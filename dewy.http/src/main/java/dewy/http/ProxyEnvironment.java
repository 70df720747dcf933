package dewy.http;

import dewy.api.InvalidException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The proxies that the environment asks for: {@code HTTPS_PROXY} and {@code HTTP_PROXY}, by the scheme of what is asked,
 * and {@code NO_PROXY}; each in capitals or else in small letters. The JDK's client does not know these variables.
 *
 * <p>Credentials in a proxy's address are sent to it with each request, encrypted targets included, and shown nowhere.
 * Safe for use by several threads.
 */
public record ProxyEnvironment(Optional<ProxyAddress> plain, Optional<ProxyAddress> encrypted, NoProxy without) {
    /** Everything is asked directly. */
    public static final ProxyEnvironment NONE =
            new ProxyEnvironment(Optional.empty(), Optional.empty(), NoProxy.parse(""));

    /** The JDK refuses, unless told otherwise before its client is first used, to send Basic credentials for a tunnel. */
    private static final String REFUSED_IN_TUNNELS = "jdk.http.auth.tunneling.disabledSchemes";

    /**
     * Has the JDK send credentials for tunnels, unless its system property says something. It reads that once, when anything
     * of its HTTP client is first used: whoever starts a process calls this first.
     */
    static void allowCredentialsInTunnels() {
        if (System.getProperty(REFUSED_IN_TUNNELS) == null) {
            System.setProperty(REFUSED_IN_TUNNELS, "");
        }
    }

    /**
     * Reads variables by name.
     *
     * @throws InvalidException naming the variable, not its value, if it holds what cannot be used
     */
    static ProxyEnvironment of(Environment variables) throws InvalidException {
        ProxyEnvironment environment = new ProxyEnvironment(
                address(variables, "HTTP_PROXY"),
                address(variables, "HTTPS_PROXY"),
                NoProxy.parse(variable(variables, "NO_PROXY").orElse("")));
        if (environment.hasAny()) {
            allowCredentialsInTunnels();
        }
        return environment;
    }

    /** Has a client go through the proxies; without any it keeps to the system properties of the JDK. */
    HttpClient.Builder through(HttpClient.Builder client) {
        return hasAny() ? client.proxy(new Selector()) : client;
    }

    /** Adds what the proxy that leads to {@code target} wants to see; the client shows it to nobody else. */
    HttpRequest.Builder authorize(HttpRequest.Builder request, URI target) {
        proxy(target)
                .flatMap(ProxyAddress::authorization)
                .ifPresent(authorization -> request.header("Proxy-Authorization", authorization));
        return request;
    }

    /** Returns the host and port of the proxy that leads to {@code target}, for people; empty where it is asked directly. */
    Optional<String> nameFor(URI target) {
        return proxy(target).map(ProxyAddress::name);
    }

    /** Returns the addresses without credentials. */
    @Override
    public String toString() {
        return "http " + plain + ", https " + encrypted + ", not for " + without;
    }

    private boolean hasAny() {
        return plain.isPresent() || encrypted.isPresent();
    }

    private Optional<ProxyAddress> proxy(URI target) {
        Optional<ProxyAddress> proxy = "https".equalsIgnoreCase(target.getScheme()) ? encrypted : plain;
        return proxy.filter(unused -> target.getHost() != null && !without.covers(target));
    }

    private static Optional<ProxyAddress> address(Environment variables, String name) throws InvalidException {
        Optional<String> value = variable(variables, name);
        return value.isPresent() ? Optional.of(ProxyAddress.parse(name, value.get())) : Optional.empty();
    }

    private static Optional<String> variable(Environment variables, String name) {
        return variables
                .variable(name)
                .filter(value -> !value.isBlank())
                .or(() -> variables.variable(name.toLowerCase(Locale.ROOT)).filter(value -> !value.isBlank()))
                .map(String::strip);
    }

    private final class Selector extends ProxySelector {
        @Override
        public List<Proxy> select(URI target) {
            Optional<ProxyAddress> found = proxy(target);
            return List.of(
                    found.isPresent()
                            ? new Proxy(
                                    Proxy.Type.HTTP,
                                    InetSocketAddress.createUnresolved(
                                            found.get().host(), found.get().port()))
                            : Proxy.NO_PROXY);
        }

        @Override
        public void connectFailed(URI target, SocketAddress proxy, IOException failure) {
            // The request that failed tells it.
        }
    }
}
