package dewy.proxy;

import dewy.api.DewyException;
import dewy.api.Registration;
import dewy.api.process.ListeningAddress;
import dewy.api.process.ListeningSocket;
import dewy.api.process.ListeningSockets;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Opens the listening sockets of all apps of the provider: those at the same address have the same one, each by a duplicate of
 * its own. Safe for use by several threads.
 */
final class SharedSockets implements ListeningSockets {
    private final ListeningSockets opener;
    private final Map<AppTraffic, OpenSockets> open = new ConcurrentHashMap<>();
    /** What was opened last at each address: apps that start together come before the first of them holds it. */
    private final Map<ListeningAddress, ListeningSocket> opened = new HashMap<>();

    SharedSockets(ListeningSockets opener) {
        this.opener = opener;
    }

    /** Remembers what an app has open now. */
    void hold(AppTraffic app, OpenSockets sockets) {
        if (sockets.isEmpty()) {
            open.remove(app);
        } else {
            open.put(app, sockets);
        }
    }

    /** Returns by what the other apps are told apart that have a socket at an address where an app has one. */
    List<String> fellows(AppTraffic app) {
        Set<ListeningAddress> its = open.getOrDefault(app, OpenSockets.NONE).addresses();
        return open.entrySet().stream()
                .filter(other -> !Collections.disjoint(other.getValue().addresses(), its))
                .map(other -> other.getKey().id())
                .filter(id -> !id.equals(app.id()))
                .distinct()
                .toList();
    }

    @Override
    public synchronized ListeningSocket listen(ListeningAddress address) throws DewyException {
        for (ListeningSocket there : at(address)) {
            try {
                return there.duplicate();
            } catch (IllegalStateException e) {
                // The app that had it closes it just now.
            }
        }
        ListeningSocket first = opener.listen(address);
        opened.put(first.address(), first);
        return first;
    }

    @Override
    public Registration keepOpen() {
        return opener.keepOpen();
    }

    private List<ListeningSocket> at(ListeningAddress address) {
        Stream<ListeningSocket> held = open.values().stream().flatMap(sockets -> sockets.sockets().values().stream());
        return Stream.concat(held, opened.values().stream())
                .filter(socket -> socket.address().equals(address))
                .toList();
    }
}
