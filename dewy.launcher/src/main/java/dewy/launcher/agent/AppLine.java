package dewy.launcher.agent;

import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.control.Agent;
import dewy.api.control.AppDefinition;
import dewy.launcher.cli.CommandLineException;
import dewy.launcher.cli.CommandOption;

/** The app of a command line. */
final class AppLine {
    private AppLine() {}

    /**
     * Has an agent check an app; returns its name.
     *
     * @throws CommandLineException if its options are wrong
     * @throws DewyException if it is something else, or a URL alone, which the failure names
     */
    static String check(Agent agent, AppDefinition app) throws DewyException, CommandLineException {
        try {
            return agent.check(app);
        } catch (InvalidException e) {
            if (e.mistakes().size() > 1 || CommandOption.arePlain(e.names())) {
                throw CommandLineException.of(app.command(), e);
            }
            throw e;
        }
    }
}
