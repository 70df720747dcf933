package dewy.proxy;

import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.plugin.HandoverState;
import dewy.api.process.Inheritable;
import dewy.api.process.ListeningAddress;
import dewy.api.process.ListeningSocket;
import dewy.api.process.ListeningSockets;
import dewy.api.route.Listener;
import dewy.proxy.control.Contents.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * The listening sockets of an app, by the names of its listeners. Immutable; whoever has one closes what another lacks.
 *
 * @param sockets in the order of the options
 */
record OpenSockets(Map<String, ListeningSocket> sockets) {
    static final OpenSockets NONE = new OpenSockets(Map.of());

    private static final String SOCKET = "socket.";

    boolean isEmpty() {
        return sockets.isEmpty();
    }

    /** Returns where they listen, with the ports that were found. */
    List<Listener> listeners() {
        List<Listener> listeners = new ArrayList<>();
        sockets.forEach((name, socket) -> listeners.add(new Listener(name, socket.address(), target(name))));
        return listeners;
    }

    Set<ListeningAddress> addresses() {
        return sockets.values().stream().map(ListeningSocket::address).collect(Collectors.toSet());
    }

    /** A name is what the option says. */
    private static OptionalInt target(String name) {
        try {
            return Listener.parseList(name).get(0).target();
        } catch (InvalidException e) {
            return OptionalInt.empty();
        }
    }

    /** Returns those of some listeners: those that are there, and those that are opened for it, all of them or none. */
    OpenSockets opening(List<Listener> listeners, ListeningSockets opener) throws DewyException {
        Map<String, ListeningSocket> all = new LinkedHashMap<>();
        boolean complete = false;
        try {
            for (Listener listener : listeners) {
                ListeningSocket open = sockets.get(listener.name());
                all.put(listener.name(), open != null ? open : opener.listen(listener.address()));
            }
            complete = true;
            return new OpenSockets(all);
        } finally {
            if (!complete) {
                new OpenSockets(all).closeBut(this);
            }
        }
    }

    /** Closes those that others do not have. */
    void closeBut(OpenSockets others) {
        sockets.values().stream()
                .filter(socket -> !others.sockets().containsValue(socket))
                .forEach(ListeningSocket::close);
    }

    /** Returns whether one stands in for that of a plane, which goes on accepting from the one that it has. */
    boolean haveSubstitutes() {
        return sockets.values().stream().anyMatch(ListeningSocket::isSubstitute);
    }

    /** Passes all of them to a plane, and returns how by the names of the listeners. */
    Map<String, Socket> passTo(Path plane) throws DewyException {
        String token = UUID.randomUUID().toString();
        Map<String, Socket> passed = new LinkedHashMap<>();
        for (Map.Entry<String, ListeningSocket> socket : sockets.entrySet()) {
            String name = token + "-" + passed.size();
            socket.getValue().passTo(plane, name);
            passed.put(socket.getKey(), new Socket(name, socket.getValue().address()));
        }
        return passed;
    }

    void write(Map<String, String> data, Map<String, Inheritable> resources) {
        int number = 0;
        for (Map.Entry<String, ListeningSocket> socket : sockets.entrySet()) {
            data.put(SOCKET + number, socket.getKey());
            resources.put(SOCKET + number++, socket.getValue());
        }
    }

    /** Reads what {@link #write} wrote, as far as it is left. */
    static OpenSockets read(HandoverState state) {
        Map<String, ListeningSocket> left = new LinkedHashMap<>();
        for (int number = 0; state.data().containsKey(SOCKET + number); number++) {
            if (state.resources().get(SOCKET + number) instanceof ListeningSocket socket) {
                left.put(state.data().getOrDefault(SOCKET + number, ""), socket);
            }
        }
        return new OpenSockets(left);
    }
}
