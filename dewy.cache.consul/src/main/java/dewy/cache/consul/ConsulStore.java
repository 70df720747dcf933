package dewy.cache.consul;

import static dewy.cache.consul.Conversation.bytes;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.Registration;
import dewy.api.plugin.HealthCheck;
import dewy.api.plugin.Lifetime;
import dewy.api.store.Claim;
import dewy.api.store.Delete;
import dewy.api.store.Entry;
import dewy.api.store.Lease;
import dewy.api.store.LostLeaseException;
import dewy.api.store.Store;
import dewy.api.store.Watching;
import dewy.api.store.Write;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * A store in Consul. Revisions and tokens are indexes, of which there never is the same again. A lease, and each value that
 * expires, is held by a session of its own, with which it goes; each change is one transaction.
 */
final class ConsulStore implements Store, Watching, HealthCheck {
    /** How many values are read at once, of which each may be large. */
    private static final int PAGE = 16;

    private final Consul consul;
    private final LongSupplier nanoTime;
    private final String values;
    private final String leases;
    private final Lifetime lifetime = new Lifetime();
    private final Set<Watch> watches = ConcurrentHashMap.newKeySet();

    ConsulStore(Consul consul, LongSupplier nanoTime) {
        this.consul = consul;
        this.nanoTime = nanoTime;
        this.values = consul.keys() + "store/values/";
        this.leases = consul.keys() + "store/leases/";
    }

    @Override
    public Optional<Entry> read(Call call, String key) throws DewyException {
        try (Conversation conversation = begin(call, "read from the store")) {
            return conversation.read(value(key)).flatMap(this::entry);
        }
    }

    @Override
    public List<Entry> list(Call call, String prefix) throws DewyException {
        try (Conversation conversation = begin(call, "list the store")) {
            return list(conversation, prefix);
        }
    }

