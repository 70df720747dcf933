package dewy.shell.command;

/** A command was used in a way that it does not know. */
final class UsageException extends Exception {
    private static final long serialVersionUID = 1L;

    UsageException(String command, String why) {
        super("cannot run " + command + ": " + why + (why.endsWith("?") ? "" : ".") + " Try: " + command + " --help");
    }
}
