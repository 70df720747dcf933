package dewy.tck;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.Registration;
import dewy.api.StorageException;
import dewy.api.plugin.Handover;
import dewy.api.plugin.HandoverState;
import dewy.api.plugin.Lifetime;
import dewy.api.process.DescriptorLease;
import dewy.api.process.ListeningAddress;
import dewy.api.process.ListeningSocket;
import dewy.api.proxy.Proxy;
import dewy.api.proxy.ProxyStatistics;
import dewy.api.route.Backend;
import dewy.api.route.Listener;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** A proxy in this process that relays connections, just good enough to show what the contract demands. */
final class MemoryProxy implements Proxy, Handover {
    static final int FORMAT = 1;
    static final String LISTENER = "web";

    /** The socket, as something of the agent's that one instance leaves to the next. */
    record Door(ServerSocket socket, Relay relay) implements ListeningSocket {
        @Override
        public String reference() {
            return "door " + socket.getLocalPort();
        }

        @Override
        public boolean isSubstitute() {
            return false;
        }

        @Override
        public ListeningAddress address() {
            return new ListeningAddress("127.0.0.1", socket.getLocalPort());
        }

        @Override
        public DescriptorLease lease() {
            throw new IllegalStateException("it has no descriptor");
        }

        @Override
        public void close() {
            try {
                socket.close();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            relay.close();
        }
    }

    private final Lifetime lifetime = new Lifetime();
    private Optional<Door> door;

    MemoryProxy(Optional<Door> door) {
        this.door = door;
    }

    int port() {
        return door.orElseThrow().socket().getLocalPort();
    }

    @Override
    public synchronized void start(Call call) throws DewyException {
        lifetime.bind(call).check();
        if (door.isEmpty()) {
            try {
                ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                Door opened = new Door(socket, new Relay());
                opened.relay().accept(socket);
                door = Optional.of(opened);
            } catch (IOException e) {
                throw new StorageException(new Problem("listen", "", "the system refuses", ""), e);
            }
        }
    }

    @Override
    public List<Listener> listeners() {
        int port = door.map(open -> open.socket().getLocalPort()).orElse(0);
        return List.of(new Listener(LISTENER, new ListeningAddress("127.0.0.1", port), OptionalInt.empty()));
    }

    @Override
    public void route(Call call, String listener, List<Backend> backends) throws DewyException {
        lifetime.bind(call).check();
        Set<String> ids = new HashSet<>();
        if (!listener.equals(LISTENER) || !backends.stream().allMatch(backend -> ids.add(backend.id()))) {
            throw new InvalidException(
                    new Problem("route", listener, "there is no such listener, or two backends have the same id", ""));
        }
        relay().route(backends);
    }

    @Override
    public int drain(Call call, String backend, Duration limit) throws DewyException {
        Call mine = lifetime.bind(call);
        mine.check();
        if (relay().leadsNewTo(backend)) {
            throw new InvalidException(new Problem("drain", backend, "it is in use", "Route to others first"));
        }
        try (Registration waking = mine.onCancel(relay()::wake)) {
            boolean drained = relay().awaitEndOf(backend, limit, mine);
            waking.close();
            if (drained) {
                return 0;
            }
            mine.check();
            return relay().cut(backend);
        }
    }

    @Override
    public ProxyStatistics statistics(Call call) throws DewyException {
        lifetime.bind(call).check();
        return new ProxyStatistics(relay().requests(), 0, List.of());
    }

    @Override
    public HandoverState prepare(Call call) throws DewyException {
        lifetime.bind(call).check();
        return new HandoverState(FORMAT, Map.of(), Map.of(LISTENER, door.orElseThrow()));
    }

    @Override
    public void commit() {
        door = Optional.empty();
    }

    @Override
    public void abort() {}

    @Override
    public synchronized void close() {
        lifetime.close();
        door.ifPresent(Door::close);
        door = Optional.empty();
    }

    private Relay relay() throws InvalidException {
        return door.orElseThrow(() -> new InvalidException(new Problem("route", "", "it was not started", "")))
                .relay();
    }
}
