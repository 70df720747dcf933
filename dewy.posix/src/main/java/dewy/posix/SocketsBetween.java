package dewy.posix;

import dewy.api.Registration;
import dewy.api.process.ListeningAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** Sockets of this process that nobody has any more, while somebody is about to listen in their place. Safe for use by several threads. */
final class SocketsBetween {
    private static final Map<ListeningAddress, OpenSocket> KEPT = new HashMap<>();
    private static int wanted;

    private SocketsBetween() {}

    /** Keeps what is closed from now on, until the result is closed. */
    static Registration keep() {
        AtomicBoolean over = new AtomicBoolean();
        synchronized (SocketsBetween.class) {
            wanted++;
        }
        return () -> {
            if (over.compareAndSet(false, true)) {
                release();
            }
        };
    }

    private static synchronized void release() {
        if (--wanted == 0) {
            KEPT.values().forEach(OpenSocket::close);
            KEPT.clear();
        }
    }

    static synchronized boolean areWanted() {
        return wanted > 0;
    }

    /** Takes what is left of a socket; where nobody is about to listen any more, that is closed. */
    static synchronized void put(OpenSocket left) {
        OpenSocket other = wanted > 0 ? KEPT.put(left.address(), left) : left;
        if (other != null) {
            other.close();
        }
    }

    /** Returns the one at an address, which is the caller's from then on. */
    static synchronized Optional<OpenSocket> take(ListeningAddress address) {
        return Optional.ofNullable(KEPT.remove(address));
    }
}
