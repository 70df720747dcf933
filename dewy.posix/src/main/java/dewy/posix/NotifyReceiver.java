package dewy.posix;

import com.sun.jna.Memory;
import dewy.api.process.NotifySocket;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A datagram socket with a thread of its own, which reads from it and closes it. */
final class NotifyReceiver implements NotifySocket {
    private static final Logger LOG = LoggerFactory.getLogger(NotifyReceiver.class);
    /** Longer messages are left out. */
    private static final int LONGEST = 8192;

    private static final int POLLFD_SIZE = 8;
    private static final int POLLFD_EVENTS = 4;
    private static final int FOREVER = -1;

    private final NotifyFolder folder;
    private final Path socket;
    private final int descriptor;
    private final Consumer<Map<String, String>> listener;
    private final Thread thread;
    private volatile boolean closed;

    /** Takes over a bound socket, and its folder. */
    NotifyReceiver(NotifyFolder folder, Path socket, int descriptor, Consumer<Map<String, String>> listener) {
        this.folder = folder;
        this.socket = socket;
        this.descriptor = descriptor;
        this.listener = listener;
        this.thread = Threads.daemon("dewy-notify", this::receive);
    }

    NotifyReceiver start() {
        thread.start();
        return this;
    }

    @Override
    public String address() {
        return socket.toString();
    }

    @Override
    public void close() {
        synchronized (this) {
            if (!closed) {
                closed = true;
                folder.remove();
                // Wakes the thread, which alone closes the descriptor.
                CLibrary.shutdown(descriptor, Constants.SHUT_RDWR);
            }
        }
        awaitThread();
    }

    private void awaitThread() {
        boolean interrupted = false;
        while (thread.isAlive() && thread != Thread.currentThread()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void receive() {
        try (Memory pollfd = new Memory(POLLFD_SIZE);
                Memory buffer = new Memory(LONGEST)) {
            pollfd.clear();
            pollfd.setInt(0, descriptor);
            pollfd.setShort(POLLFD_EVENTS, (short) Constants.POLLIN);
            while (!closed) {
                CLibrary.poll(pollfd, 1, FOREVER);
                receive(buffer);
            }
        } finally {
            synchronized (this) {
                closed = true;
                CLibrary.close(descriptor);
            }
        }
    }

    /** Descriptors that come with a message are closed by the system, because there is no room for them. */
    private void receive(Memory buffer) {
        int flags = Constants.MSG_DONTWAIT | Constants.MSG_TRUNC;
        long length = CLibrary.recv(descriptor, buffer, LONGEST, flags);
        if (length > 0 && length <= LONGEST && !closed) {
            NotifyMessage.parse(buffer.getByteArray(0, (int) length)).ifPresent(this::tell);
        }
    }

    private void tell(Map<String, String> assignments) {
        try {
            listener.accept(assignments);
        } catch (RuntimeException e) {
            LOG.error("A listener failed at {}", assignments.keySet(), e);
        }
    }
}
