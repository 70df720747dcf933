package dewy.cache.consul;

import dewy.api.plugin.AppContext;
import dewy.api.plugin.Parameters;
import dewy.api.plugin.PluginUrl;
import dewy.api.plugin.Secret;
import dewy.http.Environment;
import dewy.http.Network;
import dewy.keyvalue.ServerAddress;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * Where Consul is, as a URL names it: {@code consul://host:port/prefix}.
 *
 * @param address that of an agent, of Consul
 * @param tls what connections are secured with; empty where they are not
 * @param token who asks
 * @param datacenter which one is asked; that of the agent where none is named
 * @param keys what all keys of the app begin with; it ends with a slash
 */
record Consul(
        ServerAddress address,
        Optional<SSLContext> tls,
        Optional<Secret> token,
        Optional<String> datacenter,
        String keys) {
    /** Stands for an address that is refused. */
    private static final ServerAddress NOWHERE = new ServerAddress("", 0);

    /** Reads a URL; what is wrong with it is told to {@code parameters}. */
    static Consul of(PluginUrl url, AppContext app, Parameters parameters, Environment environment) {
        boolean secured = parameters.flag("tls", false);
        // It is made once, since it takes a while.
        Optional<SSLContext> tls =
                secured ? Optional.of(Network.of(parameters, environment).tls().contextOrDefault()) : Optional.empty();
        Optional<ServerAddress> address = ServerAddress.parse(url.authority(), secured ? 8_501 : 8_500);
        if (address.isEmpty()) {
            parameters.complain("\"" + url.authority().replaceFirst(".*@", "") + "\" is not a host, or host:port: write"
                    + " consul://host:port/prefix");
        } else if (!secured && !app.allowsHttp() && !address.get().isThisHost()) {
            parameters.complain(
                    "tls",
                    "without tls=true anybody on the way can read the token and change what is deployed: use it, or"
                            + " give --allow-http where the network in between is trusted");
        }
        return new Consul(
                address.orElse(NOWHERE),
                tls,
                parameters.reference("token", "the token"),
                parameters.text("dc"),
                prefix(url, parameters) + app.name() + "/");
    }

    private static String prefix(PluginUrl url, Parameters parameters) {
        String path = url.path().replaceAll("^/+|/+$", "");
        if (!path.matches("([A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*)?")) {
            parameters.complain("the prefix \"" + path + "\" is not made of letters, digits and . _ - / alone");
        }
        return path.isEmpty() ? "dewy/" : path + "/";
    }

    /** Returns where the agent is, without its port. */
    String agent() {
        return (tls.isPresent() ? "https://" : "http://") + address.urlHost();
    }

    /** Returns where it is, for people. */
    @Override
    public String toString() {
        return "consul://" + address + "/" + keys;
    }
}
