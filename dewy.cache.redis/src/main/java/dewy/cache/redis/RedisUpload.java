package dewy.cache.redis;

import static dewy.cache.redis.Session.bytes;

import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.StorageException;
import dewy.api.UnreachableException;
import dewy.api.cache.Blob;
import dewy.keyvalue.Capacity;
import dewy.keyvalue.ChunkedContent;
import dewy.keyvalue.ChunkedWriter;
import dewy.keyvalue.Manifest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Protocol.Command;

/**
 * The chunks of a blob in a hash of its own, which Redis forgets by itself until it is committed: so nothing of it is left
 * behind by an agent that was killed.
 */
final class RedisUpload implements ChunkedWriter.Upload {
    /** How long an agent may take from one chunk to the next. */
    private static final Duration KEPT = Duration.ofMinutes(10);

    private final Session session;
    private final Capacity capacity;
    private final BlobKeys keys;
    private final String key;
    private final String id = UUID.randomUUID().toString();
    private boolean left;

    /** Creates an upload that owns the session. */
    RedisUpload(Session session, Capacity capacity, BlobKeys keys, String key) {
        this.session = session;
        this.capacity = capacity;
        this.keys = keys;
        this.key = key;
    }

    /** Returns the chunks in a hash. */
    static ChunkedContent.Chunks chunks(Session session, String hash) {
        return number -> session.ask(Command.HGET, bytes(hash), bytes(String.valueOf(number))) instanceof byte[] chunk
                ? Optional.of(chunk)
                : Optional.empty();
    }

    @Override
    public void makeRoom(long size) throws DewyException {
        capacity.require(key, size);
        requireNothingInTheWay(
                size,
                session.run(
                        Script.MAKE_ROOM,
                        keys.all(),
                        bytes(keys.contents()),
                        bytes(key),
                        bytes(String.valueOf(size)),
                        bytes(String.valueOf(capacity.bytes()))));
    }

    @Override
    public void write(long number, byte[] chunk) throws DewyException {
        left = true;
        session.run(
                Script.WRITE_CHUNK,
                keys.all(),
                bytes(keys.contents()),
                bytes(id),
                bytes(String.valueOf(number)),
                chunk,
                bytes(String.valueOf(KEPT.toMillis())));
    }

    @Override
    public Optional<byte[]> read(long number) throws DewyException {
        return chunks(session, keys.content(id)).read(number);
    }

    @Override
    public void clear() throws DewyException {
        session.ask(Command.UNLINK, bytes(keys.content(id)));
        left = false;
    }

    @Override
    public void commit(Blob blob, long chunks) throws DewyException {
        Object answer = session.run(
                Script.COMMIT_BLOB,
                keys.all(),
                bytes(keys.contents()),
                bytes(key),
                bytes(new Manifest(blob, id, chunks).toString()),
                bytes(String.valueOf(capacity.bytes())));
        List<?> parts = answer instanceof List<?> list ? list : List.of("");
        switch (Session.text(parts.get(0)).orElse("")) {
            case "done", "held" -> left = false;
            case "full" -> {
                requireNothingInTheWay(blob.size(), parts.get(1));
                throw new IllegalStateException("the script said that it is full, and not why");
            }
            default ->
                throw new UnreachableException(Problem.of(
                        "write to the cache",
                        capacity.server(),
                        "of " + key + " something is gone again: an upload is kept for " + KEPT.toMinutes()
                                + " minutes without progress, and Redis may evict what it has no room for",
                        "It is tried again later"));
        }
    }

    /** What was not committed Redis forgets by itself, if that cannot be asked for any more. */
    @Override
    public void close() {
        try {
            if (left) {
                clear();
            }
        } catch (DewyException e) {
            // Its time will come.
        }
        session.close();
    }

    private void requireNothingInTheWay(long size, @Nullable Object staying) throws StorageException {
        if (staying instanceof Long number) {
            throw capacity.exceeded(key, size, number);
        }
    }
}
