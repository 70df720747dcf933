package dewy.cache.consul;

import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.UnreachableException;
import dewy.api.cache.Blob;
import dewy.api.cache.BlobWriter;
import dewy.api.release.Digest;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;

/** Writes a blob in chunks of the size that Consul allows for a value. It holds one at a time. */
final class ConsulBlobWriter implements BlobWriter {
    /** The limit of Consul, unless it is set otherwise there ({@code kv_max_value_size}). */
    static final int CHUNK = 512 << 10;

    /** The session is renewed after so many chunks, long before its time is over. */
    private static final int RENEWED_AFTER = 16;

    private final Conversation conversation;
    private final Blobs blobs;
    private final String key;
    private final String id;
    private final String session;
    private final byte[] chunk = new byte[CHUNK];
    private MessageDigest digest = Digest.calculation("sha256");
    private int filled;
    private long chunks;
    private long size;
    private long roomFor;
    private boolean committed;

    /** Creates a writer that owns the conversation, for an upload that has begun. */
    ConsulBlobWriter(Conversation conversation, Blobs blobs, String key, String id, String session, long roomFor) {
        this.conversation = conversation;
        this.blobs = blobs;
        this.key = key;
        this.id = id;
        this.session = session;
        this.roomFor = roomFor;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws DewyException {
        conversation.call().check();
        if (size + length > blobs.maxSize()) {
            blobs.makeRoom(conversation, key, size + length);
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
        conversation.call().check();
        return algorithm.equals("sha256") ? Digest.of(copyOf(digest)) : again(algorithm);
    }

    @Override
    public void reset() throws DewyException {
        digest = Digest.calculation("sha256");
        filled = 0;
        chunks = 0;
        size = 0;
        blobs.clear(conversation, id);
    }

    @Override
    public Blob commit() throws DewyException {
        if (filled > 0) {
            send();
        }
        Blob blob = new Blob(key, size, digest("sha256"));
        Manifest manifest = new Manifest(blob, id, chunks);
        do {
            Optional<Blobs.Held> before = blobs.find(conversation, key);
            if (before.isPresent() && before.get().blob().equals(blob)) {
                // Another host was first: whoever reads what it wrote is not to lose it.
                return blob;
            }
            if (!blobs.isUploading(conversation, id)) {
                throw new UnreachableException(Problem.of(
                        "write to the cache",
                        key,
                        "its session has ended: an upload is kept for " + Blobs.KEPT.toMinutes()
                                + " minutes without progress",
                        "It is tried again later"));
            }
            blobs.makeRoom(conversation, key, size);
            committed = blobs.commit(conversation, manifest, blobs.manifest(conversation, key));
        } while (!committed);
        return blob;
    }

    /** What was not committed goes with its session, if that cannot be asked for any more. */
    @Override
    public void close() {
        try {
            if (committed) {
                conversation.endSession(session);
            } else {
                blobs.discard(conversation, id, session);
            }
        } catch (DewyException e) {
            // Its time will come.
        }
        conversation.close();
    }

    private void send() throws DewyException {
        if (size > roomFor) {
            blobs.makeRoom(conversation, key, size);
            roomFor = size;
        }
        blobs.writeChunk(conversation, id, chunks, Arrays.copyOf(chunk, filled));
        chunks++;
        filled = 0;
        if (chunks % RENEWED_AFTER == 0) {
            conversation.renewSession(session);
        }
    }

    /** Calculates what is hardly ever asked for, from what was sent. */
    private Digest again(String algorithm) throws DewyException {
        MessageDigest calculation = Digest.calculation(algorithm);
        for (long i = 0; i < chunks; i++) {
            blobs.readChunk(conversation, id, i).ifPresent(calculation::update);
        }
        calculation.update(chunk, 0, filled);
        return Digest.of(calculation);
    }

    private static MessageDigest copyOf(MessageDigest digest) {
        try {
            return (MessageDigest) digest.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the digests of this Java cannot be copied", e);
        }
    }
}
