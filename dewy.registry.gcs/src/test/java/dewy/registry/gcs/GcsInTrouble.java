package dewy.registry.gcs;

import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import dewy.api.artifact.ArtifactProvider;
import dewy.api.cache.CacheProvider;
import dewy.api.registry.RegistryProvider;
import dewy.api.store.StoreProvider;
import dewy.bucket.BucketInTrouble;
import dewy.bucket.Relay.Answer;
import dewy.bucket.VirtualBucket;
import dewy.http.SharedConnections;
import dewy.tck.WrongUrl;
import java.io.IOException;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/** GCS as the tests need it. */
final class GcsInTrouble extends BucketInTrouble {
    /** Has the same token whenever it is asked for a new one. */
    private static final class Always extends GoogleCredentials {
        private static final long serialVersionUID = 1L;

        @Override
        public AccessToken refreshAccessToken() {
            return new AccessToken(GcsServer.TOKEN, Date.from(Instant.now().plusSeconds(86_400)));
        }
    }

    private final GcsAccess access = access(transports -> new Always());

    GcsInTrouble() throws IOException {
        super(GcsServer.start());
    }

    /** Returns an access that asks with other credentials. */
    GcsAccess access(GcsAccess.Chain chain) {
        return new GcsAccess(
                name -> Optional.ofNullable(environment.get(name)), clock(), new SharedConnections(), chain);
    }

    @Override
    public String url(String prefix) {
        return "gs://" + asked + "/" + prefix + "?endpoint=" + relay.address();
    }

    @Override
    public String address(String key) {
        environment.put("STORAGE_EMULATOR_HOST", relay.address());
        return "gs://" + asked + "/" + key;
    }

    @Override
    public List<WrongUrl> wrongUrls() {
        return List.of(
                WrongUrl.of("gs:"),
                WrongUrl.of("gs://UPPER"),
                WrongUrl.of("gs://bucket/a//b"),
                WrongUrl.of("gs://user:secret@bucket"),
                WrongUrl.of("gs://bucket?endpoint=http://example.com", "endpoint"),
                WrongUrl.of("gs://bucket?endpoint=example.com", "endpoint"),
                WrongUrl.of("gs://bucket?ca=/nowhere&key=/nowhere", "ca", "key"));
    }

    @Override
    public String secret() {
        return GcsServer.TOKEN;
    }

    @Override
    public RegistryProvider registries() {
        return new GcsRegistryProvider(access);
    }

    @Override
    public ArtifactProvider artifacts() {
        return new GcsArtifactProvider(access);
    }

    @Override
    public CacheProvider caches() {
        return new GcsCacheProvider(access);
    }

    @Override
    public StoreProvider stores(LongSupplier nanoTime) {
        return new GcsStoreProvider(access, nanoTime);
    }

    @Override
    public VirtualBucket virtual() {
        return new GcsVirtualBucket();
    }

    /** The server refuses nobody. */
    @Override
    protected void refuse() {
        relay.instead = asked -> Optional.of(GcsServer.refusal(401, "authError", "Invalid Credentials"));
    }

    /** The server does not say of content whether it is the bucket that is not there. */
    @Override
    protected void miss() {
        super.miss();
        relay.instead = asked -> asked.target().contains("alt=media")
                ? Optional.of(Answer.of(404, "The specified bucket does not exist."))
                : Optional.empty();
    }

    @Override
    public void close() throws IOException {
        access.close();
        super.close();
    }
}
