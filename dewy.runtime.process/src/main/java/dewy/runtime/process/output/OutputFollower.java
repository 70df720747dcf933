package dewy.runtime.process.output;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells a growing file line by line, until it is stopped. */
final class OutputFollower implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(OutputFollower.class);
    private static final int BUFFER = 64 << 10;
    private static final long POLL_MILLIS = 100;
    private static final long RETRY_MILLIS = 1_000;

    /** After so many polls without news, an unfinished line is told as it is. */
    private static final int POLLS_TO_FLUSH = 10;

    private final Path file;
    private final OutputSource source;
    private final Lines lines;
    private final PositionFile noted;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    private volatile boolean restWanted;
    private volatile long position;
    private int quietPolls;
    private boolean failing;

    /** Prepares to follow {@code file} from {@code position} on. */
    OutputFollower(Path file, long position, long limit, Consumer<String> sink) {
        this.file = file;
        this.position = position;
        this.source = new OutputSource(file, position, limit);
        this.lines = new Lines(sink);
        this.noted = PositionFile.of(file);
    }

    /** Has it end soon: at once, or when all that there is was told. May be called again to shorten that. */
    void stop(boolean afterTheRest) {
        restWanted = afterTheRest;
        stop.countDown();
    }

    /** Returns up to where whole lines were told. */
    long position() {
        return position;
    }

    @Override
    public void run() {
        try (source) {
            while (!isStopped()) {
                tryStep();
            }
            if (restWanted) {
                tellRest();
            }
            noted.noteNow(position);
        } catch (IOException e) {
            LOG.warn("Output in {} was not followed to its end: {}", file, e.toString());
        }
    }

    private void tryStep() {
        try {
            step();
            failing = false;
        } catch (IOException e) {
            if (!failing) {
                LOG.warn("Cannot follow the output in {}: {}. It is tried again every second", file, e.toString());
            }
            failing = true;
            await(RETRY_MILLIS);
        }
    }

    private void step() throws IOException {
        boolean quiet = !tell();
        noted.note(position);
        long skipped = source.rotateIfFull(quiet && quietPolls > 0);
        if (skipped > 0) {
            LOG.warn("Output in {} comes too fast to follow: skipped {} bytes", file, skipped);
        }
        if (quiet) {
            quietPolls++;
            if (quietPolls == POLLS_TO_FLUSH) {
                lines.flush();
            }
            await(POLL_MILLIS);
        }
    }

    /** Tells what comes next, and returns whether there was anything. */
    private boolean tell() throws IOException {
        int read = source.read(buffer.clear());
        if (source.passedGap()) {
            lines.breakOff();
        }
        if (read == 0) {
            return false;
        }
        quietPolls = 0;
        lines.feed(buffer.flip());
        position = Math.max(0, source.position() - lines.pending());
        return true;
    }

    private void tellRest() throws IOException {
        boolean more = true;
        while (more && restWanted) {
            more = tell();
        }
        lines.flush();
    }

    private boolean isStopped() {
        return stop.getCount() == 0;
    }

    private void await(long millis) {
        try {
            stop.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            stop.countDown();
        }
    }
}
