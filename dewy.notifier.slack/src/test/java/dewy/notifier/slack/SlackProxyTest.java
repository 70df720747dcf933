package dewy.notifier.slack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.InvalidException;
import dewy.api.UnreachableException;
import dewy.api.notifier.Notifier;
import dewy.tck.ProxyStandIn;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SlackProxyTest {
    @TempDir
    Path folder;

    private final ProxyStandIn proxy = ProxyStandIn.refusing();
    private SlackFixture fixture;

    SlackProxyTest() throws IOException {}

    @BeforeEach
    void start() throws IOException {
        fixture = new SlackFixture(folder);
    }

    @AfterEach
    void stop() throws IOException {
        fixture.close();
        proxy.close();
    }

    @Test
    void messagesGoThroughTheProxyOfTheEnvironmentAndTellItNoToken() throws Exception {
        fixture.environment.put("https_proxy", proxy.address());
        Notifier notifier = fixture.open("slack://deploys", "https://slack.example/api");

        assertThatThrownBy(() -> fixture.send(notifier, Events.downloaded("d1")))
                .isInstanceOf(UnreachableException.class);
        assertThat(proxy.asked).singleElement().satisfies(asked -> {
            assertThat(asked.method() + " " + asked.target()).isEqualTo("CONNECT slack.example:443");
            assertThat(asked.header("Authorization")).isEmpty();
        });
    }

    @Test
    void aProxyThatCannotBeUsedIsNamedWithoutItsPassword() throws Exception {
        fixture.environment.put("HTTPS_PROXY", "socks5://user:secret@proxy.example:1080");
        assertThatThrownBy(() -> fixture.open("slack://deploys"))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("the environment's HTTPS_PROXY")
                .hasMessageNotContaining("secret");
    }
}
