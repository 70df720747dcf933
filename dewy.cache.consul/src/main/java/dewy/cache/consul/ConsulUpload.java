package dewy.cache.consul;

import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.UnreachableException;
import dewy.api.cache.Blob;
import dewy.keyvalue.ChunkedWriter;
import dewy.keyvalue.Manifest;
import java.util.Optional;
import java.util.UUID;

/** The chunks of a blob, which a session holds until they are committed. */
final class ConsulUpload implements ChunkedWriter.Upload {
    /** The session is renewed after so many chunks, long before its time is over. */
    private static final int RENEWED_AFTER = 16;

    private final Conversation conversation;
    private final Blobs blobs;
    private final String key;
    private final String id;
    private final String session;
    private boolean committed;

    private ConsulUpload(Conversation conversation, Blobs blobs, String key, String id, String session) {
        this.conversation = conversation;
        this.blobs = blobs;
        this.key = key;
        this.id = id;
        this.session = session;
    }

    /** Begins an upload, which owns the conversation from then on. */
    static ConsulUpload begin(Conversation conversation, Blobs blobs, String key) throws DewyException {
        String id = UUID.randomUUID().toString();
        return new ConsulUpload(conversation, blobs, key, id, blobs.begin(conversation, id));
    }

    @Override
    public void makeRoom(long size) throws DewyException {
        blobs.makeRoom(conversation, key, size);
    }

    @Override
    public void write(long number, byte[] chunk) throws DewyException {
        blobs.writeChunk(conversation, id, number, chunk);
        if ((number + 1) % RENEWED_AFTER == 0) {
            conversation.renewSession(session);
        }
    }

    @Override
    public Optional<byte[]> read(long number) throws DewyException {
        return blobs.readChunk(conversation, id, number);
    }

    @Override
    public void clear() throws DewyException {
        blobs.clear(conversation, id);
    }

    @Override
    public void commit(Blob blob, long chunks) throws DewyException {
        Manifest manifest = new Manifest(blob, id, chunks);
        while (!committed) {
            Optional<Blobs.Held> before = blobs.find(conversation, key);
            if (before.isPresent() && before.get().blob().equals(blob)) {
                // Another host was first: whoever reads what it wrote is not to lose it.
                return;
            }
            if (!blobs.isUploading(conversation, id)) {
                throw new UnreachableException(Problem.of(
                        "write to the cache",
                        key,
                        "its session has ended: an upload is kept for " + Blobs.KEPT.toMinutes()
                                + " minutes without progress",
                        "It is tried again later"));
            }
            blobs.makeRoom(conversation, key, blob.size());
            committed = blobs.commit(conversation, manifest, blobs.manifest(conversation, key));
        }
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
}
