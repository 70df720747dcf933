package dewy.shell.control;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** Runs what clients ask for. */
@FunctionalInterface
interface CommandRunner {
    /**
     * Runs a command.
     *
     * @param user who asks
     * @param terminal whether the output goes to a terminal
     * @param out where its output goes
     * @return the exit code
     */
    int run(List<String> command, String user, boolean terminal, OutputStream out) throws IOException;
}
