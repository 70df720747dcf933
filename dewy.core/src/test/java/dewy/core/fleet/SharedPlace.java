package dewy.core.fleet;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.UnreachableException;
import dewy.api.store.Claim;
import dewy.api.store.Delete;
import dewy.api.store.Entry;
import dewy.api.store.Lease;
import dewy.api.store.LostLeaseException;
import dewy.api.store.Store;
import dewy.api.store.Write;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** What several hosts agree in, with a clock that a test sets. Safe for use by several threads. */
public final class SharedPlace implements Store {
    private record Value(Entry entry, long end) {}

    private record Holder(String owner, long token, long end) {}

    private final LongSupplier nanoTime;
    private final Map<String, Value> values = new HashMap<>();
    private final Map<String, Value> saved = new HashMap<>();
    private final Map<String, Holder> holders = new HashMap<>();
    private final Set<String> claimed = new LinkedHashSet<>();
    private long last;
    public volatile boolean down;
    private volatile Duration slowness = Duration.ZERO;
    private volatile Consumer<Duration> passing = time -> {};

    public SharedPlace(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    synchronized int size() {
        return values.size();
    }

    /** Remembers what is held now. */
    public synchronized void save() {
        saved.clear();
        saved.putAll(values);
    }

    /** Forgets all that was written and granted since it was saved, as a server may that has to start again. */
    public synchronized void goBack() {
        values.clear();
        values.putAll(saved);
        holders.clear();
    }

    /** Returns the names of all leases that were ever asked for. */
    public synchronized List<String> claimed() {
        return List.copyOf(claimed);
    }

    /** Has each request take so long, which {@code clock} is told. */
    void delay(Duration time, Consumer<Duration> clock) {
        slowness = time;
        passing = clock;
    }

    private void requireUp(Call call) throws DewyException {
        passing.accept(slowness);
        call.check();
        if (down) {
            throw new UnreachableException(Problem.of("ask the store", "for the test", "it is down", ""));
        }
    }

    private void requireHeld(Optional<Lease> lease) throws LostLeaseException {
        if (lease.isPresent()
                && held(lease.get().name())
                        .filter(now -> now.token() == lease.get().token())
                        .isEmpty()) {
            throw lease.get().lose("it ran out");
        }
    }

    private Optional<Holder> held(String name) {
        return Optional.ofNullable(holders.get(name)).filter(now -> now.end() > nanoTime.getAsLong());
    }

    @Override
    public synchronized Optional<Entry> read(Call call, String key) throws DewyException {
        requireUp(call);
        return Optional.ofNullable(values.get(key))
                .filter(now -> now.end() > nanoTime.getAsLong())
                .map(Value::entry);
    }

    @Override
    public synchronized List<Entry> list(Call call, String prefix) throws DewyException {
        requireUp(call);
        return values.values().stream()
                .map(Value::entry)
                .filter(entry -> entry.key().startsWith(prefix))
                .toList();
    }

    @Override
    public synchronized Optional<Entry> compareAndSet(Call call, Write write) throws DewyException {
        requireUp(call);
        requireHeld(write.lease());
        if (read(call, write.key()).map(Entry::revision).orElse(0L) != write.revision()) {
            return Optional.empty();
        }
        Entry entry = new Entry(write.key(), write.value(), ++last);
        values.put(write.key(), new Value(entry, end(write.timeToLive().orElse(LONGEST_TIME))));
        return Optional.of(entry);
    }

    @Override
    public synchronized boolean compareAndDelete(Call call, Delete delete) throws DewyException {
        throw new AssertionError("nobody deletes");
    }

    @Override
    public synchronized Optional<Lease> acquire(Call call, Claim claim) throws DewyException {
        requireUp(call);
        claimed.add(claim.name());
        if (held(claim.name()).filter(now -> !now.owner().equals(claim.owner())).isPresent()) {
            return Optional.empty();
        }
        holders.put(claim.name(), new Holder(claim.owner(), ++last, end(claim.term())));
        return Optional.of(Lease.granted(claim, last, nanoTime.getAsLong(), nanoTime));
    }

    @Override
    public synchronized void renew(Call call, Lease lease) throws DewyException {
        requireUp(call);
        requireHeld(Optional.of(lease));
        holders.put(lease.name(), new Holder(lease.owner(), lease.token(), end(lease.term())));
        lease.renewed(nanoTime.getAsLong());
    }

    @Override
    public synchronized void release(Call call, Lease lease) throws DewyException {
        requireUp(call);
        lease.released();
        holders.computeIfPresent(lease.name(), (name, now) -> now.token() == lease.token() ? null : now);
    }

    private long end(Duration time) {
        return nanoTime.getAsLong() + time.toNanos();
    }

    @Override
    public void close() {}

    public static long nanos(Instant time) {
        return Duration.between(Instant.EPOCH, time).toNanos();
    }
}
