package dewy.launcher.cli;

/** A command line that cannot be understood; its message says why, and where help is. */
public final class CommandLineException extends Exception {
    private static final long serialVersionUID = 1L;

    CommandLineException(String message, String command) {
        super(Character.toLowerCase(message.charAt(0)) + message.substring(1) + "\nSee '" + command + " --help'.");
    }
}
