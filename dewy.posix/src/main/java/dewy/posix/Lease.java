package dewy.posix;

import dewy.api.process.DescriptorLease;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;

/** A descriptor that is closed once. */
final class Lease implements DescriptorLease {
    private final int descriptor;
    private final AtomicBoolean closed = new AtomicBoolean();

    Lease(int descriptor) {
        this.descriptor = descriptor;
    }

    @Override
    public int descriptor() {
        return descriptor;
    }

    @Override
    public void close() {
        useOnce(unused -> {});
    }

    /** Uses the descriptor a last time and closes it, unless it was closed before. */
    void useOnce(IntConsumer use) {
        if (closed.compareAndSet(false, true)) {
            use.accept(descriptor);
            CLibrary.close(descriptor);
        }
    }
}
