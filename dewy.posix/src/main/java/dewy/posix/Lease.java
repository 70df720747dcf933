package dewy.posix;

import dewy.api.process.DescriptorLease;
import java.util.concurrent.atomic.AtomicBoolean;

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
        if (closed.compareAndSet(false, true)) {
            CLibrary.close(descriptor);
        }
    }
}
