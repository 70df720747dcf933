package dewy.registry.s3;

import dewy.api.artifact.ArtifactProvider;
import dewy.api.cache.CacheProvider;
import dewy.api.registry.RegistryProvider;
import dewy.api.store.StoreProvider;
import dewy.bucket.BucketInTrouble;
import dewy.bucket.VirtualBucket;
import dewy.http.SharedConnections;
import dewy.tck.WrongUrl;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;

/** S3 as the tests need it. */
final class S3InTrouble extends BucketInTrouble {
    private volatile String password = S3Server.SECRET;
    private final S3Access access = new S3Access(
            name -> Optional.ofNullable(environment.get(name)),
            clock(),
            new SharedConnections(),
            () -> () -> AwsBasicCredentials.create(S3Server.KEY_ID, password));

    S3InTrouble() throws IOException {
        super(S3Server.start());
    }

    @Override
    public String url(String prefix) {
        return "s3://" + S3Server.REGION + "/" + asked + "/" + prefix + "?endpoint=" + relay.address();
    }

    @Override
    public String address(String key) {
        environment.put("AWS_ENDPOINT_URL", relay.address());
        return "s3://" + S3Server.REGION + "/" + asked + "/" + key;
    }

    @Override
    public List<WrongUrl> wrongUrls() {
        return List.of(
                WrongUrl.of("s3:"),
                WrongUrl.of("s3://eu-west-1"),
                WrongUrl.of("s3://bucket/app"),
                WrongUrl.of("s3://eu-west-1/UPPER"),
                WrongUrl.of("s3://eu-west-1/bucket/a//b"),
                WrongUrl.of("s3://user:secret@eu-west-1/bucket"),
                WrongUrl.of("s3://eu-west-1/bucket?endpoint=http://example.com", "endpoint"),
                WrongUrl.of("s3://eu-west-1/bucket?endpoint=example.com", "endpoint"),
                WrongUrl.of(
                        "s3://eu-west-1/bucket?path-style=maybe&requester-pays=no-idea&ca=/nowhere&key=/nowhere",
                        "path-style",
                        "requester-pays",
                        "ca",
                        "key"));
    }

    @Override
    public String secret() {
        return S3Server.SECRET;
    }

    @Override
    public RegistryProvider registries() {
        return new S3RegistryProvider(access);
    }

    @Override
    public ArtifactProvider artifacts() {
        return new S3ArtifactProvider(access);
    }

    @Override
    public CacheProvider caches() {
        return new S3CacheProvider(access);
    }

    @Override
    public StoreProvider stores(LongSupplier nanoTime) {
        return new S3StoreProvider(access, nanoTime);
    }

    @Override
    public VirtualBucket virtual() {
        return new S3VirtualBucket();
    }

    @Override
    protected void refuse() {
        password = "another";
    }

    @Override
    public void close() throws IOException {
        access.close();
        super.close();
    }
}
