package dewy.api.control;

/**
 * Where the output of a command is looked at.
 *
 * @param terminal whether it is a terminal on which text can be drawn anew
 * @param colours whether colours are wanted there
 * @param columns how many characters fit into a line, 0 when that is not known
 * @param rows how many lines it has, 0 when that is not known
 * @param unicode whether it shows all characters, and not only those of ASCII
 */
public record Window(boolean terminal, boolean colours, int columns, int rows, boolean unicode) {
    /** A file, a pipe, a script: no terminal. */
    public static final Window NONE = new Window(false, false, 0, 0, false);
}
