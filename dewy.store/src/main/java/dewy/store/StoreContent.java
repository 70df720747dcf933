package dewy.store;

import dewy.api.store.Claim;
import dewy.api.store.Delete;
import dewy.api.store.Entry;
import dewy.api.store.Lease;
import dewy.api.store.Write;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/**
 * All values and leases of a store, as they were at one moment. What has expired by then is not among them. Revisions and
 * tokens come from one counter, which every change moves. For one thread.
 */
public final class StoreContent {
    /** What the first line says of a text that holds a store. */
    public static final String FORMAT = "dewy-store 1";

    private static final long FOREVER = Long.MAX_VALUE;

    /**
     * When a content is looked at.
     *
     * @param now the time, by the clock that all who change the content go by, in the unit of that clock
     * @param lengths says how many units something lasts at least
     * @param leastCount what the counter is not behind at the next change
     */
    public record Moment(long now, ToLongFunction<Duration> lengths, long leastCount) {}

    /** What is held under a key, until when. */
    private record Value(String text, long revision, long until) {}

    /** Who holds a lease, until when. */
    private record Grant(String owner, long token, long until) {}

    private final Map<String, Value> values = new TreeMap<>();
    private final Map<String, Grant> grants = new TreeMap<>();
    private final Moment moment;
    private long counter;

    private StoreContent(Moment moment) {
        this.moment = moment;
    }

    /** Returns a store that holds nothing. */
    public static StoreContent empty(Moment moment) {
        return new StoreContent(moment);
    }

    /**
     * Reads what {@link #writeTo} wrote.
     *
     * @throws IllegalArgumentException if it is not that
     */
    public static StoreContent of(List<List<String>> lines, Moment moment) {
        StoreContent content = new StoreContent(moment);
        if (lines.isEmpty() || !lines.get(0).get(0).equals("counter")) {
            throw new IllegalArgumentException("its counter is missing");
        }
        content.counter = Long.parseLong(word(lines.get(0), 1));
        lines.subList(1, lines.size()).forEach(content::read);
        content.forgetExpired();
        return content;
    }

    public void writeTo(Lines lines) {
        lines.add("counter", counter);
        values.forEach((key, value) -> lines.add("value", key, value.revision(), value.until(), value.text()));
        grants.forEach((name, grant) -> lines.add("lease", name, grant.token(), grant.until(), grant.owner()));
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
        values.put(write.key(), new Value(write.value(), count(), until));
        return entry(write.key());
    }

    /** Deletes a key; returns whether it had the revision. */
    boolean delete(Delete delete) {
        boolean deletes = values.containsKey(delete.key()) && isAt(delete.key(), delete.revision());
        if (deletes) {
            values.remove(delete.key());
            count();
        }
        return deletes;
    }

    /** Grants a lease, and returns its token; empty if another owner holds it. */
    Optional<Long> acquire(Claim claim) {
        Grant held = grants.get(claim.name());
        if (held != null && !held.owner().equals(claim.owner())) {
            return Optional.empty();
        }
        Grant granted = new Grant(claim.owner(), count(), after(claim.term()));
        grants.put(claim.name(), granted);
        return Optional.of(granted.token());
    }

    boolean isHeld(Lease lease) {
        Grant grant = grants.get(lease.name());
        return grant != null && grant.token() == lease.token();
    }

    void renew(Lease lease) {
        count();
        grants.put(lease.name(), new Grant(lease.owner(), lease.token(), after(lease.term())));
    }

    void release(Lease lease) {
        count();
        grants.remove(lease.name());
    }

    private boolean isAt(String key, long revision) {
        Value value = values.get(key);
        return revision == (value == null ? 0 : value.revision());
    }

    private long after(Duration length) {
        return moment.now() + moment.lengths().applyAsLong(length);
    }

    private long count() {
        counter = Math.max(counter + 1, moment.leastCount());
        return counter;
    }

    private void read(List<String> words) {
        String name = word(words, 1);
        long number = Long.parseLong(word(words, 2));
        long until = Long.parseLong(word(words, 3));
        String text = word(words, 4);
        switch (words.get(0)) {
            case "value" -> values.put(name, new Value(text, number, until));
            case "lease" -> grants.put(name, new Grant(text, number, until));
            default -> throw new IllegalArgumentException("unknown: " + words.get(0));
        }
    }

    private void forgetExpired() {
        values.values().removeIf(value -> value.until() <= moment.now());
        grants.values().removeIf(grant -> grant.until() <= moment.now());
    }

    private static String word(List<String> words, int number) {
        if (words.size() <= number) {
            throw new IllegalArgumentException("there are words missing after " + String.join(" ", words));
        }
        return words.get(number);
    }
}
