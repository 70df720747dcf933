package dewy.shell.command;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Shows things at a prompt of this process, whose viewer leaves by interrupting the thread.
 *
 * @param out where they are shown
 * @param goesOn is told when the command goes on until then
 */
record ConsoleScreen(PrintStream out, Runnable goesOn) implements Screen {
    @Override
    public void write(String text) throws IOException {
        out.print(text);
        out.flush();
        if (out.checkError()) {
            throw new IOException("the output is closed");
        }
    }

    @Override
    public void live() {
        goesOn.run();
    }

    @Override
    public boolean pause(Duration length) {
        try {
            TimeUnit.NANOSECONDS.sleep(length.toNanos());
            return true;
        } catch (InterruptedException e) {
            return false; // The interruption was meant for this command alone.
        }
    }
}
