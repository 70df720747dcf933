package dewy.registry.oci;

import dewy.api.DewyException;
import dewy.api.NotFoundException;
import dewy.api.UnauthorizedException;
import dewy.api.UnreachableException;
import dewy.api.plugin.Provider;
import dewy.api.registry.Registry;
import dewy.http.SharedConnections;
import dewy.tck.HttpStandIn;
import dewy.tck.HttpStandIn.Answer;
import dewy.tck.RegistryContract;
import dewy.tck.Trouble;
import dewy.tck.WrongUrl;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;

class ImageRegistryContractTest extends RegistryContract {
    private static final Map<String, String> ENVIRONMENT =
            Map.of("DOCKER_USERNAME", FakeRegistry.USER, "DOCKER_PASSWORD", FakeRegistry.PASSWORD);

    private final FakeRegistry remote = new FakeRegistry();
    private final ImageRegistryProvider provider = new ImageRegistryProvider(new RegistryAccess(
            name -> Optional.ofNullable(ENVIRONMENT.get(name)), InstantSource.system(), new SharedConnections()));

    ImageRegistryContractTest() throws IOException {
        remote.access = FakeRegistry.Access.TOKEN;
    }

    @AfterEach
    void close() throws IOException {
        remote.close();
    }

    @Override
    public Provider<Registry> provider() {
        return provider;
    }

    @Override
    public String url() {
        return remote.url();
    }

    @Override
    public List<WrongUrl> wrongUrls() {
        return List.of(
                WrongUrl.of("img:"),
                WrongUrl.of("img://ghcr.io"),
                WrongUrl.of("img://ghcr.io/acme/app:v1"),
                WrongUrl.of("img://ghcr.io/acme/app@sha256:" + "0".repeat(64)),
                WrongUrl.of("img://ghcr.io/Acme/app"),
                WrongUrl.of("img://ghcr.io/acme//app"),
                WrongUrl.of("img://nginx:1.27"),
                WrongUrl.of("img://registry.example.com:99999/app"),
                WrongUrl.of("img://user:" + FakeRegistry.PASSWORD + "@ghcr.io/acme/app"),
                WrongUrl.of("img://ghcr.io/acme/app?tls=false", "tls"),
                WrongUrl.of(
                        "img://ghcr.io/acme/app?tls=maybe&platform=arm&username=robot&ca=/no/such/file&track=tags",
                        "tls",
                        "platform",
                        "password",
                        "ca",
                        "track"),
                WrongUrl.of("img://ghcr.io/acme/app?password=plain", "password", "username"));
    }

    @Override
    public List<String> secrets() {
        return List.of(FakeRegistry.PASSWORD, "tk_0_this_must_not_be_seen", "tk_1_this_must_not_be_seen");
    }

    @Override
    public Map<Trouble, Class<? extends DewyException>> troubles() {
        return Map.of(
                Trouble.DOWN, UnreachableException.class,
                Trouble.HANGING, UnreachableException.class,
                Trouble.STALLING, UnreachableException.class,
                Trouble.BREAKING_OFF, UnreachableException.class,
                Trouble.REFUSING, UnauthorizedException.class,
                Trouble.MISSING, NotFoundException.class,
                Trouble.LYING, UnreachableException.class);
    }

    @Override
    public void befall(Trouble trouble) throws IOException {
        switch (trouble) {
            case DOWN -> remote.api.close();
            case HANGING -> remote.api.answer(asked -> Answer.SILENCE);
            case STALLING -> remote.tampering = answer -> answer.cutAt(10).hanging();
            case BREAKING_OFF -> remote.tampering = answer -> answer.cutAt(10);
            case REFUSING ->
                remote.tampering = answer -> {
                    String shown = remote.api
                            .asked
                            .get(remote.api.asked.size() - 1)
                            .header("Authorization")
                            .orElse("nobody");
                    return shown.equals("nobody") ? answer : FakeRegistry.error(403, "DENIED", "not for " + shown);
                };
            case MISSING -> remote.api.answer(asked -> FakeRegistry.error(404, "NAME_UNKNOWN", "no such repository"));
            case LYING -> remote.api.answer(asked -> Answer.of(200, "<html>please log in</html>"));
        }
    }

    @Override
    public void awaitHanging() throws InterruptedException {
        if (!HttpStandIn.within(remote.api.hanging)) {
            throw new AssertionError("nothing was asked");
        }
    }

    @Override
    public long asked() {
        return (long) remote.api.asked.size() + remote.tokens.asked.size();
    }

    @Override
    protected Optional<String> image(String tag) {
        return Optional.of(remote.repository() + ":" + tag);
    }

    @Override
    protected void publish(String tag, String artifact, String content) {
        remote.push(tag, TestImage.of("linux/amd64", content.substring(0, 5)));
    }
}
