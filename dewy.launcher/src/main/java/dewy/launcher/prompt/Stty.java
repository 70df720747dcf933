package dewy.launcher.prompt;

import java.io.IOError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jline.terminal.Size;

/** What is done with the terminal by running {@code stty}. */
final class Stty {
    private static final int TRIES = 20;
    private static final int LIMIT_SECONDS = 2;

    private Stty() {}

    /**
     * Does something that sets the terminal. Ctrl-C ends the program too when it comes meanwhile; then it is tried again.
     *
     * @throws IOError if it fails again and again
     */
    static <T> T withRetries(Supplier<T> work) {
        for (int left = TRIES; left > 1; left--) {
            try {
                return work.get();
            } catch (IOError e) {
                Thread.interrupted(); // Whoever pressed Ctrl-C meant nothing that is still under way.
            }
        }
        return work.get();
    }

    /** Returns the size of the terminal, which is not taken over; 0 by 0 when it cannot be told. */
    static Size size() {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(ProcessBuilder.Redirect.INHERIT)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String answer = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
            if (stty.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) && answer.matches("\\d{1,5} \\d{1,5}")) {
                String[] rowsAndColumns = answer.split(" ", 2);
                return new Size(Integer.parseInt(rowsAndColumns[1]), Integer.parseInt(rowsAndColumns[0]));
            }
        } catch (IOException e) {
            return new Size(0, 0); // There is no stty.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return new Size(0, 0);
    }
}
