package dewy.artifact.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dewy.api.Call;
import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.artifact.ArtifactSource;
import dewy.api.artifact.ArtifactStream;
import dewy.api.plugin.PluginUrl;
import dewy.api.release.Artifact;
import dewy.api.release.Deliverable;
import dewy.api.release.Digest;
import dewy.api.release.Release;
import dewy.http.SharedConnections;
import dewy.tck.TestApp;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What the tests have in common: an environment, a clock that stands still, content, and a release. */
final class Fetching {
    static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    static final Release RELEASE = new Release("v1.0.0", Optional.empty(), List.of());
    /** 300,000 characters, of which no part is like another. */
    static final String CONTENT =
            IntStream.range(0, 50_000).mapToObj("%06d"::formatted).collect(Collectors.joining());

    final Map<String, String> environment = new ConcurrentHashMap<>(Map.of("HOME", "/nonexistent"));

    HttpArtifactSource source(String url) throws InvalidException {
        return source(url, true);
    }

    HttpArtifactSource source(String url, boolean allowsHttp) throws InvalidException {
        return (HttpArtifactSource)
                provider().open(PluginUrl.parse(url), TestApp.in(Path.of("")).allowingHttp(allowsHttp));
    }

    ArtifactSource sourceAt(URI address) throws InvalidException {
        return provider().openAt(address, TestApp.in(Path.of("")).allowingHttp(true));
    }

    private HttpArtifactProvider provider() {
        return new HttpArtifactProvider(
                name -> Optional.ofNullable(environment.get(name)),
                InstantSource.fixed(NOON),
                new SharedConnections(Duration.ofSeconds(20)));
    }

    static CancellableCall call() {
        return CancellableCall.of("test", Duration.ofSeconds(30));
    }

    static Deliverable deliverable(HttpArtifactSource source) {
        return new Deliverable(RELEASE, source.locate(RELEASE));
    }

    static ArtifactStream open(HttpArtifactSource source, Call call) throws DewyException {
        return source.open(call, deliverable(source), 0, Optional.empty());
    }

    /** Fetches the artifact whole. */
    static String fetch(HttpArtifactSource source) throws DewyException, IOException {
        try (CancellableCall call = call();
                ArtifactStream stream = open(source, call)) {
            return read(stream);
        }
    }

    static Artifact describe(HttpArtifactSource source) throws DewyException {
        try (CancellableCall call = call()) {
            return source.describe(call, RELEASE, source.locate(RELEASE));
        }
    }

    static String read(ArtifactStream stream) throws IOException {
        return new String(stream.bytes().readAllBytes(), UTF_8);
    }

    static Digest digest(String content) {
        var calculation = Digest.calculation("sha256");
        calculation.update(content.getBytes(UTF_8));
        return Digest.of(calculation);
    }
}
