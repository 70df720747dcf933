package dewy.cache.consul;

import static dewy.cache.consul.Conversation.bytes;

import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.StorageException;
import dewy.api.cache.Blob;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * How the blobs of an app lie in Consul: a manifest each, whose flags are the time of its last use, and the chunks below its
 * id. While a blob is written its id is among the uploads, held by a session; chunks whose id is neither there nor in a
 * manifest were left behind, and are removed by whoever writes next.
 */
final class Blobs {
    /** How long an agent may take from one chunk to the next. */
    static final Duration KEPT = Duration.ofMinutes(10);

    /** A manifest that is there, and what Consul says of it. */
    record Held(Manifest manifest, Value value) {
        Blob blob() {
            return manifest.blob();
        }
    }

    private final Consul consul;
    private final long maxSize;
    private final InstantSource clock;
    private final String manifests;
    private final String contents;
    private final String uploads;
    private final String current;

    Blobs(Consul consul, long maxSize, InstantSource clock) {
        this.consul = consul;
        this.maxSize = maxSize;
        this.clock = clock;
        this.manifests = consul.keys() + "cache/blobs/";
        this.contents = consul.keys() + "cache/content/";
        this.uploads = consul.keys() + "cache/uploads/";
        this.current = consul.keys() + "cache/current/";
    }

    long maxSize() {
        return maxSize;
    }

    Optional<Held> find(Conversation conversation, String key) throws DewyException {
        Optional<Held> held = conversation.read(manifests + Names.encode(key)).flatMap(this::held);
        return held.isPresent() && isWhole(conversation, held.get()) ? held : Optional.empty();
    }

    private boolean isWhole(Conversation conversation, Held held) throws DewyException {
        return conversation.keys(content(held.manifest().id())).size()
                == held.manifest().chunks();
    }

    /** Returns what is held, least recently used first. */
    List<Held> list(Conversation conversation) throws DewyException {
        List<Held> whole = new ArrayList<>();
        for (Held each : manifests(conversation)) {
            if (isWhole(conversation, each)) {
                whole.add(each);
            }
        }
        return whole;
    }

    private List<Held> manifests(Conversation conversation) throws DewyException {
        return conversation.all(manifests).stream()
                .flatMap(value -> held(value).stream())
                .sorted(Comparator.comparingLong(held -> held.value().flags()))
                .toList();
    }

    private Optional<Held> held(Value value) {
        return Names.decode(value.key().substring(manifests.length()))
                .flatMap(key -> Manifest.parse(key, value.text()))
                .map(manifest -> new Held(manifest, value));
    }

    /** Notes a use; whoever changes it at the same time has noted one too. */
    void touch(Conversation conversation, Held held) throws DewyException {
        Value value = held.value();
        conversation.run(new Transaction()
                .replace(
                        value.key(),
                        value.index(),
                        value.content(),
                        clock.instant().toEpochMilli()));
    }

    /** Removes a blob, unless another one has taken its place. */
    void remove(Conversation conversation, Held held) throws DewyException {
        Optional<Held> now = conversation.read(held.value().key()).flatMap(this::held);
        if (now.isPresent() && now.get().manifest().equals(held.manifest())) {
            Transaction.Result removed = conversation.run(new Transaction()
                    .delete(held.value().key(), now.get().value().index()));
            if (removed.isDone()) {
                conversation.deleteAll(content(held.manifest().id()));
            }
        }
    }

    void delete(Conversation conversation, String key) throws DewyException {
        String name = manifests + Names.encode(key);
        Optional<Held> held = conversation.read(name).flatMap(this::held);
        conversation.delete(name);
        if (held.isPresent()) {
            conversation.deleteAll(content(held.get().manifest().id()));
        }
    }

    void markCurrent(Conversation conversation, String host, String key) throws DewyException {
        conversation.write(current + Names.encode(host), bytes(key));
    }

