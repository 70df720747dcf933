package dewy.launcher;

import java.io.Console;
import java.lang.reflect.Method;

/** Tells whether a person sits at the other end. */
public final class Terminal {
    private Terminal() {}

    /** Returns whether standard input and output are a terminal. */
    @SuppressWarnings("SystemConsoleNull") // Newer versions are asked below.
    public static boolean isInteractive() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            // Since Java 22 there is a console without a terminal too, and this method to tell.
            Method isTerminal = Console.class.getMethod("isTerminal");
            return (Boolean) isTerminal.invoke(console);
        } catch (NoSuchMethodException e) {
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }
}
