package dewy.launcher.cli;

import dewy.api.InvalidException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A command line that cannot be understood; its message says why, and where help is. */
public final class CommandLineException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Returns what to tell about values that an app cannot have; those of its options, not the parameters of a URL. */
    public static CommandLineException of(String command, InvalidException e) {
        String all = e.mistakes().stream().map(CommandLineException::words).collect(Collectors.joining("; "));
        return new CommandLineException("cannot use " + all, "dewy " + command);
    }

    private static String words(InvalidException.Mistake mistake) {
        if (mistake.name().isEmpty()) {
            return "the command: " + mistake.why();
        }
        if (mistake.name().equals("run")) {
            return "what stands behind --: " + mistake.why(); // In a file it has this name.
        }
        // A plugin knows its options as parameters of a URL.
        return "--" + mistake.name() + ": " + mistake.why().replaceFirst("^" + Pattern.quote(mistake.name()) + "=", "");
    }

    CommandLineException(String message, String command) {
        super(Character.toLowerCase(message.charAt(0)) + message.substring(1) + "\nSee '" + command + " --help'.");
    }
}
