package dewy.cache.redis;

import static dewy.cache.redis.Session.bytes;

import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.StorageException;
import dewy.api.UnreachableException;
import dewy.api.cache.Blob;
import dewy.api.cache.BlobWriter;
import dewy.api.release.Digest;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Protocol.Command;

/**
 * Writes a blob in chunks to a hash of its own, which Redis forgets by itself until it is committed: so nothing of it is
 * left behind by an agent that was killed. It holds one chunk at a time.
 */
final class RedisBlobWriter implements BlobWriter {
    static final int CHUNK = 1 << 20;

    /** How long an agent may take from one chunk to the next. */
    private static final Duration KEPT = Duration.ofMinutes(10);

    private final Session session;
    private final RedisSettings settings;
    private final BlobKeys keys;
    private final String key;
    private final long maxSize;
    private final String id;
    private final byte[] chunk = new byte[CHUNK];
    private MessageDigest digest = Digest.calculation("sha256");
    private int filled;
    private long chunks;
    private long size;
    private long roomFor;
    private boolean committed;

    RedisBlobWriter(Session session, RedisSettings settings, BlobKeys keys, String key, long maxSize, String id) {
        this.session = session;
        this.settings = settings;
        this.keys = keys;
        this.key = key;
        this.maxSize = maxSize;
        this.id = id;
    }

    /** Has others make room for a blob of that size. */
    void makeRoom(long bytes) throws DewyException {
        if (bytes > maxSize) {
            throw tooLarge("it has at least " + bytes + " bytes, and the cache may hold " + maxSize + " (max-size)");
        }
        Object staying = session.run(
                Script.MAKE_ROOM,
                keys.all(),
                bytes(keys.contents()),
                bytes(key),
                bytes(String.valueOf(bytes)),
                bytes(String.valueOf(maxSize)));
        requireNothingInTheWay(bytes, staying);
        roomFor = bytes;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws DewyException {
        session.check();
        if (size + length > maxSize) {
            makeRoom(size + length);
        }
        int done = 0;
        while (done < length) {
            int part = Math.min(length - done, CHUNK - filled);
            System.arraycopy(bytes, offset + done, chunk, filled, part);
            digest.update(bytes, offset + done, part);
            filled += part;
            done += part;
            size += part;
            if (filled == CHUNK) {
                send();
            }
        }
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public Digest digest(String algorithm) throws DewyException {
        session.check();
        return algorithm.equals("sha256") ? Digest.of(copyOf(digest)) : again(algorithm);
    }

    @Override
    public void reset() throws DewyException {
        session.ask(Command.UNLINK, content());
        digest = Digest.calculation("sha256");
        filled = 0;
        chunks = 0;
        size = 0;
    }

    @Override
    public Blob commit() throws DewyException {
        if (filled > 0) {
            send();
        }
        Blob blob = new Blob(key, size, digest("sha256"));
        Object answer = session.run(
                Script.COMMIT_BLOB,
                keys.all(),
                bytes(keys.contents()),
                bytes(key),
                bytes(new Manifest(blob, id, chunks).toString()),
                bytes(String.valueOf(maxSize)));
        List<?> parts = answer instanceof List<?> list ? list : List.of("");
        switch (session.text(parts.get(0)).orElse("")) {
            case "done", "held" -> {
                committed = true;
                return blob;
            }
            case "full" -> {
                requireNothingInTheWay(size, parts.get(1));
                throw new IllegalStateException("the script said that it is full, and not why");
            }
            default ->
                throw new UnreachableException(Problem.of(
                        "write to the cache",
                        settings,
                        "of " + key + " something is gone again: an upload is kept for " + KEPT.toMinutes()
                                + " minutes without progress, and Redis may evict what it has no room for",
                        "It is tried again later"));
        }
    }

    /** What was not committed Redis forgets by itself, if that cannot be asked for any more. */
    @Override
    public void close() {
        try {
            if (!committed && chunks > 0) {
                session.ask(Command.UNLINK, content());
            }
        } catch (DewyException e) {
            // Its time will come.
        }
        session.close();
    }

    private void send() throws DewyException {
        if (size > roomFor) {
            makeRoom(size);
        }
        byte[] bytes = filled == CHUNK ? chunk : Arrays.copyOf(chunk, filled);
        session.run(
                Script.WRITE_CHUNK,
                keys.all(),
                bytes(keys.contents()),
                bytes(id),
                bytes(String.valueOf(chunks)),
                bytes,
                bytes(String.valueOf(KEPT.toMillis())));
        chunks++;
        filled = 0;
    }

    /** Calculates what is hardly ever asked for, from what was sent. */
    private Digest again(String algorithm) throws DewyException {
        MessageDigest calculation = Digest.calculation(algorithm);
        for (long i = 0; i < chunks; i++) {
            if (session.ask(Command.HGET, content(), bytes(String.valueOf(i))) instanceof byte[] bytes) {
                calculation.update(bytes);
            }
        }
        calculation.update(chunk, 0, filled);
        return Digest.of(calculation);
    }

    private byte[] content() {
        return bytes(keys.contents() + id);
    }

    private static MessageDigest copyOf(MessageDigest digest) {
        try {
            return (MessageDigest) digest.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the digests of this Java cannot be copied", e);
        }
    }

    private void requireNothingInTheWay(long bytes, @Nullable Object staying) throws StorageException {
        if (staying instanceof Long number) {
            throw tooLarge("it needs " + bytes + " bytes, and of the " + maxSize
                    + " that the cache may hold (max-size), " + number + " are current on a host");
        }
    }

    private StorageException tooLarge(String why) {
        return new StorageException(Problem.of(
                "keep " + key + " in",
                settings,
                why,
                "Allow more with max-size=, or keep artifacts in a folder: --cache file:"));
    }
}
