package dewy.registry.github;

import static dewy.registry.github.FakeGitHub.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.InvalidException;
import dewy.api.UnauthorizedException;
import dewy.api.UnreachableException;
import dewy.tck.ProxyStandIn;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProxyTest {
    private final FakeGitHub github = new FakeGitHub();
    private final ProxyStandIn proxy = ProxyStandIn.refusing();

    ProxyTest() throws IOException {
        github.environment.put("GH_TOKEN", "ghp_secret");
    }

    @AfterEach
    void close() throws IOException {
        github.close();
        proxy.close();
    }

    @Test
    void requestsGoThroughTheProxyOfTheEnvironmentAndTellItNoToken() {
        github.environment.put("GITHUB_API_URL", "https://github.example");
        github.environment.put("HTTPS_PROXY", proxy.address());

        assertThatThrownBy(() -> github.registry().poll(call(), Optional.empty()))
                .isInstanceOf(UnreachableException.class);
        assertThat(proxy.asked).singleElement().satisfies(asked -> {
            assertThat(asked.method()).isEqualTo("CONNECT");
            assertThat(asked.target()).isEqualTo("github.example:443");
            assertThat(asked.header("Authorization")).isEmpty();
        });
    }

    @Test
    void aProxyThatWantsAPasswordIsToldApartFromGitHub() throws IOException {
        try (ProxyStandIn asking = ProxyStandIn.to(github.api, "Basic dXNlcjpzZWNyZXQ=")) {
            github.environment.put("GITHUB_API_URL", "https://github.example");
            github.environment.put("HTTPS_PROXY", asking.address());

            assertThatThrownBy(() -> github.registry().poll(call(), Optional.empty()))
                    .isInstanceOf(UnauthorizedException.class)
                    .hasMessageContaining("the proxy answered 407")
                    .hasMessageContaining("Give the proxy's user and password");
        }
    }

    @Test
    void whatNeedsNoProxyIsAskedDirectly() throws Exception {
        github.environment.put("HTTP_PROXY", proxy.address());
        github.release("v1.0.0");

        assertThat(github.registry().poll(call(), Optional.empty()).releases()).isPresent();
        assertThat(proxy.asked).isEmpty();
    }

    @Test
    void aProxyThatCannotBeUsedIsNamedWithoutItsPassword() {
        github.environment.put("HTTPS_PROXY", "socks5://user:secret@proxy.example:1080");

        assertThatThrownBy(() -> github.registry().poll(call(), Optional.empty()))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("the environment's HTTPS_PROXY")
                .hasMessageNotContaining("secret");
    }
}
