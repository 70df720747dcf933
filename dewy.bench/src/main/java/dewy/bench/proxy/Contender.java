package dewy.bench.proxy;

import dewy.bench.proxy.Case.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A proxy that runs, in front of the backend. */
interface Contender {
    /** Linux counts the time of processes in these. */
    long MICROS_A_TICK = 10_000;

    String title();

    /** Returns whether it can be asked in that way. */
    boolean speaks(Mode mode);

    /** Returns its port of the loopback interface. */
    int port(Mode mode);

    /** Returns its processes. */
    List<ProcessHandle> processes();

    /** Has it do what it does besides, until that is closed. */
    default AutoCloseable busy() {
        return () -> {};
    }

    /** Returns the processor's time that it has taken, in user and in kernel mode, in microseconds. */
    default long processorMicros() throws IOException {
        long ticks = 0;
        for (ProcessHandle process : processes()) {
            String stat = Files.readString(Path.of("/proc", "" + process.pid(), "stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            ticks += Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
        }
        return ticks * MICROS_A_TICK;
    }

    /** Returns its resident memory in megabytes; what several processes share is counted for each. */
    default double residentMegabytes() throws IOException {
        long kilobytes = 0;
        for (ProcessHandle process : processes()) {
            kilobytes += Files.readAllLines(Path.of("/proc", "" + process.pid(), "status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .sum();
        }
        return kilobytes / 1024.0;
    }
}
