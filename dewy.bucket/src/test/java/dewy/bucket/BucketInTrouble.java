package dewy.bucket;

import dewy.api.artifact.ArtifactProvider;
import dewy.api.cache.CacheProvider;
import dewy.api.registry.RegistryProvider;
import dewy.api.store.StoreProvider;
import dewy.bucket.Relay.Answer;
import dewy.tck.Trouble;
import dewy.tck.WrongUrl;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A service as the tests need it: a bucket of their own at a real server, behind a relay by which anything can befall it, and
 * the plugins that are tested, which ask by way of that relay.
 */
public abstract class BucketInTrouble implements AutoCloseable {
    /** The one that tests look into, which no trouble befalls. */
    public final ObjectServer server;

    public final Relay relay;
    public final String bucket = "test-" + UUID.randomUUID();
    public final Map<String, String> environment = new ConcurrentHashMap<>();
    /** The name in {@link #url}. */
    protected volatile String asked = bucket;

    private volatile InstantSource time = InstantSource.system();

    protected BucketInTrouble(ObjectServer server) throws IOException {
        this.server = server;
        relay = new Relay(server.port());
        server.createBucket(bucket);
    }

    /** Returns the URL of a prefix, to which parameters may be appended with an ampersand. */
    public abstract String url(String prefix);

    /** Returns an address as a remote may name it, for a plugin that finds the relay by the environment. */
    public abstract String address(String key);

    public abstract List<WrongUrl> wrongUrls();

    public abstract String secret();

    public abstract RegistryProvider registries();

    public abstract ArtifactProvider artifacts();

    public abstract CacheProvider caches();

    public abstract StoreProvider stores(LongSupplier nanoTime);

    public abstract VirtualBucket virtual();

    /** Has the credentials refused. */
    protected abstract void refuse();

    /** Has the bucket not be there. */
    protected void miss() {
        asked = "test-" + UUID.randomUUID();
    }

    /** Returns the clock of the plugins. */
    protected final InstantSource clock() {
        return () -> time.instant();
    }

    final void setClock(InstantSource clock) {
        time = clock;
    }

    public final void put(String key, String content) {
        server.put(bucket, key, content.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns all keys. */
    public final List<String> keys() {
        return server.keys(bucket);
    }

    public final void befall(Trouble trouble) throws IOException {
        switch (trouble) {
            case DOWN -> relay.close();
            case HANGING -> relay.silent = true;
            case STALLING ->
                relay.tampering = (asked, answer) -> answer.cutAt(50).hanging();
            case BREAKING_OFF -> relay.tampering = (asked, answer) -> answer.cutAt(50);
            case REFUSING -> refuse();
            case MISSING -> miss();
            case LYING -> relay.instead = asked -> Optional.of(Answer.of(200, "<html>please log in</html>"));
        }
    }

    final void awaitHanging() throws InterruptedException {
        if (!relay.hanging.await(20, TimeUnit.SECONDS)) {
            throw new AssertionError("nothing was asked");
        }
    }

    @Override
    public void close() throws IOException {
        relay.close();
    }
}
