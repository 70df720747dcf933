package dewy.cache.redis;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.NotFoundException;
import dewy.api.Problem;
import dewy.api.UnreachableException;
import dewy.keyvalue.ServerAddress;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import redis.clients.jedis.Protocol.Command;

/**
 * Finds the primary, and connects to it. Each call has a connection of its own and nothing is kept in between: so nothing is
 * out of date after a failover, a request is never sent on a connection that may have died unnoticed, and an agent at rest
 * costs the server nothing. Safe for use by several threads.
 */
final class Redis {
    private final RedisSettings settings;
    /** The server of a cluster that had the keys when it was asked last. */
    private volatile Optional<ServerAddress> last = Optional.empty();

    Redis(RedisSettings settings) {
        this.settings = settings;
    }

    RedisSettings settings() {
        return settings;
    }

    /**
     * Connects to the primary.
     *
     * @param tried what it is for, as a verb phrase that follows "cannot"
     */
    Session open(Call call, String tried) throws DewyException {
        call.check();
        RedisSettings.Topology topology = settings.topology();
        if (topology instanceof RedisSettings.Topology.Cluster) {
            return openClustered(call, tried);
        }
        return openPrimary(
                call,
                tried,
                topology instanceof RedisSettings.Topology.Sentinel sentinel
                        ? primary(call, tried, sentinel)
                        : settings.servers().get(0));
    }

    /** Notes that a server of a cluster has the keys. */
    Session redirected(Call call, String tried, ServerAddress address) throws DewyException {
        Session session = connect(call, tried, address);
        last = Optional.of(address);
        return session;
    }

    private Session openClustered(Call call, String tried) throws DewyException {
        Set<ServerAddress> candidates = new LinkedHashSet<>(last.stream().toList());
        candidates.addAll(settings.servers());
        Optional<UnreachableException> failure = Optional.empty();
        for (ServerAddress candidate : candidates) {
            try {
                return connect(call, tried, candidate);
            } catch (UnreachableException e) {
                failure = Optional.of(e);
            }
        }
        throw failure.orElseThrow();
    }

    private Session openPrimary(Call call, String tried, ServerAddress address) throws DewyException {
        Session session = connect(call, tried, address);
        try {
            session.requirePrimary();
            return session;
        } catch (DewyException e) {
            session.close();
            throw e;
        }
    }

    /** Asks one Sentinel after the other; the first that knows is believed. */
    private ServerAddress primary(Call call, String tried, RedisSettings.Topology.Sentinel sentinel)
            throws DewyException {
        Optional<UnreachableException> failure = Optional.empty();
        boolean answered = false;
        for (ServerAddress address : settings.servers()) {
            try {
                Optional<ServerAddress> primary = ask(call, tried, sentinel, address);
                if (primary.isPresent()) {
                    return primary.get();
                }
                answered = true;
            } catch (UnreachableException e) {
                failure = Optional.of(e);
            }
        }
        if (!answered && failure.isPresent()) {
            throw failure.get();
        }
        throw new NotFoundException(Problem.of(
                tried,
                settings,
                "no Sentinel knows a primary named " + sentinel.master(),
                "Name it as in \"sentinel monitor NAME …\" of sentinel.conf"));
    }

    private Optional<ServerAddress> ask(
            Call call, String tried, RedisSettings.Topology.Sentinel sentinel, ServerAddress address)
            throws DewyException {
        try (Session session = Session.connect(call, this, tried, address, sentinel.login(), 0)) {
            Object answer = session.ask(
                    Command.SENTINEL, Session.bytes("get-master-addr-by-name"), Session.bytes(sentinel.master()));
            if (answer instanceof List<?> parts
                    && parts.size() == 2
                    && parts.get(0) instanceof byte[] host
                    && parts.get(1) instanceof byte[] port) {
                return Optional.of(new ServerAddress(
                        new String(host, StandardCharsets.UTF_8),
                        Integer.parseInt(new String(port, StandardCharsets.UTF_8))));
            }
            return Optional.empty();
        }
    }

    private Session connect(Call call, String tried, ServerAddress address) throws DewyException {
        return Session.connect(call, this, tried, address, settings.login(), settings.database());
    }
}
