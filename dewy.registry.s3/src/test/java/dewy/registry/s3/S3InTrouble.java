package dewy.registry.s3;

import dewy.api.DewyException;
import dewy.api.NotFoundException;
import dewy.api.UnauthorizedException;
import dewy.api.UnreachableException;
import dewy.http.Environment;
import dewy.http.SharedConnections;
import dewy.registry.s3.Relay.Answer;
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
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;

/** S3 as the tests need it: a bucket of their own at a real server, behind a relay by which anything can befall it. */
final class S3InTrouble implements AutoCloseable {
    static final List<WrongUrl> WRONG_URLS = List.of(
            WrongUrl.of("s3:"),
            WrongUrl.of("s3://eu-west-1"),
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

    final S3Server server = S3Server.start();
    final Relay relay;
    final String bucket = "test-" + UUID.randomUUID();
    final Map<String, String> environment = new ConcurrentHashMap<>();
    volatile String secret = S3Server.SECRET;
    private volatile String asked = bucket;

    S3InTrouble() throws IOException {
        relay = new Relay(server.port());
        server.createBucket(bucket);
    }

    S3Access access() {
        return access(InstantSource.system());
    }

    S3Access access(InstantSource clock) {
        Environment variables = name -> Optional.ofNullable(environment.get(name));
        return new S3Access(
                variables,
                clock,
                new SharedConnections(),
                () -> () -> AwsBasicCredentials.create(S3Server.KEY_ID, secret));
    }

    String url(String prefix) {
        return "s3://" + S3Server.REGION + "/" + asked + "/" + prefix + "?endpoint=" + relay.address();
    }

    void put(String key, String content) {
        server.put(bucket, key, content.getBytes(StandardCharsets.UTF_8));
    }

    static Map<Trouble, Class<? extends DewyException>> troubles(Class<? extends DewyException> lying) {
        return Map.of(
                Trouble.DOWN, UnreachableException.class,
                Trouble.HANGING, UnreachableException.class,
                Trouble.STALLING, UnreachableException.class,
                Trouble.BREAKING_OFF, UnreachableException.class,
                Trouble.REFUSING, UnauthorizedException.class,
                Trouble.MISSING, NotFoundException.class,
                Trouble.LYING, lying);
    }

    void befall(Trouble trouble) throws IOException {
        switch (trouble) {
            case DOWN -> relay.close();
            case HANGING -> relay.silent = true;
            case STALLING ->
                relay.tampering = (asked, answer) -> answer.cutAt(50).hanging();
            case BREAKING_OFF -> relay.tampering = (asked, answer) -> answer.cutAt(50);
            case REFUSING -> secret = "another";
            case MISSING -> asked = "test-" + UUID.randomUUID();
            case LYING -> relay.instead = asked -> Optional.of(Answer.of(200, "<html>please log in</html>"));
        }
    }

    void awaitHanging() throws InterruptedException {
        if (!relay.hanging.await(20, TimeUnit.SECONDS)) {
            throw new AssertionError("nothing was asked");
        }
    }

    long asked() {
        return relay.exchanged.size();
    }

    @Override
    public void close() throws IOException {
        relay.close();
    }
}
