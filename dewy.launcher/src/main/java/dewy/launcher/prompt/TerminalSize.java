package dewy.launcher.prompt;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jline.terminal.Size;

/** Asks {@code stty} for the size of the terminal, without taking it over. */
final class TerminalSize {
    private static final int LIMIT_SECONDS = 2;

    private TerminalSize() {}

    /** Returns the size, 0 by 0 when it cannot be told. */
    static Size read() {
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
