package dewy.posix;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a service manager keeps descriptors while the agent is gone, as sd_notify(3) says. Safe for use by several
 * threads.
 *
 * @param manager who keeps them
 */
record DescriptorStore(NotifyAddress manager) {
    private static final Logger LOG = LoggerFactory.getLogger(DescriptorStore.class);

    static Optional<DescriptorStore> in(Map<String, String> environment) {
        return NotifyAddress.in(environment).map(DescriptorStore::new);
    }

    /** Returns the name of a socket in the store: letters, digits and dashes only, because colons would end it. */
    static String name(SocketReference socket) {
        return "dewy-" + socket.inode();
    }

    void keep(SocketReference socket, int descriptor) {
        send("FDSTORE=1\nFDNAME=" + name(socket), OptionalInt.of(descriptor));
    }

    void forget(SocketReference socket) {
        send("FDSTOREREMOVE=1\nFDNAME=" + name(socket), OptionalInt.empty());
    }

    /** A socket that is not kept can still be had in other ways. */
    private void send(String state, OptionalInt descriptor) {
        try {
            new Notification(state, descriptor).sendTo(manager);
        } catch (SystemCallException e) {
            LOG.debug("The service manager at {} was not told {}", manager.name(), state, e);
        }
    }
}