    /**
     * Has others make room for a blob, those used least recently first, but for those that are current on a host.
     *
     * @throws StorageException if there is none; nothing was removed then
     */
    void makeRoom(Conversation conversation, String key, long size) throws DewyException {
        if (size > maxSize) {
            throw tooLarge(
                    key, "it has at least " + size + " bytes, and the cache may hold " + maxSize + " (max-size)");
        }
        Set<String> kept = new HashSet<>();
        conversation.all(current).forEach(each -> kept.add(each.text()));
        List<Held> others = manifests(conversation).stream()
                .filter(held -> !held.blob().key().equals(key))
                .toList();
        long total = sum(others);
        List<Held> evictable = others.stream()
                .filter(held -> !kept.contains(held.blob().key()))
                .toList();
        long staying = total - sum(evictable);
        if (staying + size > maxSize) {
            throw tooLarge(
                    key,
                    "it needs " + size + " bytes, and of the " + maxSize + " that the cache may hold (max-size), "
                            + staying + " are current on a host");
        }
        for (Held next : evictable) {
            if (total + size <= maxSize) {
                break;
            }
            remove(conversation, next);
            total -= next.blob().size();
        }
    }

    private static long sum(List<Held> held) {
        return held.stream().mapToLong(each -> each.blob().size()).sum();
    }

    private StorageException tooLarge(String key, String why) {
        return new StorageException(Problem.of(
                "keep " + key + " in",
                consul,
                why,
                "Allow more with max-size=, or keep artifacts elsewhere: all that Consul holds is in its memory"));
    }

    /** Begins an upload; returns the session that holds it. */
    String begin(Conversation conversation, String id) throws DewyException {
        String session = conversation.openSession(KEPT);
        conversation.run(new Transaction().createFor(session, uploads + id, new byte[0]));
        return session;
    }

    /** Removes what agents left behind that were killed, in an order in which nothing that is being written is among it. */
    void sweep(Conversation conversation) throws DewyException {
        Set<String> ids = new HashSet<>();
        conversation
                .keys(contents)
                .forEach(key -> ids.add(key.substring(contents.length()).split("/", 2)[0]));
        if (ids.isEmpty()) {
            return;
        }
        conversation.keys(uploads).forEach(key -> ids.remove(key.substring(uploads.length())));
        conversation.all(manifests).forEach(value -> held(value)
                .ifPresent(held -> ids.remove(held.manifest().id())));
        for (String left : ids) {
            conversation.deleteAll(content(left));
        }
    }

    /** Makes an upload a blob; returns whether its session still held it, and no other blob came in between. */
    boolean commit(Conversation conversation, Manifest manifest, Optional<Value> before) throws DewyException {
        String upload = uploads + manifest.id();
        Optional<Value> held = conversation.read(upload);
        if (held.isEmpty()) {
            return false;
        }
        Transaction commit = new Transaction().delete(upload, held.get().index());
        String name = manifests + Names.encode(manifest.blob().key());
        long now = clock.instant().toEpochMilli();
        byte[] text = bytes(manifest.toString());
        boolean done = conversation
                .run(
                        before.isPresent()
                                ? commit.replace(name, before.get().index(), text, now)
                                : commit.create(name, text, now))
                .isDone();
        Optional<Held> replaced = before.flatMap(this::held);
        if (done && replaced.isPresent()) {
            conversation.deleteAll(content(replaced.get().manifest().id()));
        }
        return done;
    }

    /** Returns what is in the place of a manifest, whether it can be one or not. */
    Optional<Value> manifest(Conversation conversation, String key) throws DewyException {
        return conversation.read(manifests + Names.encode(key));
    }

    boolean isUploading(Conversation conversation, String id) throws DewyException {
        return conversation.read(uploads + id).isPresent();
    }

    /** Has an upload begin again. */
    void clear(Conversation conversation, String id) throws DewyException {
        conversation.deleteAll(content(id));
    }

    void discard(Conversation conversation, String id, String session) throws DewyException {
        conversation.deleteAll(content(id));
        conversation.endSession(session);
    }

    void writeChunk(Conversation conversation, String id, long number, byte[] chunk) throws DewyException {
        conversation.write(chunk(id, number), chunk);
    }

    Optional<byte[]> readChunk(Conversation conversation, String id, long number) throws DewyException {
        return conversation.read(chunk(id, number)).map(Value::content);
    }

    private String content(String id) {
        return contents + id + "/";
    }

    private String chunk(String id, long number) {
        return content(id) + number;
    }

    static String newId() {
        return UUID.randomUUID().toString();
    }
}
