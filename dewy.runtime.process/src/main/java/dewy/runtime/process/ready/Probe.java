package dewy.runtime.process.ready;

import java.io.IOException;
import java.util.Optional;

/** A question to a server over a connection. */
interface Probe {
    Address address();

    /** Returns what is sent to it; nothing where it is asked without a word. */
    byte[] question();

    /** Hears its answer, and returns why the server is not ready, if it is not. */
    Optional<String> hear(Connection connection) throws IOException;
}
