package dewy.posix;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import dewy.api.process.ListeningAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has all new connections to an address go to one of the sockets that listen there. Without it the system would spread
 * them, and those that wait at a socket are reset when its process closes it.
 *
 * <p>The members of an SO_REUSEPORT group are numbered in the order of their listen(2); when one leaves, the last takes its
 * number (socket(7)). So a new one is the last, which a trial confirms, since others may have left just then. When the
 * others are gone the number is beyond the group, which the system takes as no filter at all.
 */
final class Steering {
    private static final Logger LOG = LoggerFactory.getLogger(Steering.class);
    private static final int PROGRAM = 16;
    private static final int INSTRUCTION = 8;
    private static final short RETURN_CONSTANT = 6;
    private static final int TRIALS = 3;
    private static final int CONNECT_MILLIS = 500;
    private static final long LOOK = TimeUnit.MILLISECONDS.toNanos(2);
    private static final int LOOKS = 25;
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(50);

    private final OpenSocket own;

    private Steering(OpenSocket own) {
        this.own = own;
    }

    /** Returns when new connections go to a socket that was the last to listen; watches on until it is alone. */
    static void begin(OpenSocket own) {
        Steering steering = new Steering(own);
        int members = steering.members();
        if (members > 1) {
            steering.steer(members);
        }
        Threads.start("dewy-steering-" + own.address().port(), () -> steering.watch(members));
    }

    /** Looks at the sockets, not at their processes: a server that drains closes the one long before it ends. */
    private void watch(int before) {
        int members = before;
        while (members > 1) {
            LockSupport.parkNanos(PAUSE);
            int now = members();
            if (now > members) {
                return; // A newer one steers, and this one is being replaced.
            }
            if (now > 1 && now < members) {
                steer(now);
            }
            members = now;
        }
        own.use(Steering::detach);
    }

    /** Returns how many sockets listen on the address; 0 when this is closed. */
    private int members() {
        return own.use(unused -> {})
                ? ListeningTable.ofTcp().groupOf(own.inode()).size()
                : 0;
    }

    private void steer(int members) {
        int last = members - 1;
        for (int index = last; index >= 0; index--) {
            if (isOwn(index)) {
                return;
            }
        }
        LOG.warn("New connections to {} may still go to the process that is being replaced", own.address());
        attach(last);
    }

    /** Nobody accepts from the own socket yet, so what was steered there waits there. */
    private boolean isOwn(int index) {
        attach(index);
        for (int trial = 0; trial < TRIALS; trial++) {
            if (!arrives()) {
                return false;
            }
        }
        return true;
    }

    private boolean arrives() {
        int before = waiting();
        try (Socket socket = new Socket()) {
            socket.connect(target(own.address()), CONNECT_MILLIS);
            for (int look = 0; look < LOOKS && waiting() <= before; look++) {
                LockSupport.parkNanos(LOOK);
            }
            return waiting() > before;
        } catch (IOException e) {
            return false;
        }
    }

    private int waiting() {
        return ListeningTable.ofTcp().waiting(own.inode());
    }

    private static InetSocketAddress target(ListeningAddress address) throws IOException {
        // Where no host is named, all addresses of this host will do.
        InetAddress host =
                address.host().isEmpty() ? InetAddress.getLoopbackAddress() : InetAddress.getByName(address.host());
        return new InetSocketAddress(host, address.port());
    }

    private void attach(int index) {
        own.use(descriptor -> {
            try (Memory memory = new Memory(PROGRAM + INSTRUCTION)) {
                memory.clear();
                memory.setShort(0, (short) 1);
                memory.setLong(Long.BYTES, Pointer.nativeValue(memory) + PROGRAM);
                memory.setShort(PROGRAM, RETURN_CONSTANT);
                memory.setInt(PROGRAM + (long) Integer.BYTES, index);
                LinuxLibrary.setsockopt(
                        descriptor, Constants.SOL_SOCKET, Constants.SO_ATTACH_REUSEPORT_CBPF, memory, PROGRAM);
            }
        });
    }

    private static void detach(int descriptor) {
        CLibrary.setsockopt(
                descriptor, Constants.SOL_SOCKET, Constants.SO_DETACH_REUSEPORT_BPF, new int[1], Integer.BYTES);
    }
}
