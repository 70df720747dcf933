package dewy.cache.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import dewy.tck.ServerProgram;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol.Command;

/** A redis-server with a user who may do what {@code docs/urls.md} says, and no more. */
final class RedisServer implements AutoCloseable {
    static final String USER = "dewy";
    static final String PASSWORD = "pw-6rvHcT0sW4zq";
    static final String ADMIN = "admin-bW1kX9";
    /** As in docs/urls.md. */
    static final String RIGHTS =
            "~dewy:* &dewy:* +@read +@write +@connection +@pubsub +@scripting -@admin +wait +role +time +info";

    private final ServerProgram program;
    private final int port;

    private RedisServer(ServerProgram program, int port) {
        this.program = program;
        this.port = port;
    }

    static RedisServer start(Path folder, String... options) throws IOException {
        int port = ServerProgram.freePort();
        return start(folder, port, port, options);
    }

    /**
     * Starts one.
     *
     * @param plain the port without TLS; 0 for none
     * @param port the one at which it is there once it is started
     */
    static RedisServer start(Path folder, int plain, int port, String... options) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "--port", String.valueOf(plain), "--bind", "127.0.0.1", "--save", "", "--dir", folder.toString()));
        arguments.addAll(List.of("--requirepass", ADMIN, "--masterauth", ADMIN));
        arguments.addAll(List.of("--user", USER, "on", ">" + PASSWORD));
        arguments.addAll(List.of(RIGHTS.split(" ", -1)));
        arguments.addAll(List.of(options));
        ServerProgram program = ServerProgram.start(folder, port, "redis-server", arguments.toArray(String[]::new));
        return new RedisServer(program, port);
    }

    int port() {
        return port;
    }

    ServerProgram program() {
        return program;
    }

    /** Asks it as one who may do everything. */
    Object ask(Command command, String... arguments) {
        return ask(
                command,
                Arrays.stream(arguments).map(text -> text.getBytes(UTF_8)).toArray(byte[][]::new));
    }

    Object ask(Command command, byte[]... arguments) {
        DefaultJedisClientConfig config = DefaultJedisClientConfig.builder()
                .serverDefaultProtocol()
                .password(ADMIN)
                .build();
        try (Connection connection = new Connection(new HostAndPort("127.0.0.1", port), config)) {
            connection.sendCommand(command, arguments);
            return connection.getOne();
        }
    }

    String text(Command command, String... arguments) {
        return ask(command, arguments) instanceof byte[] bytes ? new String(bytes, UTF_8) : "";
    }

    void kill() {
        program.kill();
    }

    @Override
    public void close() {
        program.close();
    }
}
