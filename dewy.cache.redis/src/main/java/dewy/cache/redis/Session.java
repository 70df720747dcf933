package dewy.cache.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.Registration;
import dewy.api.UnreachableException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.ClientSetInfoConfig;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.exceptions.JedisMovedDataException;

/**
 * A connection for one call, with whose end it breaks. What is asked is asked once: a request whose answer did not come may
 * have been done. For one thread.
 */
final class Session implements AutoCloseable {
    /** How long a connection may take. */
    private static final Duration LONGEST_CONNECTING = Duration.ofSeconds(10);

    /** How long an answer may take, and each part of it. */
    static final Duration LONGEST_SILENCE = Duration.ofSeconds(30);

    private final Call call;
    private final Redis redis;
    private final String tried;
    private Address address;
    private Connection connection;
    private Registration breaking;

    private Session(Call call, Redis redis, String tried, Address address, Wire wire) {
        this.call = call;
        this.redis = redis;
        this.tried = tried;
        this.address = address;
        this.connection = wire.connection();
        this.breaking = wire.breaking();
    }

    /** A connection, and what breaks it. */
    private record Wire(Connection connection, Registration breaking) {}

    static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    /** Connects and logs in. */
    static Session connect(Call call, Redis redis, String tried, Address address, Login login, int database)
            throws DewyException {
        call.check();
        RedisFailure failure = new RedisFailure(call, tried, redis.settings(), address, login);
        Socket plain = new Socket();
        Registration breaking = call.onCancel(() -> close(plain));
        try {
            JedisClientConfig config = config(login, database);
            Connection connection = new Connection(() -> socket(call, redis.settings(), address, plain), config);
            return new Session(call, redis, tried, address, new Wire(connection, breaking));
        } catch (JedisException e) {
            breaking.close();
            close(plain);
            throw failure.of(e, false);
        }
    }

    private static JedisClientConfig config(Login login, int database) throws DewyException {
        DefaultJedisClientConfig.Builder config = DefaultJedisClientConfig.builder()
                .serverDefaultProtocol()
                .database(database)
                .clientSetInfoConfig(ClientSetInfoConfig.DISABLED);
        login.user().ifPresent(config::user);
        if (login.password().isPresent()) {
            config.password(login.password().get().reveal());
        }
        return config.build();
    }

    private static Socket socket(Call call, RedisSettings settings, Address address, Socket plain) {
        try {
            int limit = millis(call, LONGEST_CONNECTING);
            plain.setTcpNoDelay(true);
            plain.setKeepAlive(true);
            plain.connect(new InetSocketAddress(address.host(), address.port()), limit);
            plain.setSoTimeout(limit);
            Socket socket = settings.tls().isPresent() ? secured(settings, address, plain) : plain;
            socket.setSoTimeout((int) LONGEST_SILENCE.toMillis());
            return socket;
        } catch (IOException e) {
            throw new JedisConnectionException(e);
        }
    }

    private static Socket secured(RedisSettings settings, Address address, Socket plain) throws IOException {
        SSLSocket socket = (SSLSocket) settings.tls()
                .orElseThrow()
                .getSocketFactory()
                .createSocket(plain, address.host(), address.port(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS"); // The certificate has to be for this host.
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    private static int millis(Call call, Duration most) {
        Duration left = call.remaining();
        return (int) Math.max(1, (left.compareTo(most) < 0 ? left : most).toMillis());
    }

    void check() throws DewyException {
        call.check();
    }

    /** Runs a script, which does everything in one step or, where it is at the wrong server, nothing. */
    @Nullable
    Object run(Script script, List<String> keys, byte[]... arguments) throws DewyException {
        return ask(Command.EVAL, script.request(keys, arguments));
    }

    /** Asks for something. */
    @Nullable
    Object ask(Command command, byte[]... arguments) throws DewyException {
        for (int redirects = 0; ; redirects++) {
            call.check();
            try {
                connection.sendCommand(command, arguments);
                return connection.getOne();
            } catch (JedisMovedDataException e) {
                if (redirects == 3) {
                    throw failure().of(e, false);
                }
                follow(e.getTargetNode());
            } catch (JedisException e) {
                throw failure().of(e, true);
            }
        }
    }

    /** Returns the next message of a channel that was subscribed to. */
    @Nullable
    Object next() throws DewyException {
        try {
            return connection.getUnflushedObject();
        } catch (JedisException e) {
            throw failure().of(e, false);
        }
    }

    void awaitMessagesFor(Duration silence) {
        connection.setSoTimeout((int) silence.toMillis());
    }

    /** What a replica has may be old. A Sentinel may not have heard yet that another server is the primary now. */
    void requirePrimary() throws DewyException {
        Object role = ask(Command.ROLE);
        boolean primary = role instanceof List<?> parts
                && !parts.isEmpty()
                && parts.get(0) instanceof byte[] name
                && new String(name, UTF_8).equals("master");
        if (!primary) {
            throw new UnreachableException(Problem.of(
                    tried,
                    redis.settings(),
                    address + " is a replica",
                    "Name the primary; after a failover it is tried again"));
        }
    }

    /**
     * Waits until replicas have confirmed what was changed over this connection.
     *
     * @param replicas how many
     * @param limit how long to wait
     */
    void awaitReplicas(int replicas, Duration limit) throws DewyException {
        if (replicas == 0) {
            return;
        }
        byte[] millis = bytes(String.valueOf(millis(call, limit)));
        Object confirmed = ask(Command.WAIT, bytes(String.valueOf(replicas)), millis);
        if (!(confirmed instanceof Long number) || number < replicas) {
            throw new UnreachableException(Problem.of(
                    tried,
                    redis.settings(),
                    "it was done, but only " + confirmed + " of " + replicas + " replicas confirmed it within "
                            + limit.toMillis() + " ms, so that a failover may undo it",
                    "Check the replicas of " + address + ", or ask for fewer with replicas="));
        }
    }

    private void follow(HostAndPort target) throws DewyException {
        close();
        String host = target.getHost().isEmpty() ? address.host() : target.getHost();
        Session there = redis.redirected(call, tried, new Address(host, target.getPort()));
        address = there.address;
        connection = there.connection;
        breaking = there.breaking;
    }

    private RedisFailure failure() {
        return new RedisFailure(
                call, tried, redis.settings(), address, redis.settings().login());
    }

    Optional<String> text(@Nullable Object answer) {
        return answer instanceof byte[] bytes ? Optional.of(new String(bytes, UTF_8)) : Optional.empty();
    }

    @Override
    public void close() {
        breaking.close();
        try {
            connection.forceDisconnect();
        } catch (IOException | JedisException e) {
            // Nobody waits for anything on it any more.
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // Whoever uses it is told by its next read.
        }
    }
}
