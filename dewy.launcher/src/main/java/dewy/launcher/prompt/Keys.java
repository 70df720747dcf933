package dewy.launcher.prompt;

import java.io.IOException;
import org.jline.terminal.Attributes;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.jline.utils.NonBlockingReader;
import org.jspecify.annotations.Nullable;

/** Listens to the keys while something goes on, and interrupts it at q or Ctrl-C. */
final class Keys implements AutoCloseable {
    private static final long WAIT_MILLIS = 100;
    private static final int CTRL_C = 3;

    private final Thread worker;
    private volatile boolean closed;
    private @Nullable Thread listener;
    private Runnable restore = () -> {};

    Keys(Thread worker) {
        this.worker = worker;
    }

    void listen(Terminal terminal) {
        Attributes before = Stty.withRetries(terminal::enterRawMode);
        restore = () -> Stty.withRetries(() -> {
            terminal.setAttributes(before);
            return before;
        });
        terminal.handle(Signal.INT, signal -> worker.interrupt());
        Thread thread = new Thread(() -> read(terminal.reader()), "dewy-keys");
        thread.setDaemon(true);
        thread.start();
        listener = thread;
    }

    @Override
    public void close() {
        closed = true;
        Thread thread = listener;
        if (thread == null) {
            return;
        }
        Thread.interrupted(); // The key has done its work; what follows is not to be interrupted.
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        restore.run();
        System.out.println();
    }

    private void read(NonBlockingReader keys) {
        try {
            while (!closed) {
                int key = keys.read(WAIT_MILLIS);
                if (key == 'q' || key == 'Q' || key == CTRL_C || key == NonBlockingReader.EOF) {
                    worker.interrupt();
                    return;
                }
            }
        } catch (IOException e) {
            worker.interrupt(); // The terminal has gone.
        }
    }
}
