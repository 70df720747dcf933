package dewy.cache.redis;

import dewy.api.plugin.AppContext;
import dewy.api.plugin.Parameters;
import dewy.api.plugin.PluginUrl;
import dewy.api.plugin.Secret;
import dewy.http.Environment;
import dewy.http.Network;
import dewy.keyvalue.ServerAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * What a URL says of where Redis is: {@code redis://[user@]host:port/database}, or {@code rediss://} with TLS.
 *
 * @param servers where to ask, in that order
 * @param topology what these are
 * @param login who asks the primary
 * @param database its number
 * @param tls what connections are secured with; empty where they are not
 * @param keys what the names of all keys of the app begin with, with a hash tag, so that they are on one server
 */
record RedisSettings(
        List<ServerAddress> servers,
        Topology topology,
        Login login,
        int database,
        Optional<SSLContext> tls,
        String keys) {
    /** How the primary is found among the servers that a URL names. */
    sealed interface Topology {
        /** Returns whether another server may become the primary. */
        default boolean failsOver() {
            return !(this instanceof Single);
        }

        /** It is the only one. */
        record Single() implements Topology {}

        /** They are Sentinels, which know it by the name of its group, and ask for a login of their own. */
        record Sentinel(String master, Login login) implements Topology {}

        /** They are some of a cluster, of which one has all keys of an app. */
        record Cluster() implements Topology {}
    }

    private static final int PORT = 6_379;
    private static final int SENTINEL_PORT = 26_379;

    RedisSettings {
        servers = List.copyOf(servers);
    }

    /** Reads a URL; what is wrong with it is told to {@code parameters}. */
    static RedisSettings of(PluginUrl url, AppContext app, Parameters parameters, Environment environment) {
        Topology topology = topology(parameters);
        String authority = url.authority();
        int at = authority.lastIndexOf('@');
        List<ServerAddress> servers = servers(authority.substring(at + 1), topology, parameters);
        boolean secured = url.scheme().equals("rediss");
        // It is made once, since it takes a while.
        Optional<SSLContext> tls =
                secured ? Optional.of(Network.of(parameters, environment).tls().contextOrDefault()) : Optional.empty();
        if (!secured && !app.allowsHttp() && !servers.stream().allMatch(ServerAddress::isThisHost)) {
            parameters.complain("redis:// is not encrypted, so that anybody on the way can read the password and change"
                    + " what is deployed: use rediss://, or give --allow-http where the network in between is trusted");
        }
        return new RedisSettings(
                servers,
                topology,
                new Login(user(authority, at, parameters), parameters.reference("password", "the password")),
                database(url.path(), topology, parameters),
                tls,
                prefix(parameters) + ":{" + app.name() + "}:");
    }

    private static Topology topology(Parameters parameters) {
        Optional<String> master = parameters.text("sentinel");
        Optional<String> user = parameters.text("sentinel-user");
        Optional<Secret> password = parameters.reference("sentinel-password", "the password");
        boolean cluster = parameters.flag("cluster", false);
        if (master.isPresent() && cluster) {
            parameters.complain("cluster", "cluster and sentinel= exclude each other");
        }
        if (master.isEmpty() && (user.isPresent() || password.isPresent())) {
            parameters.complain("sentinel", "sentinel-user and sentinel-password are of no use without sentinel=");
        }
        if (master.isPresent()) {
            if (!master.get().matches("[A-Za-z0-9._-]+")) {
                parameters.complain(
                        "sentinel", "sentinel=" + master.get() + " is not the name of a primary, such as mymaster");
            }
            return new Topology.Sentinel(master.get(), new Login(user, password));
        }
        return cluster ? new Topology.Cluster() : new Topology.Single();
    }

    private static List<ServerAddress> servers(String hosts, Topology topology, Parameters parameters) {
        int port = topology instanceof Topology.Sentinel ? SENTINEL_PORT : PORT;
        List<ServerAddress> servers = new ArrayList<>();
        for (String host : hosts.split(",", -1)) {
            ServerAddress.parse(host, port)
                    .ifPresentOrElse(
                            servers::add,
                            () -> parameters.complain(
                                    "\"" + host + "\" is not a host, or host:port: write redis://host:port/0"));
        }
        if (topology instanceof Topology.Single && servers.size() > 1) {
            parameters.complain("of several hosts it has to be said what they are: with sentinel=NAME Sentinels, with"
                    + " cluster some of a cluster");
        }
        return servers;
    }

    private static Optional<String> user(String authority, int at, Parameters parameters) {
        String user = at < 0 ? "" : authority.substring(0, at);
        if (user.contains(":")) {
            parameters.complain(
                    "password",
                    "a password has no place in a URL: say where it is, with password=env:NAME,"
                            + " password=file:/path or password=cred:NAME");
            return Optional.empty();
        }
        return Optional.of(user).filter(name -> !name.isEmpty());
    }

    private static int database(String path, Topology topology, Parameters parameters) {
        String number = path.replaceFirst("^/", "");
        if (number.isEmpty()) {
            return 0;
        }
        if (!number.matches("\\d{1,5}")) {
            parameters.complain("\"" + path + "\" is not the number of a database, such as /0");
            return 0;
        }
        int database = Integer.parseInt(number);
        if (topology instanceof Topology.Cluster && database > 0) {
            parameters.complain("a cluster has the database 0 alone");
        }
        return database;
    }

    private static String prefix(Parameters parameters) {
        String prefix = parameters.text("prefix").orElse("dewy");
        if (!prefix.matches("[A-Za-z0-9._:-]{1,100}")) {
            parameters.complain(
                    "prefix", "prefix=" + prefix + " is not made of up to 100 letters, digits and . _ - : alone");
        }
        return prefix;
    }

    /** Returns where Redis is, for people. */
    @Override
    public String toString() {
        String hosts =
                String.join(",", servers.stream().map(ServerAddress::toString).toList());
        String scheme = tls.isPresent() ? "rediss://" : "redis://";
        return scheme + hosts + "/" + database;
    }
}
