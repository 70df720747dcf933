package dewy.launcher.cli;

import dewy.api.InvalidException;
import java.util.regex.Pattern;

/** A command line that cannot be understood; its message says why, and where help is. */
public final class CommandLineException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Returns what to tell about values that an app cannot have; those of its options, not the parameters of a URL. */
    public static CommandLineException of(String command, InvalidException e) {
        String why = e.problem().why();
        for (String name : e.names()) {
            // A plugin knows its options as parameters of a URL.
            why = why.replaceAll("(^|; )" + Pattern.quote(name) + "=", "$1");
        }
        return new CommandLineException(
                "cannot use --" + String.join(", --", e.names()) + ": " + why, "dewy " + command);
    }

    CommandLineException(String message, String command) {
        super(Character.toLowerCase(message.charAt(0)) + message.substring(1) + "\nSee '" + command + " --help'.");
    }
}
