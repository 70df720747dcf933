package dewy.proxy.caddy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dewy.api.route.Backend;
import dewy.api.route.Listener;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * What Caddy is told, all of it with each change. Each listener has a server for clients, and one within the container for a
 * second try: a request that waits for somebody who serves is held by the configuration of that time, which ends with the next
 * one; it is sent there then, and so to whoever serves by now.
 *
 * <p>A last server, at which nobody listens, names those that are being drained, so that Caddy goes on counting what is on its
 * way to them, and carries the {@link Routes}.
 *
 * @param closesStreamsLate whether it knows how to leave streams alone when it is told something else: Caddy does from 2.7 on
 * @see <a href="https://caddyserver.com/docs/json/">JSON of Caddy</a>
 */
record CaddyConfig(CaddySettings settings, boolean closesStreamsLate) {
    /** Where the first listener is within the container. */
    static final int FIRST_PORT = 8000;

    /** Where plain HTTP is led to TLS. */
    static final int HTTP_PORT = 7999;

    /** Where the routes are in what Caddy tells. */
    static final String ROUTES = "/config/apps/http/servers/draining/routes/0/handle/0/routes";

    private static final int FIRST_AGAIN = 2020;
    private static final String LOOPBACK = "127.0.0.1";
    private static final String STREAM_TIME = "24h";

    /** Returns the port within the container of a listener. */
    static int port(CaddySettings settings, int index) {
        // Who configures Caddy himself says there where it listens.
        int own = settings.listeners().get(index).address().port();
        return settings.ownConfig().isPresent() ? own : FIRST_PORT + index;
    }

    String json(Routes routes) {
        ObjectNode config = JsonNodeFactory.instance.objectNode();
        ObjectNode http = config.putObject("apps").putObject("http");
        http.put("http_port", HTTP_PORT).put("https_port", FIRST_PORT);
        ObjectNode servers = http.putObject("servers");
        List<Listener> listeners = settings.listeners();
        for (int index = 0; index < listeners.size(); index++) {
            List<Backend> backends = routes.of(listeners.get(index).name());
            addClients(servers.putObject(Tally.CLIENTS + index), index, backends);
            if (!backends.isEmpty()) {
                addAgain(servers.putObject(Tally.AGAIN + index), index, backends);
            }
        }
        addDraining(servers.putObject("draining"), routes);
        if (settings.hosting().isEncrypted()) {
            addTls(config.withObject("/apps").putObject("tls"));
        }
        return config.toString();
    }

    private void addClients(ObjectNode server, int index, List<Backend> backends) {
        server.putArray("listen").add(":" + port(settings, index));
        server.putObject("metrics");
        server.putObject("automatic_https").put("disable", !settings.hosting().isEncrypted());
        ObjectNode route = server.putArray("routes").addObject();
        if (settings.hosting().isEncrypted()) {
            ArrayNode hosts = route.putArray("match").addObject().putArray("host");
            settings.hosting().domains().forEach(hosts::add);
        }
        ObjectNode proxy = proxy(route, backends);
        String patience = backends.isEmpty() ? settings.holdTime().toMillis() + "ms" : "2s";
        proxy.withObject("/load_balancing").put("try_duration", patience).put("try_interval", "50ms");
        proxy.putObject("health_checks").putObject("passive").put("fail_duration", "1s");
        ObjectNode again = server.putObject("errors").putArray("routes").addObject();
        if (!backends.isEmpty()) {
            addRepeatable(again.putArray("match").addObject());
        }
        upstream(proxy(again, List.of()), LOOPBACK + ":" + (FIRST_AGAIN + index));
    }

    /** What may have got to a backend is sent again only where that does no harm. */
    private static void addRepeatable(ObjectNode match) {
        match.putArray("method").add("GET").add("HEAD");
        match.putObject("vars").putArray("{http.error.status_code}").add("502").add("503");
    }

    private void addAgain(ObjectNode server, int index, List<Backend> backends) {
        server.putArray("listen").add(LOOPBACK + ":" + (FIRST_AGAIN + index));
        server.putObject("metrics");
        server.putObject("automatic_https").put("disable", true);
        ObjectNode proxy = proxy(server.putArray("routes").addObject(), backends);
        proxy.putArray("trusted_proxies").add(LOOPBACK + "/32");
    }

    private void addDraining(ObjectNode server, Routes routes) {
        server.putArray("listen");
        server.putObject("automatic_https").put("disable", true);
        ObjectNode route = server.putArray("routes").addObject();
        route.putArray("handle").addObject().put("handler", "vars").set("routes", routes.toJson());
        Collection<Backend> all = routes.draining().values();
        if (!all.isEmpty()) {
            proxy(route, List.copyOf(all));
        }
    }

    private ObjectNode proxy(ObjectNode route, List<Backend> backends) {
        ObjectNode proxy = route.withArray("/handle").addObject().put("handler", "reverse_proxy");
        proxy.putArray("upstreams");
        backends.forEach(backend -> upstream(proxy, backend));
        proxy.putObject("transport").put("protocol", "http").put("dial_timeout", "1s");
        if (closesStreamsLate) {
            proxy.put("stream_close_delay", STREAM_TIME);
        }
        return proxy;
    }

    /** One of more weight is there several times: policies by weight are younger than others. */
    private static void upstream(ObjectNode proxy, Backend backend) {
        for (int share = 0; share < backend.weight(); share++) {
            upstream(proxy, backend.address().toString());
        }
    }

    private static void upstream(ObjectNode proxy, String address) {
        proxy.withArray("/upstreams").addObject().put("dial", address);
    }

    private void addTls(ObjectNode tls) {
        Optional<String> issuer = settings.hosting().issuer();
        if (issuer.isPresent()) {
            ObjectNode policy = tls.putObject("automation").putArray("policies").addObject();
            ArrayNode subjects = policy.putArray("subjects");
            settings.hosting().domains().forEach(subjects::add);
            ObjectNode by = policy.putArray("issuers").addObject();
            if (issuer.get().equals("internal")) {
                by.put("module", "internal");
            } else {
                by.put("module", "acme").put("email", issuer.get());
            }
        }
    }
}
