package dewy.proxy;

import static dewy.proxy.BuiltinProxies.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.ExpiredException;
import dewy.api.plugin.Handover;
import dewy.api.plugin.HealthCheck;
import dewy.api.plugin.PluginUrl;
import dewy.api.process.ChildProcess;
import dewy.api.process.Processes;
import dewy.api.process.Spawn;
import dewy.api.proxy.Proxy;
import dewy.posix.PosixProcesses;
import dewy.posix.PosixSockets;
import dewy.tck.Await;
import dewy.tck.TestApp;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The bundle is replaced by a version whose data plane starts, and is not ready for as long as anybody waits. */
@Timeout(120)
class UnreadyPlaneTest {
    private static final PluginUrl URL = url("builtin:?port=127.0.0.1:0&mode=tcp");
    private static final String NAME = "127.0.0.1:0";

    @TempDir
    Path folder;

    private final CancellableCall call = call();
    private final List<ChildProcess> started = new CopyOnWriteArrayList<>();
    private BuiltinProxyProvider ready;
    private BuiltinProxyProvider unready;
    private TestApp app;
    private Proxy old;

    private static PluginUrl url(String text) {
        try {
            return PluginUrl.parse(text);
        } catch (DewyException e) {
            throw new AssertionError(e);
        }
    }

    /** Starts something else in the place of a data plane. */
    private final class Sleeping implements Processes {
        private final Processes real = new PosixProcesses();

        @Override
        public void check(Spawn spawn, Map<Path, Path> links) throws DewyException {
            real.check(spawn, links);
        }

        @Override
        public ChildProcess spawn(Spawn spawn) throws DewyException {
            ChildProcess child = real.spawn(Spawn.of(List.of("/bin/sleep", "100"), spawn.directory(), spawn.output()));
            started.add(child);
            return child;
        }
    }

    @BeforeEach
    void begin() throws Exception {
        ready = BuiltinProxies.of(folder, "ready");
        PlaneProgram program = new PlaneProgram(folder, "unready", "");
        unready = new BuiltinProxyProvider(new PosixSockets(), new Sleeping(), () -> program);
        app = TestApp.in(folder.resolve("web"));
        old = ready.open(URL, app);
        old.start(call);
    }

    @AfterEach
    void end() {
        call.close();
        unready.deactivate();
        ready.deactivate();
    }

    @Test
    void givesTheTrafficBackAtOnce() throws Exception {
        try (Greeter blue = Greeter.start("blue");
                Load load = Load.on(old.listeners().get(0).address())) {
            old.route(call, Map.of(NAME, List.of(blue.backend())));
            Proxy next = replaced(old, app);
            try (CancellableCall impatient = CancellableCall.of("check", Duration.ofMillis(100))) {
                assertThatThrownBy(() -> ((HealthCheck) next).check(impatient)).isInstanceOf(ExpiredException.class);
            }
            Await.until("a start of its own accord", () -> !started.isEmpty());
            try (CancellableCall step = CancellableCall.of("handover", Duration.ofSeconds(5));
                    Proxy again = ready.adopt(URL, app, ((Handover) next).prepare(step))) {
                ((Handover) next).commit();
                next.close();
                ((HealthCheck) again).check(call);
                load.await("blue");
                assertThat(load.end()).isEmpty();
            }
        }
        Await.until("the end of all that was started", () -> started.stream().noneMatch(ChildProcess::isAlive));
    }

    @Test
    void holdsUpNoOtherAppThatIsHandedOver() throws Exception {
        TestApp other = app.named("other");
        Proxy second = ready.open(URL, other);
        second.start(call);
        try (Proxy first = replaced(old, app)) {
            Await.until("a start of its own accord", () -> !started.isEmpty());
            try (Proxy afterwards = replaced(second, other)) {
                assertThat(started).first().matches(ChildProcess::isAlive, "it starts yet");
                assertThat(afterwards.listeners()).hasSameSizeAs(first.listeners());
            }
        }
    }

    private Proxy replaced(Proxy before, TestApp of) throws Exception {
        Proxy next = unready.adopt(URL, of, ((Handover) before).prepare(call));
        ((Handover) before).commit();
        before.close();
        return next;
    }
}
