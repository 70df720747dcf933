package dewy.artifact.http;

import java.io.IOException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The proxies that {@code HTTPS_PROXY}, {@code HTTP_PROXY} and {@code NO_PROXY} name; where they name none, those of the
 * JVM's own settings.
 */
final class EnvironmentProxies extends ProxySelector {
    private final Map<String, ProxyServer> servers;
    private final NoProxy direct;

    private EnvironmentProxies(Map<String, ProxyServer> servers, NoProxy direct) {
        this.servers = Map.copyOf(servers);
        this.direct = direct;
    }

    /** Reads the environment; what is wrong with it is told to {@code complain}, without what may be a password. */
    static EnvironmentProxies of(Environment environment, Consumer<String> complain) {
        Map<String, ProxyServer> servers = new LinkedHashMap<>();
        for (String scheme : List.of("https", "http")) {
            environment.inEitherCase(scheme + "_proxy").ifPresent(text -> {
                Optional<ProxyServer> server = ProxyServer.parse(text.strip());
                server.ifPresent(known -> servers.put(scheme, known));
                if (server.isEmpty()) {
                    complain.accept("the environment's " + scheme + "_proxy is no address such as"
                            + " http://user:password@host:port; proxies by https and socks are not supported");
                }
            });
        }
        String direct = environment.inEitherCase("no_proxy").orElse("");
        return new EnvironmentProxies(servers, NoProxy.parse(direct));
    }

    /** Returns the proxy of the environment by which an address is asked. */
    Optional<ProxyServer> serverFor(URI uri) {
        return direct.covers(uri)
                ? Optional.empty()
                : Optional.ofNullable(servers.get(Origin.of(uri).scheme()));
    }

    @Override
    public List<Proxy> select(URI uri) {
        Optional<ProxyServer> server = serverFor(uri);
        if (server.isPresent()) {
            return List.of(server.get().proxy());
        }
        ProxySelector others = ProxySelector.getDefault();
        boolean free = direct.covers(uri) || others == null;
        return free ? List.of(Proxy.NO_PROXY) : others.select(uri);
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException failure) {
        // The request fails, and tells by which proxy it went.
    }
}
