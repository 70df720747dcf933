package dewy.tck.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.CancellableCall;
import dewy.api.StorageException;
import dewy.api.plugin.Handover;
import dewy.api.plugin.PluginUrl;
import dewy.api.process.ListeningAddress;
import dewy.api.proxy.Proxy;
import dewy.api.route.Backend;
import dewy.api.route.Listener;
import dewy.tck.TestApp;
import dewy.tck.memory.host.Container;
import dewy.tck.memory.host.DataPlanes;
import dewy.tck.memory.host.MemoryEngine;
import dewy.tck.memory.host.Software;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the proxy does beside what all proxies must. */
@Timeout(60)
class MemoryProxyTest {
    private static final String FIRST = "127.0.0.1:0:8080";
    private static final String SECOND = "127.0.0.1:0:9090";

    @TempDir
    Path folder;

    private final DataPlanes planes = new DataPlanes();
    private final MemoryProxyProvider provider = new MemoryProxyProvider(planes);
    private final MemoryEngine engine = new MemoryEngine();
    private final CancellableCall call = TestAgent.call();
    private Container server = new Container("none", "", Map.of(), Map.of(), Container.State.EXITED, Map.of());

    @BeforeEach
    void startServer() throws Exception {
        String image = engine.publish("web", "v1", Software.of("v1"));
        engine.install(image);
        String id = engine.create(call, image, Map.of(), Map.of());
        engine.start(call, id);
        server = engine.inspect(call, id);
    }

    @AfterEach
    void stopServer() throws Exception {
        engine.remove(call, server.id());
        call.close();
    }

    @Test
    void refusesWhatNoBackendCameForInTime() throws Exception {
        try (Proxy proxy = start("memory:?hold=50ms&port=" + FIRST)) {
            assertThat(status(proxy, FIRST)).isEqualTo(503);
            assertThat(proxy.statistics(call).failed()).isEqualTo(1);
            proxy.route(call, Map.of(FIRST, List.of(backend())));
            assertThat(status(proxy, FIRST)).isEqualTo(200);
        }
    }

    @Test
    void goesPastABackendThatAcceptsNothing() throws Exception {
        try (Proxy proxy = start("memory:?port=" + FIRST)) {
            Backend gone = Backend.of("gone", new ListeningAddress("127.0.0.1", unusedPort()));
            proxy.route(call, Map.of(FIRST, List.of(gone, backend())));
            for (int i = 0; i < 10; i++) {
                assertThat(status(proxy, FIRST)).isEqualTo(200);
            }
            assertThat(proxy.statistics(call).failed()).isZero();
        }
    }

    @Test
    void opensAllItsListenersOrNone() throws Exception {
        int free = unusedPort();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String ports = "127.0.0.1:" + free + ",127.0.0.1:" + taken.getLocalPort();
            assertThatThrownBy(() -> start("memory:?port=" + ports).close()).isInstanceOf(StorageException.class);
            assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), free).close())
                    .isInstanceOf(IOException.class);
            assertThat(planes.size()).isZero();
        }
    }

    @Test
    void opensAndClosesTheListenersThatItsSuccessorNamesOtherwise() throws Exception {
        Proxy old = start("memory:?port=" + FIRST);
        old.route(call, Map.of(FIRST, List.of(backend())));
        Listener before = old.listeners().get(0);
        try (Proxy wider = succeed(old, "memory:?port=" + FIRST + "," + SECOND)) {
            assertThat(wider.listeners()).hasSize(2).contains(before);
            assertThat(status(wider, FIRST)).isEqualTo(200);
            wider.route(call, Map.of(SECOND, List.of(backend())));
            assertThat(status(wider, SECOND)).isEqualTo(200);
            try (Proxy other = succeed(wider, "memory:?port=" + SECOND)) {
                assertThat(other.listeners()).extracting(Listener::name).containsExactly(SECOND);
                assertThat(status(other, SECOND)).isEqualTo(200);
                assertThatThrownBy(() -> new Socket(
                                        InetAddress.getLoopbackAddress(),
                                        before.address().port())
                                .close())
                        .isInstanceOf(IOException.class);
            }
        }
    }

    private Proxy start(String url) throws Exception {
        Proxy proxy = provider.open(PluginUrl.parse(url), TestApp.in(folder));
        proxy.start(call);
        return proxy;
    }

    private Proxy succeed(Proxy old, String url) throws Exception {
        Proxy successor = provider.adopt(PluginUrl.parse(url), TestApp.in(folder), ((Handover) old).prepare(call));
        ((Handover) old).commit();
        old.close();
        successor.start(call);
        return successor;
    }

    private Backend backend() {
        int port = server.ports().values().iterator().next();
        return Backend.of(server.id(), new ListeningAddress("127.0.0.1", port));
    }

    private static int status(Proxy proxy, String listener) throws IOException {
        int port = proxy.listeners().stream()
                .filter(one -> one.name().equals(listener))
                .findFirst()
                .orElseThrow()
                .address()
                .port();
        HttpURLConnection question = (HttpURLConnection)
                URI.create("http://127.0.0.1:" + port + "/").toURL().openConnection();
        question.setRequestProperty("Connection", "close");
        return question.getResponseCode();
    }

    private static int unusedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
