package dewy.shell.command;

import dewy.api.control.Window;
import dewy.view.Words;
import java.time.Instant;

/**
 * Who looks at the answer.
 *
 * @param caller who asks, for the records
 * @param window where the answer is shown
 * @param now the time
 */
public record Viewer(Caller caller, Window window, Instant now) {
    private static final String RESET = "\u001b[0m";

    /** Returns the name of who asks. */
    public String user() {
        return caller.user();
    }

    /** Returns the same viewer at another time. */
    Viewer at(Instant time) {
        return new Viewer(caller, window, time);
    }

    String good(String text) {
        return coloured("\u001b[32m", text);
    }

    String doubtful(String text) {
        return coloured("\u001b[33m", text);
    }

    String bad(String text) {
        return coloured("\u001b[31m", text);
    }

    String faint(String text) {
        return coloured("\u001b[2m", text);
    }

    /** Returns a time as a distance from now: {@code 3m ago}, {@code in 8s}. */
    String relative(Instant time) {
        return Words.relative(time, now);
    }

    /** Returns how long ago a time is: {@code 3m}. */
    String age(Instant time) {
        return Words.age(time, now);
    }

    private String coloured(String colour, String text) {
        return window.colours() ? colour + text + RESET : text;
    }
}
