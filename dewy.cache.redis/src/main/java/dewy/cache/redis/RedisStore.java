package dewy.cache.redis;

import static dewy.cache.redis.Session.bytes;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.Problem;
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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Protocol.Command;

/**
 * A store in Redis. Each change is one script, which looks at the lease and the revision and then writes. Revisions and tokens
 * come from one counter, which is never behind the server's clock.
 */
final class RedisStore implements Store, Watching, HealthCheck {
    /** How long replicas have to confirm what was changed. */
    private static final Duration CONFIRMATION = Duration.ofSeconds(2);

    /** How many values are listed at once, of which each may be large. */
    private static final int PAGE = 50;

    private final Redis redis;
    private final int replicas;
    private final LongSupplier nanoTime;
    private final List<String> keys;
    private final String channel;
    private final Lifetime lifetime = new Lifetime();
    private final Set<Watch> watches = ConcurrentHashMap.newKeySet();

    RedisStore(Redis redis, int replicas, LongSupplier nanoTime) {
        this.redis = redis;
        this.replicas = replicas;
        this.nanoTime = nanoTime;
        String prefix = redis.settings().keys() + "store:";
        this.keys = List.of(
                prefix + "values", prefix + "index", prefix + "expiries", prefix + "leases", prefix + "counter");
        this.channel = prefix + "changes";
    }

    @Override
    public Optional<Entry> read(Call call, String key) throws DewyException {
        try (Session session = open(call, "read from the store")) {
            return run(session, Script.READ, bytes(key)) instanceof List<?> found
                    ? Optional.of(new Entry(key, text(found, 1), number(found, 0)))
                    : Optional.empty();
        }
    }

    @Override
    public List<Entry> list(Call call, String prefix) throws DewyException {
        try (Session session = open(call, "list the store")) {
            return list(session, prefix);
        }
    }

    private List<Entry> list(Session session, String prefix) throws DewyException {
        List<Entry> entries = new ArrayList<>();
        Optional<String> last = Optional.of("");
        while (last.isPresent()) {
            Object answer = run(session, Script.LIST, bytes(prefix), bytes(last.get()), bytes(String.valueOf(PAGE)));
            List<?> page = answer instanceof List<?> list ? list : List.of();
            last = page.isEmpty() ? Optional.empty() : session.text(page.get(0));
            if (page.size() > 1 && page.get(1) instanceof List<?> found) {
                for (Object each : found) {
                    if (each instanceof List<?> parts) {
                        entries.add(new Entry(text(parts, 0), text(parts, 2), number(parts, 1)));
                    }
                }
            }
        }
        return entries;
    }

    @Override
    public Optional<Entry> compareAndSet(Call call, Write write) throws DewyException {
        List<?> answer = change(
                call,
                "write to the store",
                write.lease(),
                Script.SET,
                bytes(write.key()),
                bytes(write.value()),
                bytes(String.valueOf(write.revision())),
                bytes(String.valueOf(write.timeToLive().map(RedisStore::millis).orElse(0L))),
                bytes(write.lease().map(Lease::name).orElse("")),
                bytes(token(write.lease())));
        return isDone(answer)
                ? Optional.of(new Entry(write.key(), write.value(), number(answer, 1)))
                : Optional.empty();
    }

    @Override
    public boolean compareAndDelete(Call call, Delete delete) throws DewyException {
        return isDone(change(
                call,
                "delete from the store",
                delete.lease(),
                Script.DELETE,
                bytes(delete.key()),
                bytes(String.valueOf(delete.revision())),
                bytes(delete.lease().map(Lease::name).orElse("")),
                bytes(token(delete.lease()))));
    }

    @Override
    public Optional<Lease> acquire(Call call, Claim claim) throws DewyException {
        long asked = nanoTime.getAsLong();
        List<?> answer = change(
                call,
                "take the lease " + claim.name() + " in",
                Optional.empty(),
                Script.ACQUIRE,
                bytes(claim.name()),
                bytes(claim.owner()),
                bytes(String.valueOf(millis(claim.term()))));
        return isDone(answer)
                ? Optional.of(Lease.granted(claim, number(answer, 1), asked, nanoTime))
                : Optional.empty();
    }

