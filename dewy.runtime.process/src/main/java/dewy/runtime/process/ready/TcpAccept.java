package dewy.runtime.process.ready;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * A server is ready when it accepts a connection, and does not close it at once.
 *
 * @param address where
 */
record TcpAccept(Address address) implements Readiness, Probe {
    private static final Duration AT_ONCE = Duration.ofMillis(200);

    @Override
    public Waiting prepare(Means means) {
        return new ProbeLoop(this);
    }

    @Override
    public byte[] question() {
        return new byte[0];
    }

    @Override
    public Optional<String> hear(Connection connection) throws IOException {
        return connection.staysOpen(AT_ONCE) ? Optional.empty() : Optional.of("closed the connection at once");
    }
}
