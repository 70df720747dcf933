package dewy.runtime.process;

import dewy.tck.ServerProgram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Objects;

/** The server of the tests: it accepts on the sockets it inherits, and stops gracefully. */
final class PythonServer {
    private PythonServer() {}

    static String[] command() {
        return new String[] {"python3", file("server.py")};
    }

    /** Returns where a script of the tests is. */
    static String file(String name) {
        try {
            return Path.of(Objects.requireNonNull(PythonServer.class.getResource(name))
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    /** Returns a port of the loopback address on which nobody listens. */
    static int freePort() {
        try {
            return ServerProgram.freePort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
