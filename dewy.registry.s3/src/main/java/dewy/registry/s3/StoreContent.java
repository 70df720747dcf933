package dewy.registry.s3;

import dewy.api.InvalidException;
import dewy.api.store.Claim;
import dewy.api.store.Delete;
import dewy.api.store.Entry;
import dewy.api.store.Lease;
import dewy.api.store.Write;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * All values and leases of a store, as they were at one moment. What has expired by then is not among them. For one thread.
 *
 * <p>Times are those of the answers of S3, which count whole seconds and may be up to one second behind: what is to last is
 * given one more, so that it never ends too early.
 */
final class StoreContent {
    private static final String FORMAT = "dewy-store 1";
    private static final long FOREVER = Long.MAX_VALUE;

    /** What is held under a key, until when. */
    private record Value(String text, long revision, long until) {}

    /** Who holds a lease, until when. */
    private record Grant(String owner, long token, long until) {}

    private final Map<String, Value> values = new TreeMap<>();
    private final Map<String, Grant> grants = new TreeMap<>();
    private final long now;
    private long counter;

    private StoreContent(Instant now) {
        this.now = now.getEpochSecond();
    }

    /** Reads what an object held; one that is not there is an empty store. */
    static StoreContent of(Bucket.Held held, Location location) throws InvalidException {
        StoreContent content = new StoreContent(held.at());
        if (held.etag().isPresent()) {
            Lines.read(held.content(), FORMAT, location, content::read);
        }
        return content;
    }

    String text() {
        Lines lines = new Lines();
        lines.add("counter", counter);
        values.forEach((key, value) -> lines.add("value", key, value.revision(), value.until(), value.text()));
        grants.forEach((name, grant) -> lines.add("lease", name, grant.token(), grant.until(), grant.owner()));
        return FORMAT + "\n" + lines;
    }

    Optional<Entry> entry(String key) {
        return Optional.ofNullable(values.get(key)).map(value -> new Entry(key, value.text(), value.revision()));
    }

    List<Entry> list(String prefix) {
        return values.keySet().stream()
                .filter(key -> key.startsWith(prefix))
                .flatMap(key -> entry(key).stream())
                .toList();
    }

    /** Writes a value; empty if its key has another revision. */
    Optional<Entry> set(Write write) {
        if (!isAt(write.key(), write.revision())) {
            return Optional.empty();
        }
        long until = write.timeToLive().map(this::after).orElse(FOREVER);
        values.put(write.key(), new Value(write.value(), ++counter, until));
        return entry(write.key());
    }

    /** Deletes a key; returns whether it had the revision. */
    boolean delete(Delete delete) {
        boolean deletes = values.containsKey(delete.key()) && isAt(delete.key(), delete.revision());
        if (deletes) {
            values.remove(delete.key());
            counter++;
        }
        return deletes;
    }

    /** Grants a lease, and returns its token; empty if another owner holds it. */
    OptionalLong acquire(Claim claim) {
        Grant held = grants.get(claim.name());
        if (held != null && !held.owner().equals(claim.owner())) {
            return OptionalLong.empty();
        }
        grants.put(claim.name(), new Grant(claim.owner(), ++counter, after(claim.term())));
        return OptionalLong.of(counter);
    }

    boolean isHeld(Lease lease) {
        Grant grant = grants.get(lease.name());
        return grant != null && grant.token() == lease.token();
    }

    void renew(Lease lease) {
        counter++;
        grants.put(lease.name(), new Grant(lease.owner(), lease.token(), after(lease.term())));
    }

    void release(Lease lease) {
        counter++;
        grants.remove(lease.name());
    }

    private boolean isAt(String key, long revision) {
        Value value = values.get(key);
        return revision == (value == null ? 0 : value.revision());
    }

    private long after(Duration time) {
        Duration whole = time.plus(Duration.ofSeconds(2).minusNanos(1));
        return now + whole.toSeconds();
    }

    private void read(List<String> words) {
        switch (words.get(0)) {
            case "counter" -> counter = Long.parseLong(words.get(1));
            case "value" -> {
                long until = Long.parseLong(words.get(3));
                if (until > now) {
                    values.put(words.get(1), new Value(words.get(4), Long.parseLong(words.get(2)), until));
                }
            }
            case "lease" -> {
                long until = Long.parseLong(words.get(3));
                if (until > now) {
                    grants.put(words.get(1), new Grant(words.get(4), Long.parseLong(words.get(2)), until));
                }
            }
            default -> throw new IllegalArgumentException("unknown: " + words.get(0));
        }
    }
}
