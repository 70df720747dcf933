package dewy.runtime.process.ready;

import java.io.IOException;
import java.util.Optional;

/** A question to a server over a connection. */
interface Probe {
    Address address();

    /** Asks, and returns why the server is not ready, if it is not. */
    Optional<String> ask(Connection connection) throws IOException;
}