    @Override
    public void renew(Call call, Lease lease) throws DewyException {
        long asked = nanoTime.getAsLong();
        change(
                call,
                "renew the lease " + lease.name() + " in",
                Optional.of(lease),
                Script.RENEW,
                bytes(lease.name()),
                bytes(String.valueOf(lease.token())),
                bytes(lease.owner()),
                bytes(String.valueOf(millis(lease.term()))));
        lease.renewed(asked);
    }

    @Override
    public void release(Call call, Lease lease) throws DewyException {
        lifetime.bind(call).check();
        lease.released();
        change(
                call,
                "give back the lease " + lease.name() + " to",
                Optional.empty(),
                Script.RELEASE,
                bytes(lease.name()),
                bytes(String.valueOf(lease.token())));
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

    /** Tells a watcher what there is, and then what changes, until the call ends or the connection breaks. */
    void tell(Call call, String prefix, Watcher watcher) throws DewyException {
        try (Session changes = open(call, "watch the store")) {
            changes.ask(Command.SUBSCRIBE, bytes(channel));
            changes.awaitMessagesFor(Watch.LONGEST_SILENCE);
            for (Entry entry : list(call, prefix)) {
                call.check();
                watcher.changed(entry.key(), entry.revision());
            }
            while (true) {
                Object message = changes.next();
                call.check();
                if (message instanceof List<?> parts && parts.size() == 3) {
                    String[] change = text(parts, 2).split(" ", 2);
                    if (change.length == 2 && change[1].startsWith(prefix)) {
                        watcher.changed(change[1], Long.parseLong(change[0]));
                    }
                }
            }
        }
    }

    /** Refuses a server that would throw away what hosts agreed on when its memory is full. */
    @Override
    public void check(Call call) throws DewyException {
        try (Session session = open(call, "reach the store")) {
            String memory =
                    session.text(session.ask(Command.INFO, bytes("memory"))).orElse("");
            if (!memory.contains("maxmemory:0\r\n") && memory.contains("maxmemory_policy:allkeys-")) {
                throw new InvalidException(Problem.of(
                        "use as a store",
                        redis.settings(),
                        "it throws away any key when its memory is full",
                        "Set its maxmemory-policy to noeviction, or to one that begins with volatile-"));
            }
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

    private Session open(Call call, String tried) throws DewyException {
        return redis.open(lifetime.bind(call), tried);
    }

    private @Nullable Object run(Session session, Script script, byte[]... arguments) throws DewyException {
        byte[][] all = new byte[arguments.length + 1][];
        all[0] = bytes(channel);
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return session.run(script, keys, all);
    }

    /** Runs a script that changes something. */
    private List<?> change(Call call, String tried, Optional<Lease> under, Script script, byte[]... arguments)
            throws DewyException {
        lifetime.bind(call).check();
        if (under.isPresent()) {
            under.get().check();
        }
        try (Session session = open(call, tried)) {
            List<?> answer = run(session, script, arguments) instanceof List<?> list ? list : List.of("");
            if (text(answer, 0).equals("lost")) {
                throw lost(under);
            }
            if (isDone(answer)) {
                session.awaitReplicas(replicas, CONFIRMATION);
            }
            return answer;
        }
    }

    private static LostLeaseException lost(Optional<Lease> lease) {
        return lease.orElseThrow().lose("Redis has granted it anew, or ended it");
    }

    private static boolean isDone(List<?> answer) {
        return text(answer, 0).equals("done");
    }

    private static String text(List<?> parts, int index) {
        return index < parts.size() && parts.get(index) instanceof byte[] bytes
                ? new String(bytes, StandardCharsets.UTF_8)
                : "";
    }

    private static long number(List<?> parts, int index) {
        return Long.parseLong(text(parts, index));
    }

    private static String token(Optional<Lease> lease) {
        return lease.map(Lease::token).map(String::valueOf).orElse("");
    }

    /** Rounded up: nothing ends before its time is over. */
    private static long millis(Duration time) {
        return time.plusNanos(999_999).toMillis();
    }
}
