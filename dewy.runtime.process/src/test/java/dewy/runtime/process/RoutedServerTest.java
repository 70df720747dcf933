package dewy.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.ApplicationException;
import dewy.api.Call;
import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.plugin.HandoverState;
import dewy.api.plugin.PluginUrl;
import dewy.api.route.Backend;
import dewy.api.route.Listener;
import dewy.api.route.Router;
import dewy.tck.Await;
import dewy.tck.TestApp;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers that are told a port, and to which a proxy is led. */
class RoutedServerTest {
    private static final String URL = "process:?ready-time=0&stop-timeout=2s";

    @TempDir
    Path folder;

    private final RecordingRouter router = new RecordingRouter("8080");

    @Test
    void isToldItsPortByTheVariableThatIsNamed() throws Exception {
        try (RealRuntimes runtimes = new RealRuntimes()) {
            ProcessRuntime runtime = runtimes.open(URL + "&port-env=LISTEN_AT", app("LISTEN_AT"));
            activate(runtime, "v1.0.0");
            assertThat(router.backend().version()).isEqualTo("v1.0.0");
            assertThat(new PrivatePorts().isTaken(router.backend().address().port()))
                    .isTrue();
        }
    }

    @Test
    void getsAnotherPortWhereSomebodyElseHasTakenTheFirst() throws Exception {
        try (ServerSocket stranger = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                RealRuntimes runtimes = new RealRuntimes(new TakenAtFirst(stranger.getLocalPort()))) {
            ProcessRuntime runtime = runtimes.open(URL, app());
            activate(runtime, "v1.0.0");
            assertThat(router.backend().address().port()).isNotEqualTo(stranger.getLocalPort());
        }
    }

    @Test
    void isAskedForAPageAtItsOwnPort() throws Exception {
        try (RealRuntimes runtimes = new RealRuntimes()) {
            activate(runtimes.open(URL + "&ready=/health", app()), "v1.0.0");
            Backend serving = router.backend();
            ProcessRuntime broken = runtimes.open(URL + "&ready=/broken&ready-timeout=4s", app());
            assertThatThrownBy(() -> activate(broken, "v1.1.0"))
                    .isInstanceOf(ApplicationException.class)
                    .hasMessageContaining("/broken answered 503");
            assertThat(router.backend()).isEqualTo(serving);
        }
    }

    @Test
    void isGivenUpWhereItNeverListens() throws Exception {
        try (RealRuntimes runtimes = new RealRuntimes()) {
            TestApp silent =
                    ServerApp.of(folder, new Recorder(), "sleep", "1000").routing(router);
            ProcessRuntime runtime = runtimes.open(URL + "&ready-timeout=1s", silent);
            assertThatThrownBy(() -> activate(runtime, "v1.0.0"))
                    .isInstanceOf(ApplicationException.class)
                    .hasMessageContaining("not ready within 1s");
        }
    }

    @Test
    void isReplacedWhereItInheritedSocketsAndHasAProxyNow() throws Exception {
        try (RealRuntimes runtimes = new RealRuntimes();
                CancellableCall call = RealRuntimes.call()) {
            TestApp unrouted = ServerApp.of(folder, new Recorder(), "sleep", "1000");
            ProcessRuntime before = runtimes.open(URL + "&port=127.0.0.1:0", unrouted);
            activate(before, "v1.0.0");
            long inheriting = RealRuntimes.pid(before);
            HandoverState state = before.prepare(call);
            ProcessRuntime after = runtimes.adopt(URL, app(), state);
            before.commit();
            Await.until("the routing", () -> !router.set().isEmpty());
            Await.until("the end of the one before", () -> !RealRuntimes.isAlive(inheriting));
            assertThat(after.status().instances()).hasSize(1);
        }
    }

    @Test
    void goesWhenItIsDrainedAlsoAfterAHandoverThatWasGivenUp() throws Exception {
        try (RealRuntimes runtimes = new RealRuntimes();
                CancellableCall call = RealRuntimes.call()) {
            ProcessRuntime runtime = runtimes.open(URL, app());
            activate(runtime, "v1.0.0");
            long first = RealRuntimes.pid(runtime);
            router.holdDrains();
            activate(runtime, "v1.1.0");
            HandoverState unused = runtime.prepare(call);
            runtime.abort();
            assertThat(RealRuntimes.isAlive(first)).isTrue();
            router.finishDrains();
            Await.until("the end of the one before", () -> !RealRuntimes.isAlive(first));
        }
    }

    @Test
    void isRefusedAFixedPort() {
        assertThatThrownBy(() -> ProcessSettings.parse(
                        PluginUrl.parse("process:"), app().routing(new RecordingRouter("8080:3000"))))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("8080:3000")
                .hasMessageContaining("a new one starts while the one before has it");
    }

    @Test
    void isRefusedWhatIsForServersThatInheritTheirSockets() {
        assertThatThrownBy(() -> ProcessSettings.parse(PluginUrl.parse("process:?stdin-socket&port-env=1PORT"), app()))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("stdin-socket is not for a server behind a proxy")
                .hasMessageContaining("port-env=1PORT is not the name of a variable");
    }

    @Test
    void isRefusedWithoutAProxyWhatIsForOne() {
        assertThatThrownBy(() -> ProcessSettings.parse(
                        PluginUrl.parse("process:?port-env=AT&drain-time=1s&ready=/health"),
                        ServerApp.of(folder, new Recorder(), "app")))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("port-env is for a server behind a proxy")
                .hasMessageContaining("drain-time is for a server behind a proxy")
                .hasMessageContaining("ready=/health: only a server behind a proxy has a port of its own");
    }

    private TestApp app(String... arguments) {
        String[] command = new String[3 + arguments.length];
        command[0] = "python3";
        command[1] = "-IS";
        command[2] = PythonServer.file("listening.py");
        System.arraycopy(arguments, 0, command, 3, arguments.length);
        return ServerApp.of(folder, new Recorder(), command).routing(router);
    }

    private static void activate(ProcessRuntime runtime, String tag) throws DewyException {
        try (CancellableCall call = RealRuntimes.call()) {
            runtime.activate(call, RealRuntimes.activation(tag));
        }
    }

    /** Somebody was faster to take the port that is chosen first. */
    private static final class TakenAtFirst extends PrivatePorts {
        private final AtomicInteger chosen = new AtomicInteger();
        private final int taken;

        TakenAtFirst(int taken) {
            this.taken = taken;
        }

        @Override
        int choose() throws DewyException {
            return chosen.getAndIncrement() == 0 ? taken : super.choose();
        }
    }

    /** Notes what was routed last. */
    private static final class RecordingRouter implements Router {
        private final String port;
        private volatile List<Backend> set = List.of();
        private volatile CountDownLatch draining = new CountDownLatch(0);

        RecordingRouter(String port) {
            this.port = port;
        }

        List<Backend> set() {
            return set;
        }

        Backend backend() {
            return set.get(0);
        }

        void holdDrains() {
            draining = new CountDownLatch(1);
        }

        void finishDrains() {
            draining.countDown();
        }

        @Override
        public List<Listener> listeners() {
            try {
                return Listener.parseList(port);
            } catch (InvalidException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void route(Call call, Map<String, List<Backend>> sets) {
            set = List.copyOf(sets.getOrDefault(port, List.of()));
        }

        @Override
        public int drain(Call call, String backend, Duration limit) throws DewyException {
            try {
                while (!draining.await(10, TimeUnit.MILLISECONDS)) {
                    call.check();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return 0;
        }
    }
}
