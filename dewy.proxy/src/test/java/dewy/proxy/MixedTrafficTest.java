package dewy.proxy;

import static dewy.proxy.BuiltinProxies.call;
import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.CancellableCall;
import dewy.api.plugin.PluginUrl;
import dewy.api.process.ListeningAddress;
import dewy.api.proxy.Proxy;
import dewy.api.route.Backend;
import dewy.tck.TestApp;
import dewy.tck.load.LoadServer;
import dewy.tck.load.MixedLoad;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Traffic of all kinds while one backend follows another, each of which is ended once it is drained. */
@Tag("long")
@Timeout(600)
class MixedTrafficTest {
    private static final boolean LONG = Boolean.getBoolean("dewy.long");
    private static final int ROUNDS = LONG ? 50 : 1;
    private static final int SWITCHES = LONG ? 4 : 5;
    private static final Duration BETWEEN_SWITCHES = Duration.ofMillis(LONG ? 100 : 40);
    private static final Duration DRAIN_TIME = Duration.ofMillis(LONG ? 2_000 : 800);
    private static final String LISTENER = "127.0.0.1:0";

    @TempDir
    Path folder;

    private final List<CompletableFuture<Integer>> drains = new ArrayList<>();
    private BuiltinProxyProvider provider;
    private Proxy proxy;

    @SuppressWarnings("NullAway.Init")
    private LoadServer current;

    private int version;

    @BeforeEach
    void open() throws Exception {
        provider = BuiltinProxies.of(folder, "one");
        proxy = provider.open(PluginUrl.parse("builtin:?port=" + LISTENER), TestApp.in(folder.resolve("web")));
        current = LoadServer.start("v0", 0);
        try (CancellableCall call = call()) {
            proxy.start(call);
        }
        route(current);
    }

    @AfterEach
    void close() throws Exception {
        proxy.close();
        provider.deactivate();
        current.close();
    }

    @Test
    void isNotLostWhenBackendsAreSwitched() throws Exception {
        ListeningAddress address = proxy.listeners().get(0).address();
        try (MixedLoad load = MixedLoad.on(() -> new Socket(address.host(), address.port()), DRAIN_TIME)) {
            load.awaitAll();
            for (int round = 0; round < ROUNDS; round++) {
                compare(load);
            }
            int cut = 0;
            for (CompletableFuture<Integer> drain : drains) {
                cut += drain.get(60, TimeUnit.SECONDS);
            }
            load.close();
            System.out.println("MixedTrafficTest: " + load.report());
            assertThat(load.failures()).isEmpty();
            assertThat(cut).isPositive().isEqualTo((int) load.cut());
        }
    }

    /** Measures as long without switches, and then with them. */
    private void compare(MixedLoad load) throws Exception {
        load.disturb(false);
        TimeUnit.MILLISECONDS.sleep(SWITCHES * BETWEEN_SWITCHES.toMillis());
        load.disturb(true);
        for (int i = 0; i < SWITCHES; i++) {
            switchToNext();
            TimeUnit.MILLISECONDS.sleep(BETWEEN_SWITCHES.toMillis());
        }
    }

    private void switchToNext() throws Exception {
        String before = "v" + version;
        LoadServer last = current;
        version++;
        current = LoadServer.start("v" + version, 0);
        route(current);
        drains.add(CompletableFuture.supplyAsync(() -> drain(before, last), task -> new Thread(task).start()));
    }

    private void route(LoadServer to) throws Exception {
        Backend backend = Backend.of("v" + version, new ListeningAddress("127.0.0.1", to.port()));
        try (CancellableCall call = call()) {
            proxy.route(call, Map.of(LISTENER, List.of(backend)));
        }
    }

    private int drain(String id, LoadServer server) {
        try (CancellableCall call = call()) {
            int cut = proxy.drain(call, id, DRAIN_TIME);
            server.close();
            return cut;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
