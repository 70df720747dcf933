package dewy.proxy.plane;

import dewy.api.process.ListeningAddress;
import dewy.proxy.plane.Port.Claim;
import dewy.proxy.plane.Port.Fellows;
import dewy.proxy.traffic.Traffic;
import io.netty.channel.EventLoopGroup;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The ports of the plane, by their addresses: several apps may share one. Safe for use by several threads. */
final class Ports {
    private final EventLoopGroup loops;
    private final Notices notices;
    private final Map<ListeningAddress, Port> open = new HashMap<>();

    Ports(EventLoopGroup loops, Notices notices) {
        this.loops = loops;
        this.notices = notices;
    }

    /** A listening socket that was passed. */
    record Passed(int descriptor, ListeningAddress address) {}

    EventLoopGroup loops() {
        return loops;
    }

    /** Returns what the agent is told by. */
    Notices notices() {
        return notices;
    }

    /**
     * Finds that an app can be served at some addresses, beside the others that are there.
     *
     * @throws WrongQuestion if it cannot
     */
    synchronized void check(ServedApp app, Claim claim, Collection<Passed> sockets) throws WrongQuestion {
        Set<ListeningAddress> seen = new HashSet<>();
        for (Passed socket : sockets) {
            Optional<Port> port = find(socket.address());
            Optional<String> refusal = port.flatMap(open -> open.refusal(app, claim));
            if (refusal.isPresent()) {
                throw new WrongQuestion(
                        socket.address().toString(),
                        refusal.get(),
                        "Give one of both another --port, --proxy-host or --proxy-path");
            }
            if (!seen.add(socket.address())) {
                throw new WrongQuestion(socket.address().toString(), "the app names it twice", "Name it once");
            }
            if (port.isPresent()) {
                port.get().checkCertificates(app, claim);
            } else {
                Encryption.check(Port.encryption(Stream.of(claim)));
            }
        }
    }

    /**
     * Serves an app at an address, by a listening socket that was passed for it.
     *
     * @param fellows who else is to be there before anything is accepted
     * @return where; the socket is not needed where that {@linkplain #isOpen was open}
     */
    synchronized Port serve(Passed socket, Fellows fellows, Port.Key key, Claim claim, Traffic traffic) {
        open.values().removeIf(port -> !port.isOpen());
        Port port = open.get(socket.address());
        if (port == null) {
            port = new Port(socket.descriptor(), socket.address().isUnix(), loops, fellows, notices);
            open.put(socket.address(), port);
        }
        port.serve(key, claim, traffic);
        return port;
    }

    synchronized boolean isOpen(ListeningAddress address) {
        return find(address).isPresent();
    }

    private Optional<Port> find(ListeningAddress address) {
        return Optional.ofNullable(open.get(address)).filter(Port::isOpen);
    }
}
