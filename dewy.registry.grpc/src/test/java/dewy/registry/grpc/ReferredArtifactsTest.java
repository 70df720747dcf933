package dewy.registry.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.Call;
import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.NotFoundException;
import dewy.api.Problem;
import dewy.api.UnreachableException;
import dewy.api.artifact.ArtifactProvider;
import dewy.api.artifact.ArtifactSource;
import dewy.api.artifact.ArtifactStream;
import dewy.api.artifact.Authorizing;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.PluginUrl;
import dewy.api.plugin.Provider;
import dewy.api.release.Artifact;
import dewy.api.release.Deliverable;
import dewy.api.release.RegistryLogin;
import dewy.api.release.RegistryLogin.Kind;
import dewy.api.release.Release;
import dewy.registry.grpc.Messages.CurrentResponse;
import dewy.tck.ArtifactContract;
import dewy.tck.Trouble;
import dewy.tck.WrongUrl;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Artifacts that a server refers to, of which another plugin has the bytes. */
class ReferredArtifactsTest extends ArtifactContract {
    private final Map<String, String> memory = new ConcurrentHashMap<>();
    private final GrpcArtifactProvider provider = new GrpcArtifactProvider();

    @Override
    public Provider<ArtifactSource> provider() {
        return provider;
    }

    @Override
    public String url() {
        return "grpc://registry.example.com";
    }

    @Override
    public List<WrongUrl> wrongUrls() {
        return List.of(WrongUrl.of("grpc://"), WrongUrl.of("grpc://host?no-tls=perhaps", "no-tls"));
    }

    @Override
    public Map<Trouble, Class<? extends DewyException>> troubles() {
        return Map.of(Trouble.MISSING, NotFoundException.class);
    }

    @Override
    public void befall(Trouble trouble) {
        memory.clear();
    }

    @Override
    protected void publish(String content) {
        memory.put("/v1.0.0/app.tar.gz", content);
    }

    @Override
    protected void publishBeside(String ending, String content) {
        memory.put("/v1.0.0/app.tar.gz" + ending, content);
    }

    @Override
    protected Deliverable published() {
        return announced("memory://host/v1.0.0/app.tar.gz#7");
    }

    @Override
    protected Deliverable unpublished() {
        return new Deliverable(
                new Release("v2.0.0", Optional.empty(), List.of()), Artifact.archive("its artifact", ""));
    }

    @Test
    void lacksWhatIsNotYetAtItsAddress() throws Exception {
        Deliverable announced = published();
        memory.clear();
        try (ReferredArtifacts source = (ReferredArtifacts) provider.open(PluginUrl.parse(url()), app())) {
            assertThatThrownBy(() -> source.describe(call(), announced.release(), announced.artifact()))
                    .isInstanceOf(NotFoundException.class);
            publish("content");
            assertThat(source.describe(call(), announced.release(), announced.artifact()))
                    .isEqualTo(announced.artifact());
        }
    }

    @Test
    void areImagesThatArePulledAsTheirOwnSourceSays() throws Exception {
        CurrentResponse answer = new CurrentResponse("7/8", "v1.0.0", "img://example.com/app:v1", Optional.empty());
        Artifact image = AnnouncedArtifact.of(answer, true).orElseThrow();
        assertThat(image).isEqualTo(Artifact.image("example.com/app:v1", "example.com/app:v1#7/8"));
        assertThat(AnnouncedArtifact.releaseId(image)).isEqualTo("7/8");
        try (ReferredArtifacts source = (ReferredArtifacts) provider.open(PluginUrl.parse(url()), app())) {
            assertThat(source.login(call(), image).orElseThrow().user()).isEqualTo("img://example.com/app:v1");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"example.com/app:v1", "https://example.com/app:v1", "img://"})
    void areNoImagesAtAddressesOfOtherThings(String url) {
        CurrentResponse answer = new CurrentResponse("7", "v1.0.0", url, Optional.empty());
        assertThatThrownBy(() -> AnnouncedArtifact.of(answer, true))
                .isInstanceOf(UnreachableException.class)
                .hasMessageContaining("img://example.com/owner/app:v1.2.3");
    }

    private static CancellableCall call() {
        return CancellableCall.of("test", Duration.ofSeconds(20));
    }

    private static Deliverable announced(String location) {
        Artifact artifact = Artifact.archive("app.tar.gz", location);
        return new Deliverable(new Release("v1.0.0", Optional.empty(), List.of(artifact)), artifact);
    }

    /** The app of the contract, in an agent that has a plugin for the scheme {@code memory}. */
    @Override
    public AppContext app() {
        AppContext alone = super.app();
        return (AppContext) Proxy.newProxyInstance(
                AppContext.class.getClassLoader(), new Class<?>[] {AppContext.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("provider") && "memory".equals(arguments[1])) {
                        return new Memory();
                    }
                    if (method.getName().equals("provider") && "img".equals(arguments[1])) {
                        return new Images();
                    }
                    try {
                        return method.invoke(alone, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private final class Memory implements ArtifactProvider {
        @Override
        public ArtifactSource open(PluginUrl url, AppContext app) throws InvalidException {
            throw new AssertionError("what a remote names is no URL of the user");
        }

        @Override
        public ArtifactSource openAt(URI address, AppContext app) {
            return new Source(address);
        }
    }

    /** Has each image pulled by somebody who is called as its address is. */
    private static final class Images implements ArtifactProvider {
        private interface Image extends ArtifactSource, Authorizing {}

        @Override
        public ArtifactSource open(PluginUrl url, AppContext app) throws InvalidException {
            throw new AssertionError("what a remote names is no URL of the user");
        }

        @Override
        public ArtifactSource openAt(URI address, AppContext app) {
            return new Image() {
                @Override
                public Optional<RegistryLogin> login(Call call, Artifact image) {
                    return Optional.of(new RegistryLogin("example.com", Kind.PASSWORD, address.toString(), "x"));
                }

                @Override
                public ArtifactStream open(
                        Call call, Deliverable deliverable, long offset, Optional<String> validator) {
                    throw new AssertionError("an image is not fetched");
                }

                @Override
                public void close() {}
            };
        }
    }

    private final class Source implements ArtifactSource {
        private final URI address;

        Source(URI address) {
            this.address = address;
        }

        @Override
        public ArtifactStream open(Call call, Deliverable deliverable, long offset, Optional<String> validator)
                throws DewyException {
            call.check();
            String content = memory.get(address.getPath());
            if (content == null) {
                throw new NotFoundException(Problem.of("find", address, "it is not there", ""));
            }
            byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
            String known = String.valueOf(content.hashCode());
            int from = validator.equals(Optional.of(known)) ? (int) offset : 0;
            return new ArtifactStream(
                    new FilterInputStream(new ByteArrayInputStream(bytes, from, bytes.length - from)) {
                        @Override
                        public int read(byte[] into, int at, int length) throws IOException {
                            if (call.isOver()) {
                                throw new IOException("the call is over");
                            }
                            return super.read(into, at, length);
                        }
                    },
                    from,
                    OptionalLong.of(bytes.length),
                    Optional.of(known));
        }

        @Override
        public void close() {}
    }
}
