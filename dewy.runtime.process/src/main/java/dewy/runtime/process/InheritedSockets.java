package dewy.runtime.process;

import dewy.api.process.DescriptorLease;
import dewy.api.process.ListeningAddress;
import dewy.api.process.ListeningSocket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The sockets that one generation is about to inherit. Closing this gives up the duplicates made for it, which its
 * process has by then.
 *
 * @param addresses where they listen, in the order of their descriptors
 * @param descriptors the duplicates, by the number that they get in the process
 */
record InheritedSockets(List<ListeningAddress> addresses, Map<Integer, DescriptorLease> descriptors)
        implements AutoCloseable {
    /** The number of the first inherited socket; those below are the standard streams. */
    static final int FIRST_DESCRIPTOR = 3;

    /** Leases the sockets, and the first of them once more as standard input if that is wanted. */
    static InheritedSockets of(List<ListeningSocket> sockets, boolean asStandardInput) {
        InheritedSockets inherited = new InheritedSockets(new ArrayList<>(), new LinkedHashMap<>());
        boolean complete = false;
        try {
            for (ListeningSocket socket : sockets) {
                inherited.descriptors.put(FIRST_DESCRIPTOR + inherited.addresses.size(), socket.lease());
                inherited.addresses.add(socket.address());
            }
            if (asStandardInput) {
                inherited.descriptors.put(0, sockets.get(0).lease());
            }
            complete = true;
            return inherited;
        } finally {
            if (!complete) {
                inherited.close();
            }
        }
    }

    @Override
    public void close() {
        descriptors.values().forEach(DescriptorLease::close);
    }
}