    private List<Entry> list(Conversation conversation, String prefix) throws DewyException {
        List<String> keys = conversation.keys(value(prefix));
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < keys.size(); i += PAGE) {
            for (Value held : read(conversation, keys.subList(i, Math.min(i + PAGE, keys.size())))) {
                entry(held).ifPresent(entries::add);
            }
        }
        return entries;
    }

    /** Reads some at once, or else, as one of them is gone meanwhile, one after the other. */
    private static List<Value> read(Conversation conversation, List<String> keys) throws DewyException {
        Transaction all = new Transaction();
        keys.forEach(all::get);
        Transaction.Result result = conversation.run(all);
        if (result.isDone()) {
            return result.values();
        }
        List<Value> found = new ArrayList<>();
        for (String key : keys) {
            conversation.read(key).ifPresent(found::add);
        }
        return found;
    }

    @Override
    public Optional<Entry> compareAndSet(Call call, Write write) throws DewyException {
        try (Conversation conversation = begin(call, "write to the store", write.lease())) {
            Transaction change = under(write.lease());
            String key = value(write.key());
            if (write.revision() > 0) {
                change.delete(key, write.revision()); // Whatever session holds it, holds it no more.
            }
            Optional<String> session = Optional.empty();
            if (write.timeToLive().isPresent()) {
                session =
                        Optional.of(conversation.openSession(write.timeToLive().get()));
                change.createFor(session.get(), key, bytes(write.value()));
            } else {
                change.create(key, bytes(write.value()), 0);
            }
            Transaction.Result result = conversation.run(change);
            if (!result.isDone() && session.isPresent()) {
                conversation.endSession(session.get());
            }
            requireHeld(write.lease(), result);
            return result.isDone()
                    ? Optional.of(new Entry(write.key(), write.value(), result.index()))
                    : Optional.empty();
        }
    }

    @Override
    public boolean compareAndDelete(Call call, Delete delete) throws DewyException {
        try (Conversation conversation = begin(call, "delete from the store", delete.lease())) {
            Transaction change = under(delete.lease()).delete(value(delete.key()), delete.revision());
            Transaction.Result result = conversation.run(change);
            requireHeld(delete.lease(), result);
            return result.isDone();
        }
    }

    @Override
    public Optional<Lease> acquire(Call call, Claim claim) throws DewyException {
        long asked = nanoTime.getAsLong();
        String key = lease(claim.name());
        try (Conversation conversation = begin(call, "take the lease " + claim.name() + " in")) {
            while (true) {
                Optional<Value> held = conversation.read(key);
                if (held.isPresent() && !held.get().text().equals(claim.owner())) {
                    return Optional.empty();
                }
                String session = conversation.openSession(claim.term());
                Transaction change = new Transaction();
                held.ifPresent(before -> change.delete(key, before.index()));
                Transaction.Result result = conversation.run(change.createFor(session, key, bytes(claim.owner())));
                if (result.isDone()) {
                    return Optional.of(Lease.granted(claim, result.index(), asked, nanoTime));
                }
                conversation.endSession(session); // Another one was faster: look who.
            }
        }
    }

    /** It is held by the session that was renewed if it is still the same afterwards. */
    @Override
    public void renew(Call call, Lease lease) throws DewyException {
        long asked = nanoTime.getAsLong();
        Optional<Lease> under = Optional.of(lease);
        try (Conversation conversation = begin(call, "renew the lease " + lease.name() + " in", under)) {
            Optional<Value> held = held(conversation, lease);
            boolean renewed = held.isPresent()
                    && conversation.renewSession(held.get().session())
                    && held(conversation, lease).isPresent();
            if (!renewed) {
                throw lost(lease);
            }
        }
        lease.renewed(asked);
    }

    @Override
    public void release(Call call, Lease lease) throws DewyException {
        lifetime.bind(call).check();
        lease.released();
        try (Conversation conversation = begin(call, "give back the lease " + lease.name() + " to")) {
            Optional<Value> held = held(conversation, lease);
            if (held.isPresent()) {
                conversation.endSession(held.get().session());
            }
        }
    }

    @Override
    public Registration watch(String prefix, Watcher watcher) {
        Watch watch = new Watch(this, prefix, watcher);
        watches.add(watch);
        watch.start();
        return () -> {
            watches.remove(watch);
            watch.close();
        };
    }

    /** Tells a watcher what there is, and then what changes, until the call ends or something fails. */
    void tell(Call call, String prefix, Watcher watcher) throws DewyException {
        try (Conversation conversation = begin(call, "watch the store")) {
            Map<String, Long> told = new HashMap<>();
            long index = 0;
            while (true) {
                index = conversation.await(value(prefix), index, Watch.LONGEST_WAIT);
                Map<String, Long> now = new HashMap<>();
                list(conversation, prefix).forEach(entry -> now.put(entry.key(), entry.revision()));
                conversation.call().check();
                now.forEach((key, revision) -> {
                    if (!revision.equals(told.put(key, revision))) {
                        watcher.changed(key, revision);
                    }
                });
                told.keySet().removeIf(key -> {
                    boolean gone = !now.containsKey(key);
                    if (gone) {
                        watcher.changed(key, 0);
                    }
                    return gone;
                });
            }
        }
    }

    @Override
    public void check(Call call) throws DewyException {
        try (Conversation conversation = begin(call, "reach the store")) {
            conversation.check();
        }
    }

    @Override
    public void close() {
        lifetime.close();
        watches.forEach(Watch::close);
        watches.clear();
    }

    Lifetime lifetime() {
        return lifetime;
    }

    private Conversation begin(Call call, String tried, Optional<Lease> under) throws DewyException {
        lifetime.bind(call).check();
        if (under.isPresent()) {
            under.get().check();
        }
        return begin(call, tried);
    }

    private Conversation begin(Call call, String tried) throws DewyException {
        return Conversation.begin(lifetime.bind(call), consul, tried);
    }

    /** Begins a transaction whose first step it is to look whether a lease is held. */
    private Transaction under(Optional<Lease> lease) {
        Transaction transaction = new Transaction();
        lease.ifPresent(held -> transaction.check(lease(held.name()), held.token()));
        return transaction;
    }

    private static void requireHeld(Optional<Lease> lease, Transaction.Result result) throws LostLeaseException {
        if (lease.isPresent() && result.refused().contains(0)) {
            throw lost(lease.get());
        }
    }

    private static LostLeaseException lost(Lease lease) {
        return lease.lose("Consul has granted it anew, or ended it");
    }

    private Optional<Value> held(Conversation conversation, Lease lease) throws DewyException {
        return conversation.read(lease(lease.name())).filter(held -> held.index() == lease.token());
    }

    private String value(String key) {
        return values + Names.encode(key);
    }

    private String lease(String name) {
        return leases + Names.encode(name);
    }

    /** Returns what a value says; nothing of what somebody else put there. */
    private Optional<Entry> entry(Value held) {
        return Names.decode(held.key().substring(values.length()))
                .map(key -> new Entry(key, held.text(), held.index()));
    }
}
