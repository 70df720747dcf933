package dewy.tck;

import dewy.api.Registration;
import dewy.api.store.Claim;
import dewy.api.store.Delete;
import dewy.api.store.Entry;
import dewy.api.store.Lease;
import dewy.api.store.Watching.Watcher;
import dewy.api.store.Write;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** What memory stores on several hosts are at. Its steps are methods of their own, so that one can be done wrong. */
class MemoryServer {
    /** Something was to be done under a lease that is not held. */
    static final class Fenced extends Exception {
        private static final long serialVersionUID = 1L;
    }

    /** What is held under a key, until when. */
    record Value(String text, long revision, long until) {}

    /** Who holds a lease, until when. */
    record Grant(String owner, long token, long until) {}

    private record Watch(String prefix, Watcher watcher) {}

    final Map<String, Value> values = new HashMap<>();
    final Map<String, Grant> grants = new HashMap<>();
    private final MemoryClock clock;
    private final List<Watch> watches = new CopyOnWriteArrayList<>();
    private long counter;

    MemoryServer(MemoryClock clock) {
        this.clock = clock;
    }

    synchronized Optional<Entry> read(String key) {
        forgetExpired();
        return Optional.ofNullable(values.get(key)).map(value -> new Entry(key, value.text(), value.revision()));
    }

    synchronized List<Entry> list(String prefix) {
        forgetExpired();
        return values.entrySet().stream()
                .filter(each -> isBelow(prefix, each.getKey()))
                .map(each -> new Entry(
                        each.getKey(), each.getValue().text(), each.getValue().revision()))
                .toList();
    }

    synchronized Optional<Entry> set(Write write) throws Fenced {
        forgetExpired();
        requireHeld(write.lease());
        if (!isAt(write.key(), write.revision())) {
            return Optional.empty();
        }
        Value written = new Value(write.value(), nextRevision(write), until(write));
        values.put(write.key(), written);
        tell(write.key(), written.revision());
        return Optional.of(new Entry(write.key(), write.value(), written.revision()));
    }

    synchronized boolean delete(Delete delete) throws Fenced {
        forgetExpired();
        requireHeld(delete.lease());
        if (!isAt(delete.key(), delete.revision())) {
            return false;
        }
        values.remove(delete.key());
        tell(delete.key(), 0);
        return true;
    }

    synchronized OptionalLong acquire(Claim claim) {
        forgetExpired();
        Grant held = grants.get(claim.name());
        if (held != null && !mayTake(claim, held)) {
            return OptionalLong.empty();
        }
        Grant granted = new Grant(claim.owner(), nextToken(held), after(claim.term()));
        grants.put(claim.name(), granted);
        return OptionalLong.of(granted.token());
    }

    synchronized void renew(Lease lease) throws Fenced {
        forgetExpired();
        requireHeld(Optional.of(lease));
        grants.put(lease.name(), new Grant(lease.owner(), lease.token(), renewedUntil(lease)));
    }

    synchronized void release(Lease lease) {
        forgetExpired();
        if (isHeld(lease, grants.get(lease.name()))) {
            grants.remove(lease.name());
        }
    }

    synchronized Registration watch(String prefix, Watcher watcher) {
        Watch watch = new Watch(prefix, watcher);
        watches.add(watch);
        list(prefix).forEach(entry -> watcher.changed(entry.key(), entry.revision()));
        return () -> watches.remove(watch);
    }

    boolean isBelow(String prefix, String key) {
        return key.startsWith(prefix);
    }

    boolean isAt(String key, long revision) {
        Value value = values.get(key);
        return revision == (value == null ? 0 : value.revision());
    }

    boolean isHeld(Lease lease, @Nullable Grant grant) {
        return grant != null && grant.token() == lease.token();
    }

    boolean mayTake(Claim claim, Grant held) {
        return held.owner().equals(claim.owner());
    }

    long nextRevision(Write write) {
        return ++counter;
    }

    long nextToken(@Nullable Grant before) {
        return ++counter;
    }

    long until(Write write) {
        return write.timeToLive().map(this::after).orElse(Long.MAX_VALUE);
    }

    long renewedUntil(Lease lease) {
        return after(lease.term());
    }

    void forgetExpired() {
        values.values().removeIf(value -> isOver(value.until()));
        grants.values().removeIf(grant -> isOver(grant.until()));
    }

    boolean isOver(long until) {
        return until <= clock.server();
    }

    void tell(String key, long revision) {
        watches.stream().filter(watch -> isBelow(watch.prefix(), key)).forEach(watch -> watch.watcher()
                .changed(key, revision));
    }

    long after(Duration time) {
        return clock.server() + time.toNanos();
    }

    private void requireHeld(Optional<Lease> lease) throws Fenced {
        if (lease.isPresent() && !isHeld(lease.get(), grants.get(lease.get().name()))) {
            throw new Fenced();
        }
    }
}
