package dewy.posix;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.process.ChildProcess;
import dewy.api.process.ExitStatus;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waiting with a deadline. */
final class Await {
    private static final long SECONDS = 30;

    private Await() {}

    static ExitStatus exit(ChildProcess child) throws Exception {
        return child.exit().get(SECONDS, TimeUnit.SECONDS);
    }

    static void that(BooleanSupplier condition, String description) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(description).isLessThan(deadline);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        }
    }
}
