package dewy.registry.oci;

import dewy.api.Call;
import dewy.api.CancellableCall;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.PluginUrl;
import dewy.api.registry.Cursor;
import dewy.api.registry.Poll;
import dewy.api.release.Artifact;
import dewy.api.release.RegistryLogin;
import dewy.api.release.Release;
import dewy.http.SharedConnections;
import dewy.tck.TestApp;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A registry and the source beside it, opened as an app has them, and asked as core asks. */
final class OpenRegistry implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    final ImageRegistry registry;
    final ImageSource source;
    private final RegistryAccess access;
    private final AppContext app;
    private Optional<Cursor> cursor = Optional.empty();

    OpenRegistry(String url, Path folder, Map<String, String> environment, InstantSource clock) throws Exception {
        access = new RegistryAccess(name -> Optional.ofNullable(environment.get(name)), clock, new SharedConnections());
        app = TestApp.in(folder);
        registry = (ImageRegistry) new ImageRegistryProvider(access).open(PluginUrl.parse(url), app);
        source = (ImageSource) new ImageSourceProvider(access).open(PluginUrl.parse(url), app);
    }

    /** Returns the source of the image at an address. */
    ImageSource at(String address) throws Exception {
        return (ImageSource) new ImageSourceProvider(access).openAt(URI.create(address), app);
    }

    /** Polls from where the last poll ended, and returns the tags; empty where nothing is new. */
    Optional<List<String>> poll() throws Exception {
        Poll poll = call(call -> registry.poll(call, cursor));
        cursor = Optional.of(poll.cursor());
        return poll.releases()
                .map(releases -> releases.stream().map(Release::tag).sorted().toList());
    }

    Release complete(String tag) throws Exception {
        return call(call -> registry.complete(call, new Release(tag, Optional.empty(), List.of())));
    }

    /** Returns the image of a tag, as core comes to know it. */
    Artifact image(String tag) throws Exception {
        Release release = complete(tag);
        Artifact located = source.locate(release);
        Artifact known = release.artifacts().stream().findFirst().orElse(located);
        return call(call -> source.describe(call, release, known));
    }

    Optional<RegistryLogin> login(String place) throws Exception {
        return call(call -> source.login(call, Artifact.image(place, place)));
    }

    interface Asking<T> {
        T ask(Call call) throws Exception;
    }

    static <T> T call(Asking<T> asking) throws Exception {
        try (CancellableCall call = CancellableCall.of("test", LIMIT)) {
            return asking.ask(call);
        }
    }

    @Override
    public void close() {
        registry.close();
        source.close();
    }
}
