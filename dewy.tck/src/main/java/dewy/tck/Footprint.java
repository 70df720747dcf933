package dewy.tck;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/**
 * What this process holds.
 *
 * @param threads how many are alive
 * @param descriptors how many are open; 0 where the system does not tell
 */
record Footprint(int threads, int descriptors) {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final Duration LIMIT = Duration.ofSeconds(20);

    static Footprint now() {
        return new Footprint(Thread.getAllStackTraces().size(), openDescriptors());
    }

    /**
     * Waits until no more is held than before, and a little, which whatever else runs here may need. Some of what was let
     * go of is released when it is collected, so that is asked for.
     *
     * @return what is held at last
     */
    static Footprint awaitAtMost(Footprint before, int more) throws InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        Footprint now = now();
        while (now.exceeds(before, more) && System.nanoTime() < deadline) {
            System.gc();
            Thread.sleep(50);
            now = now();
        }
        return now;
    }

    boolean exceeds(Footprint other, int more) {
        return threads > other.threads + more || descriptors > other.descriptors + more;
    }

    private static int openDescriptors() {
        if (!Files.isDirectory(DESCRIPTORS)) {
            return 0;
        }
        try (Stream<Path> open = Files.list(DESCRIPTORS)) {
            return (int) open.count();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
