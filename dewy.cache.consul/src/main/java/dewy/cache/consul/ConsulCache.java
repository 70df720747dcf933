package dewy.cache.consul;

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
import java.io.InputStream;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** A cache in Consul, which all hosts of an app share. */
final class ConsulCache implements Cache, HealthCheck {
    private final Consul consul;
    private final String host;
    private final Blobs blobs;
    private final Lifetime lifetime = new Lifetime();

    ConsulCache(Consul consul, String host, long maxSize, InstantSource clock) {
        this.consul = consul;
        this.host = host;
        this.blobs = new Blobs(consul, maxSize, clock);
    }

    @Override
    public Optional<Blob> find(Call call, String key) throws DewyException {
        try (Conversation conversation = begin(call, "look into the cache")) {
            return blobs.find(conversation, key).map(Blobs.Held::blob);
        }
    }

    @Override
    public InputStream read(Call call, Blob blob) throws DewyException {
        Conversation conversation = begin(call, "read from the cache");
        try {
            Blobs.Held held = blobs.find(conversation, blob.key())
                    .filter(found -> found.blob().equals(blob))
                    .orElseThrow(() -> new NotFoundException(
                            Problem.of("read from the cache", blob.key(), consul + " does not hold it any more", "")));
            blobs.touch(conversation, held);
            return new VerifyingStream(
                    new BlobContent(conversation, blobs, held.manifest()),
                    blob,
                    () -> discard(conversation, held),
                    conversation::close);
        } catch (DewyException e) {
            conversation.close();
            throw e;
        }
    }

    @Override
    public BlobWriter write(Call call, String key, long expectedSize) throws DewyException {
        Conversation conversation = begin(call, "write to the cache");
        try {
            long expected = Math.max(0, expectedSize);
            blobs.makeRoom(conversation, key, expected);
            blobs.sweep(conversation);
            String id = Blobs.newId();
            return new ConsulBlobWriter(conversation, blobs, key, id, blobs.begin(conversation, id), expected);
        } catch (DewyException e) {
            conversation.close();
            throw e;
        }
    }

    @Override
    public void delete(Call call, String key) throws DewyException {
        try (Conversation conversation = begin(call, "delete from the cache")) {
            blobs.delete(conversation, key);
        }
    }

    @Override
    public List<Blob> list(Call call) throws DewyException {
        try (Conversation conversation = begin(call, "list the cache")) {
            return blobs.list(conversation).stream().map(Blobs.Held::blob).toList();
        }
    }

    @Override
    public void markCurrent(Call call, String key) throws DewyException {
        try (Conversation conversation = begin(call, "note what is current in the cache")) {
            blobs.markCurrent(conversation, host, key);
        }
    }

    @Override
    public void check(Call call) throws DewyException {
        try (Conversation conversation = begin(call, "reach the cache")) {
            conversation.check();
        }
    }

    @Override
    public void close() {
        lifetime.close();
    }

    private Conversation begin(Call call, String tried) throws DewyException {
        return Conversation.begin(lifetime.bind(call), consul, tried);
    }

    private void discard(Conversation conversation, Blobs.Held damaged) {
        try {
            blobs.remove(conversation, damaged);
        } catch (DewyException e) {
            // Whoever reads it next finds out again.
        }
    }
}
