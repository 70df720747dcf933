package dewy.notifier.slack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.InvalidException;
import dewy.api.UnreachableException;
import dewy.api.notifier.Notifier;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SlackProxyTest {
    @TempDir
    Path folder;

    private final ServerSocket proxy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
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
        fixture.environment.put("https_proxy", "http://127.0.0.1:" + proxy.getLocalPort());
        Notifier notifier = fixture.open("slack://deploys", "https://slack.example/api");
        CompletableFuture<List<String>> asked = CompletableFuture.supplyAsync(this::refuseOne);

        assertThatThrownBy(() -> fixture.send(notifier, Events.downloaded("d1")))
                .isInstanceOf(UnreachableException.class);
        assertThat(asked.get(20, TimeUnit.SECONDS))
                .contains("CONNECT slack.example:443 HTTP/1.1")
                .noneMatch(line -> line.startsWith("Authorization"));
    }

    @Test
    void aProxyThatCannotBeUsedIsNamedWithoutItsPassword() throws Exception {
        fixture.environment.put("HTTPS_PROXY", "socks5://user:secret@proxy.example:1080");
        Notifier notifier = fixture.open("slack://deploys");

        assertThatThrownBy(() -> fixture.send(notifier, Events.downloaded("d1")))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("the environment's HTTPS_PROXY")
                .hasMessageNotContaining("secret");
    }

    private List<String> refuseOne() {
        List<String> head = new ArrayList<>();
        try (Socket socket = proxy.accept()) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                head.add(line);
            }
            String answer = "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            head.add(e.toString());
        }
        return head;
    }
}
