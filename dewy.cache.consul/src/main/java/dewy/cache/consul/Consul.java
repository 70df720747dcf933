package dewy.cache.consul;

import dewy.api.plugin.AppContext;
import dewy.api.plugin.Parameters;
import dewy.api.plugin.PluginUrl;
import dewy.api.plugin.Secret;
import dewy.http.Environment;
import dewy.http.Network;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;

/**
 * Where Consul is, as a URL names it: {@code consul://host:port/prefix}.
 *
 * @param host the host of an agent, of Consul
 * @param port its port
 * @param tls what connections are secured with; empty where they are not
 * @param token who asks
 * @param datacenter which one is asked; that of the agent where none is named
 * @param keys what all keys of the app begin with; it ends with a slash
 */
record Consul(
        String host,
        int port,
        Optional<SSLContext> tls,
        Optional<Secret> token,
        Optional<String> datacenter,
        String keys) {
    private static final Pattern HOST_AND_PORT =
            Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9._-]+)(?::(\\d{1,5}))?");

    /** Reads a URL; what is wrong with it is told to {@code parameters}. */
    static Consul of(PluginUrl url, AppContext app, Parameters parameters, Environment environment) {
        boolean secured = parameters.flag("tls", false);
        Optional<SSLContext> tls = secured ? Optional.of(tls(parameters, environment)) : Optional.empty();
        Matcher address = HOST_AND_PORT.matcher(url.authority());
        String host = "";
        int port = secured ? 8_501 : 8_500;
        if (address.matches()) {
            host = address.group(1);
            port = address.group(2) == null ? port : Integer.parseInt(address.group(2));
        }
        if (host.isEmpty() || port < 1 || port > 65_535) {
            parameters.complain("\"" + url.authority().replaceFirst(".*@", "") + "\" is not a host, or host:port: write"
                    + " consul://host:port/prefix");
        } else if (!secured && !app.allowsHttp() && !isThisHost(host)) {
            parameters.complain(
                    "tls",
                    "without tls=true anybody on the way can read the token and change what is deployed: use it, or"
                            + " give --allow-http where the network in between is trusted");
        }
        return new Consul(
                host, port, tls, token(parameters), parameters.text("dc"), prefix(url, parameters) + app.name() + "/");
    }

    /** It is made once, since it takes a while. */
    private static SSLContext tls(Parameters parameters, Environment environment) {
        return Network.of(parameters, environment).tls().context().orElseGet(() -> {
            try {
                return SSLContext.getDefault();
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("this Java has no TLS", e);
            }
        });
    }

    private static Optional<Secret> token(Parameters parameters) {
        Optional<String> reference = parameters.text("token");
        if (reference.isPresent() && !reference.get().matches("(env|file|cred):.+")) {
            parameters.complain("token", "token says where the token is: env:NAME, file:/path or cred:NAME");
            return Optional.empty();
        }
        return reference.map(Secret::of);
    }

    private static String prefix(PluginUrl url, Parameters parameters) {
        String path = url.path().replaceAll("^/+|/+$", "");
        if (!path.matches("([A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*)?")) {
            parameters.complain("the prefix \"" + path + "\" is not made of letters, digits and . _ - / alone");
        }
        return path.isEmpty() ? "dewy/" : path + "/";
    }

    private static boolean isThisHost(String host) {
        return host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]");
    }

    String address() {
        return (tls.isPresent() ? "https://" : "http://") + host;
    }

    /** Returns where it is, for people. */
    @Override
    public String toString() {
        return "consul://" + host + ":" + port + "/" + keys;
    }
}
