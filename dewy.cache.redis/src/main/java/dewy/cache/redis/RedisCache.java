package dewy.cache.redis;

import static dewy.cache.redis.Session.bytes;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.NotFoundException;
import dewy.api.Problem;
import dewy.api.cache.Blob;
import dewy.api.cache.BlobWriter;
import dewy.api.cache.Cache;
import dewy.api.cache.VerifyingStream;
import dewy.api.plugin.HealthCheck;
import dewy.api.plugin.Lifetime;
import dewy.keyvalue.Capacity;
import dewy.keyvalue.ChunkedContent;
import dewy.keyvalue.ChunkedWriter;
import dewy.keyvalue.Manifest;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Protocol.Command;

/** A cache in Redis, which all hosts of an app share. */
final class RedisCache implements Cache, HealthCheck {
    private static final int CHUNK = 1 << 20;

    private final Redis redis;
    private final String host;
    private final Capacity capacity;
    private final BlobKeys keys;
    private final Lifetime lifetime = new Lifetime();

    RedisCache(Redis redis, String host, Capacity capacity) {
        this.redis = redis;
        this.host = host;
        this.capacity = capacity;
        this.keys = new BlobKeys(redis.settings().keys() + "cache:");
    }

    @Override
    public Optional<Blob> find(Call call, String key) throws DewyException {
        try (Session session = open(call, "look into the cache")) {
            return find(session, key, false).map(Manifest::blob);
        }
    }

    @Override
    public InputStream read(Call call, Blob blob) throws DewyException {
        Session session = open(call, "read from the cache");
        try {
            Manifest manifest = find(session, blob.key(), true)
                    .filter(held -> held.blob().equals(blob))
                    .orElseThrow(() -> new NotFoundException(Problem.of(
                            "read from the cache", blob.key(), redis.settings() + " does not hold it any more", "")));
            ChunkedContent.Chunks chunks = RedisUpload.chunks(session, keys.content(manifest.id()));
            return new VerifyingStream(
                    new ChunkedContent(manifest, chunks), blob, () -> discard(session, manifest), session::close);
        } catch (DewyException e) {
            session.close();
            throw e;
        }
    }

    @Override
    public BlobWriter write(Call call, String key, long expectedSize) throws DewyException {
        RedisUpload upload = new RedisUpload(open(call, "write to the cache"), capacity, keys, key);
        long expected = Math.max(0, expectedSize);
        try {
            upload.makeRoom(expected);
            return new ChunkedWriter(lifetime.bind(call), key, upload, capacity, CHUNK, expected);
        } catch (DewyException e) {
            upload.close();
            throw e;
        }
    }

    @Override
    public void delete(Call call, String key) throws DewyException {
        try (Session session = open(call, "delete from the cache")) {
            delete(session, key, "");
        }
    }

    @Override
    public List<Blob> list(Call call) throws DewyException {
        try (Session session = open(call, "list the cache")) {
            List<Blob> blobs = new ArrayList<>();
            Object answer = session.run(Script.LIST_BLOBS, keys.all(), bytes(keys.contents()));
            List<?> parts = answer instanceof List<?> list ? list : List.of();
            for (int i = 0; i + 1 < parts.size(); i += 2) {
                manifest(Session.text(parts.get(i)).orElse(""), parts.get(i + 1))
                        .map(Manifest::blob)
                        .ifPresent(blobs::add);
            }
            return blobs;
        }
    }

    @Override
    public void markCurrent(Call call, String key) throws DewyException {
        try (Session session = open(call, "note what is current in the cache")) {
            session.ask(Command.HSET, bytes(keys.all().get(2)), bytes(host), bytes(key));
        }
    }

    @Override
    public void check(Call call) throws DewyException {
        try (Session session = open(call, "reach the cache")) {
            session.ask(Command.PING);
        }
    }

    @Override
    public void close() {
        lifetime.close();
    }

    private Session open(Call call, String tried) throws DewyException {
        return redis.open(lifetime.bind(call), tried);
    }

    private Optional<Manifest> find(Session session, String key, boolean used) throws DewyException {
        Object answer =
                session.run(Script.OPEN_BLOB, keys.all(), bytes(keys.contents()), bytes(key), bytes(used ? "1" : "0"));
        return manifest(key, answer);
    }

    private static Optional<Manifest> manifest(String key, @Nullable Object answer) {
        return Session.text(answer).flatMap(text -> Manifest.parse(key, text));
    }

    private void delete(Session session, String key, String manifest) throws DewyException {
        session.run(Script.DELETE_BLOB, keys.all(), bytes(keys.contents()), bytes(key), bytes(manifest));
    }

    /** Removes what is damaged, unless another one has taken its place. */
    private void discard(Session session, Manifest damaged) {
        try {
            delete(session, damaged.blob().key(), damaged.toString());
        } catch (DewyException e) {
            // Whoever reads it next finds out again.
        }
    }
}
