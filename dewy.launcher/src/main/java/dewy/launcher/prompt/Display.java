package dewy.launcher.prompt;

import dewy.api.control.Window;
import dewy.launcher.Terminal;
import java.io.IOException;
import java.util.Locale;
import java.util.stream.Stream;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.Terminal.SignalHandler;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;

/** The terminal that a person sits at, if there is one. Used by one thread. */
public final class Display implements AutoCloseable {
    /** Something that shows things in a window, and tells when it goes on until it is interrupted. */
    public interface Work {
        int run(Window window, Runnable live) throws IOException;
    }

    private static final Size USUAL = new Size(80, 24);

    private final boolean isTerminal;
    private org.jline.terminal.@Nullable Terminal opened;

    private Display(boolean isTerminal) {
        this.isTerminal = isTerminal;
    }

    /** Takes the terminal over at once. */
    public static Display open() throws IOException {
        Display display = new Display(true);
        display.terminal();
        return display;
    }

    /** Takes the terminal over, if there is one, once something goes on; until then Ctrl-C ends the program. */
    public static Display lazy() {
        return new Display(Terminal.isInteractive());
    }

    /** Runs something; Ctrl-C interrupts it, and so does the key q once it tells that it goes on. */
    public int run(Work work) throws IOException {
        org.jline.terminal.Terminal terminal = opened;
        Thread worker = Thread.currentThread();
        SignalHandler before =
                terminal == null ? SignalHandler.SIG_DFL : terminal.handle(Signal.INT, signal -> worker.interrupt());
        try (Keys keys = new Keys(worker)) {
            return work.run(window(), () -> goesOn(keys));
        } finally {
            if (terminal != null) {
                terminal.handle(Signal.INT, before);
            }
            Thread.interrupted(); // It was meant for the work, which is over.
        }
    }

    org.jline.terminal.Terminal terminal() throws IOException {
        org.jline.terminal.Terminal terminal = opened;
        if (terminal == null) {
            terminal = TerminalBuilder.builder()
                    .system(true)
                    .provider("exec")
                    .nativeSignals(true)
                    .signalHandler(SignalHandler.SIG_IGN)
                    .build();
            if (terminal.getWidth() == 0) {
                terminal.setSize(USUAL); // Else nothing could be drawn.
            }
            opened = terminal;
        }
        return terminal;
    }

    @Override
    public void close() throws IOException {
        if (opened != null) {
            opened.close();
        }
    }

    private void goesOn(Keys keys) {
        if (!isTerminal) {
            return;
        }
        try {
            keys.listen(terminal());
        } catch (IOException e) {
            System.err.println("dewy: keys cannot be read: " + e.getMessage() + ". Ctrl-C ends the command");
        }
    }

    private Window window() {
        if (!isTerminal || "dumb".equals(System.getenv("TERM"))) {
            return Window.NONE;
        }
        String noColour = System.getenv("NO_COLOR");
        Size size = opened == null ? Stty.size() : opened.getSize();
        boolean coloured = noColour == null || noColour.isEmpty();
        return new Window(true, coloured, size.getColumns(), size.getRows(), isUnicode());
    }

    /** Returns whether the locale of the terminal has all characters: the first of these variables that is set says so. */
    private static boolean isUnicode() {
        return Stream.of("LC_ALL", "LC_CTYPE", "LANG")
                .map(System::getenv)
                .filter(locale -> locale != null && !locale.isEmpty())
                .findFirst()
                .filter(locale -> locale.toLowerCase(Locale.ROOT).matches(".*utf-?8.*"))
                .isPresent();
    }
}
