package dewy.launcher.prompt;

import java.io.IOError;
import java.util.function.Supplier;

/** What sets the terminal by running {@code stty}. Ctrl-C ends that too when it comes meanwhile; then it is tried again. */
final class TerminalSetting {
    private static final int TRIES = 20;

    private TerminalSetting() {}

    /**
     * Does something that sets the terminal.
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
}
