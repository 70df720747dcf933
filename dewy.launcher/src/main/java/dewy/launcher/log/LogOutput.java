package dewy.launcher.log;

import dewy.api.Registration;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;

/**
 * Where the log goes: standard output, or above a line that is being typed. Each write is a whole record. Safe for use by
 * several threads.
 */
public final class LogOutput extends OutputStream {
    private static final int MOST_WAITING = 1_000;

    /** As it was before Gogo has it lead to whoever gave the command that a thread is at: the log would lack what such threads tell. */
    private static final PrintStream OUT = System.out;

    private static Optional<BlockingQueue<String>> above = Optional.empty();

    LogOutput() {}

    /**
     * Has records shown by somebody else from now on, on a thread of its own: whoever shows them may be waiting, with a lock,
     * for somebody who logs.
     */
    public static Registration showBy(Consumer<String> display) {
        BlockingQueue<String> records = new ArrayBlockingQueue<>(MOST_WAITING);
        Thread thread = new Thread(() -> show(records, display), "dewy-prompt-log");
        thread.setDaemon(true);
        thread.start();
        redirect(Optional.of(records));
        return () -> {
            redirect(Optional.empty());
            thread.interrupt();
        };
    }

    private static synchronized void redirect(Optional<BlockingQueue<String>> records) {
        above = records;
    }

    private static synchronized boolean leave(String record) {
        return above.isPresent() && above.get().offer(record);
    }

    private static void show(BlockingQueue<String> records, Consumer<String> display) {
        try {
            while (true) {
                display.accept(records.take());
            }
        } catch (InterruptedException e) {
            records.forEach(LogOutput::print);
        }
    }

    @Override
    public void write(int one) {
        OUT.write(one);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        if (!leave(new String(bytes, offset, length, StandardCharsets.UTF_8))) {
            OUT.write(bytes, offset, length);
        }
    }

    @Override
    public void flush() {
        OUT.flush();
    }

    private static void print(String record) {
        OUT.print(record);
        OUT.flush();
    }
}
