package dewy.cache.file;

import dewy.api.store.Claim;
import dewy.api.store.Delete;
import dewy.api.store.Entry;
import dewy.api.store.Lease;
import dewy.api.store.Write;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * All values and leases of a store, as they were at one moment. What has expired by then is not among them. For one thread.
 *
 * <p>It is lines of words, whatever characters these have, so that people can read it as well. The first one names the format.
 *
 * <p>Revisions and tokens come from one counter, which is never behind the wall clock in microseconds: so none is given out
 * twice when somebody removes the folder, or puts an older one in its place.
 */
final class StoreContent {
    private static final String FORMAT = "dewy-store 1";
    private static final long FOREVER = Long.MAX_VALUE;

    /** What is held under a key, until when. */
    private record Value(String text, long revision, long until) {}

    /** Who holds a lease, until when. */
    private record Grant(String owner, long token, long until) {}

    private final StoreTime time;
    private final Map<String, Value> values = new TreeMap<>();
    private final Map<String, Grant> grants = new TreeMap<>();
    private long counter;

    private StoreContent(StoreTime time, long counter) {
        this.time = time;
        this.counter = counter;
    }

    /** Returns a store that holds nothing. */
    static StoreContent empty(Uptime now) {
        return new StoreContent(StoreTime.beginning(now), 0);
    }

    /**
     * Reads what a store wrote.
     *
     * @throws IllegalArgumentException if it is no such text
     */
    static StoreContent of(String text, Uptime now) throws StoreTime.AnotherHost {
        List<List<String>> lines = text.lines().map(StoreContent::words).toList();
        if (lines.size() < 3 || !text.startsWith(FORMAT + "\n")) {
            throw new IllegalArgumentException("it does not begin with \"" + FORMAT + "\"");
        }
        StoreContent content =
                new StoreContent(StoreTime.of(lines.get(1)).at(now), Long.parseLong(word(lines.get(2), 1)));
        lines.subList(3, lines.size()).forEach(content::read);
        content.forgetExpired();
        return content;
    }

    String text() {
        StringBuilder text = new StringBuilder(FORMAT).append('\n');
        add(text, time.words());
        add(text, Stream.of("counter", counter));
        values.forEach((key, value) -> add(text, Stream.of("value", key, value.revision, value.until, value.text)));
        grants.forEach((name, grant) -> add(text, Stream.of("lease", name, grant.token, grant.until, grant.owner)));
        return text.toString();
    }

    Optional<Entry> entry(String key) {
        return Optional.ofNullable(values.get(key)).map(value -> new Entry(key, value.text, value.revision));
    }

    List<Entry> list(String prefix) {
        return values.keySet().stream()
                .filter(key -> key.startsWith(prefix))
                .flatMap(key -> entry(key).stream())
                .toList();
    }

    /** Writes a value; empty if its key has another revision. */
    Optional<Entry> set(Write write, Instant now) {
        if (!isAt(write.key(), write.revision())) {
            return Optional.empty();
        }
        long until = write.timeToLive().map(this::after).orElse(FOREVER);
        values.put(write.key(), new Value(write.value(), count(now), until));
        return entry(write.key());
    }

    /** Deletes a key; returns whether it had the revision. */
    boolean delete(Delete delete) {
        boolean deletes = values.containsKey(delete.key()) && isAt(delete.key(), delete.revision());
        if (deletes) {
            values.remove(delete.key());
        }
        return deletes;
    }

    /** Grants a lease, and returns its token; empty if another owner holds it. */
    OptionalLong acquire(Claim claim, Instant now) {
        Grant held = grants.get(claim.name());
        if (held != null && !held.owner.equals(claim.owner())) {
            return OptionalLong.empty();
        }
        Grant granted = new Grant(claim.owner(), count(now), after(claim.term()));
        grants.put(claim.name(), granted);
        return OptionalLong.of(granted.token);
    }

    boolean isHeld(Lease lease) {
        Grant grant = grants.get(lease.name());
        return grant != null && grant.token == lease.token();
    }

    void renew(Lease lease) {
        grants.put(lease.name(), new Grant(lease.owner(), lease.token(), after(lease.term())));
    }

    void release(Lease lease) {
        grants.remove(lease.name());
    }

    private boolean isAt(String key, long revision) {
        Value value = values.get(key);
        return revision == (value == null ? 0 : value.revision);
    }

    private long after(Duration length) {
        return time.nanos() + length.toNanos();
    }

    private long count(Instant now) {
        counter = Math.max(counter + 1, ChronoUnit.MICROS.between(Instant.EPOCH, now));
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
        values.values().removeIf(value -> value.until <= time.nanos());
        grants.values().removeIf(grant -> grant.until <= time.nanos());
    }

    private static void add(StringBuilder text, Stream<?> words) {
        String separator = "";
        for (Object word : words.toList()) {
            text.append(separator).append(URLEncoder.encode(word.toString(), StandardCharsets.UTF_8));
            separator = " ";
        }
        text.append('\n');
    }

    private static List<String> words(String line) {
        return Stream.of(line.split(" ", -1))
                .map(word -> URLDecoder.decode(word, StandardCharsets.UTF_8))
                .toList();
    }

    private static String word(List<String> words, int number) {
        if (words.size() <= number) {
            throw new IllegalArgumentException("there are words missing after " + String.join(" ", words));
        }
        return words.get(number);
    }
}
