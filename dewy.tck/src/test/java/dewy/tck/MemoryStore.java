package dewy.tck;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.Registration;
import dewy.api.plugin.Lifetime;
import dewy.api.store.Claim;
import dewy.api.store.Delete;
import dewy.api.store.Entry;
import dewy.api.store.Lease;
import dewy.api.store.LostLeaseException;
import dewy.api.store.Store;
import dewy.api.store.Watching;
import dewy.api.store.Write;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;

/** A store at a server in this process, just good enough to show what the contract demands. */
class MemoryStore implements Store, Watching {
    private final MemoryServer server;
    private final MemoryWire wire;
    private final MemoryClock clock;
    private final Lifetime lifetime = new Lifetime();
    private final List<Registration> watches = new CopyOnWriteArrayList<>();

    MemoryStore(MemoryServer server, MemoryWire wire, MemoryClock clock) {
        this.server = server;
        this.wire = wire;
        this.clock = clock;
    }

    @Override
    public Optional<Entry> read(Call call, String key) throws DewyException {
        return ask(call, Optional.empty(), () -> server.read(key));
    }

    @Override
    public List<Entry> list(Call call, String prefix) throws DewyException {
        return ask(call, Optional.empty(), () -> server.list(prefix));
    }

    @Override
    public Optional<Entry> compareAndSet(Call call, Write write) throws DewyException {
        return ask(call, write.lease(), () -> server.set(write));
    }

    @Override
    public boolean compareAndDelete(Call call, Delete delete) throws DewyException {
        return ask(call, delete.lease(), () -> server.delete(delete));
    }

    @Override
    public Optional<Lease> acquire(Call call, Claim claim) throws DewyException {
        long asked = clock.hosts();
        OptionalLong token = ask(call, Optional.empty(), () -> server.acquire(claim));
        return token.isEmpty()
                ? Optional.empty()
                : Optional.of(Lease.granted(claim, token.getAsLong(), asked, clock::hosts));
    }

    @Override
    public void renew(Call call, Lease lease) throws DewyException {
        long asked = clock.hosts();
        ask(call, Optional.of(lease), () -> {
            server.renew(lease);
            return lease;
        });
        lease.renewed(asked);
    }

    @Override
    public void release(Call call, Lease lease) throws DewyException {
        lifetime.bind(call).check();
        lease.released();
        ask(call, Optional.empty(), () -> {
            server.release(lease);
            return lease;
        });
    }

    @Override
    public Registration watch(String prefix, Watcher watcher) {
        Registration watch = server.watch(prefix, watcher);
        watches.add(watch);
        return watch;
    }

    @Override
    public void close() {
        lifetime.close();
        watches.forEach(Registration::close);
    }

    <T> T ask(Call call, Optional<Lease> under, MemoryWire.Request<T> request) throws DewyException {
        Call mine = lifetime.bind(call);
        mine.check();
        if (under.isPresent()) {
            under.get().check();
        }
        try {
            return wire.ask(mine, request);
        } catch (MemoryServer.Fenced e) {
            throw lost(under.orElseThrow());
        }
    }

    LostLeaseException lost(Lease lease) {
        return lease.lose("the store has granted it anew, or ended it");
    }
}
