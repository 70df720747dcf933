package dewy.registry.gcs;

import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import dewy.api.DewyException;
import dewy.api.NotFoundException;
import dewy.api.UnauthorizedException;
import dewy.api.UnreachableException;
import dewy.http.Environment;
import dewy.http.SharedConnections;
import dewy.registry.gcs.Relay.Answer;
import dewy.registry.gcs.Relay.Asked;
import dewy.tck.Trouble;
import dewy.tck.WrongUrl;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** GCS as the tests need it: a bucket of their own at a real server, behind a relay by which anything can befall it. */
final class GcsInTrouble implements AutoCloseable {
    static final List<WrongUrl> WRONG_URLS = List.of(
            WrongUrl.of("gs:"),
            WrongUrl.of("gs://UPPER"),
            WrongUrl.of("gs://bucket/a//b"),
            WrongUrl.of("gs://user:secret@bucket"),
            WrongUrl.of("gs://bucket?endpoint=http://example.com", "endpoint"),
            WrongUrl.of("gs://bucket?endpoint=example.com", "endpoint"),
            WrongUrl.of("gs://bucket?ca=/nowhere&key=/nowhere", "ca", "key"));

    /** Has the same token whenever it is asked for a new one. */
    private static final class Always extends GoogleCredentials {
        private static final long serialVersionUID = 1L;

        private final AccessToken token;

        Always(AccessToken token) {
            this.token = token;
        }

        @Override
        public AccessToken refreshAccessToken() {
            return token;
        }
    }

    final GcsServer server = GcsServer.start();
    final Relay relay;
    final String bucket = "test-" + UUID.randomUUID();
    final Map<String, String> environment = new ConcurrentHashMap<>();
    private volatile String asked = bucket;

    GcsInTrouble() throws IOException {
        relay = new Relay(server.port());
        server.createBucket(bucket);
    }

    GcsAccess access() {
        return access(InstantSource.system());
    }

    GcsAccess access(InstantSource clock) {
        Environment variables = name -> Optional.ofNullable(environment.get(name));
        AccessToken token =
                new AccessToken(GcsServer.TOKEN, Date.from(Instant.now().plusSeconds(86_400)));
        return new GcsAccess(variables, clock, new SharedConnections(), transports -> new Always(token));
    }

    String url(String prefix) {
        return "gs://" + asked + "/" + prefix + "?endpoint=" + relay.address();
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
            case REFUSING ->
                relay.instead = asked -> Optional.of(Answer.error(401, "authError", "Invalid Credentials"));
            case MISSING -> {
                asked = "test-" + UUID.randomUUID();
                relay.instead = GcsInTrouble::withoutBucket;
            }
            case LYING -> relay.instead = asked -> Optional.of(Answer.of(200, "<html>please log in</html>"));
        }
    }

    /** The server does not say of content whether it is the bucket that is not there. */
    private static Optional<Answer> withoutBucket(Asked asked) {
        return asked.target().contains("alt=media")
                ? Optional.of(Answer.of(404, "The specified bucket does not exist."))
                : Optional.empty();
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
