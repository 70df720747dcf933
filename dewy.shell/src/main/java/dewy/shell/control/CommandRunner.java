package dewy.shell.control;

import java.io.IOException;

/** Runs what clients ask for. */
@FunctionalInterface
interface CommandRunner {
    /**
     * Runs a command.
     *
     * @param user who asks
     * @param screen where its output goes
     * @return the exit code
     * @throws IOException if the client has gone
     */
    int run(Request request, String user, ClientScreen screen) throws IOException;
}
