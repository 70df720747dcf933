package dewy.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.transport.DockerHttpClient;
import dewy.api.CancellableCall;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.HandoverState;
import dewy.api.plugin.PluginUrl;
import dewy.api.route.Router;
import dewy.api.runtime.AppRuntime;
import dewy.engine.Container;
import dewy.engine.Engine;
import dewy.engine.EngineAddress;
import dewy.engine.Owner;
import dewy.http.Environment;
import dewy.runtime.docker.TestImages.Manner;
import dewy.tck.Await;
import dewy.tck.Fuse;
import dewy.tck.TestApp;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * An agent is killed after a step of what it does, under load: after each of them in the long form, else after some. The next one
 * goes on, and no request is lost.
 */
@Tag("long")
@Timeout(900)
class KilledAgentTest {
    private static final boolean EACH = Boolean.getBoolean("dewy.long");
    private static final String URL =
            "docker:?replicas=2&max-surge=1&health-path=/&probe-interval=20ms&stop-timeout=0s&drain-time=20s";

    @TempDir
    Path folder;

    private TestBalancer balancer = TestBalancer.NONE;
    private Optional<HandoverState> record = Optional.empty();

    /** What is done until the agent is killed. */
    private interface Deed {
        void happen(AppRuntime runtime) throws Exception;
    }

    /** An agent as the engine knows it: what only asks is no step. */
    public interface Life {
        default void check() {}

        default void step() throws IllegalStateException {}
    }

    @BeforeEach
    void listen() throws Exception {
        balancer = TestBalancer.on("8000");
    }

    @AfterEach
    void leaveNothing() throws Exception {
        assertThat(containers()).isEmpty();
    }

    @Test
    void whileItUpgrades() throws Exception {
        assertGoesOn(8, runtime -> upgrade(runtime, "v1", Manner.SERVING));
    }

    /** Has the agent be killed later and later, until it gets to the end. */
    private void assertGoesOn(int every, Deed deed) throws Exception {
        int steps = 0;
        while (isKilledDuring(deed, steps)) {
            steps += EACH ? 1 : every;
        }
        assertThat(steps).isGreaterThan(every);
        System.out.println("KilledAgentTest: killed after up to " + steps + " steps");
    }

    private boolean isKilledDuring(Deed deed, int steps) throws Exception {
        balancer = TestBalancer.on("8000");
        record = Optional.empty();
        Fuse fuse = new Fuse();
        AppRuntime runtime = begin(fuse);
        upgrade(runtime, "v0", Manner.SERVING);
        try (TestBalancer.Load load = balancer.load()) {
            fuse.blowAfter(steps);
            try {
                deed.happen(runtime);
            } catch (Fuse.Blown e) {
                assertThat(fuse.isBlown()).isTrue();
            }
            boolean killed = fuse.isBlown();
            fuse.blowAfter(0);
            AppRuntime next = begin(new Fuse());
            Await.until("either serves whole", () -> servesNothingBut("v0") || servesNothingBut("v1"));
            assertThat(load.end())
                    .as("what was lost when killed after step %d", steps)
                    .isEmpty();
            next.close();
            bury(runtime);
            return killed;
        }
    }

    private AppRuntime begin(Fuse fuse) throws Exception {
        AppContext app = fuse.guard(
                AppContext.class,
                app().routing(fuse.guard(Router.class, balancer)).keeping(state -> record = Optional.of(state)));
        Environment environment = TestImages.environment();
        DockerRuntimeProvider provider = new DockerRuntimeProvider(environment, address -> engine(address, fuse));
        try (CancellableCall call = TestImages.call()) {
            Optional<HandoverState> left =
                    provider.recover(call, PluginUrl.parse(URL), app, record.map(kept -> kept.with(Map.of())));
            return left.isPresent()
                    ? provider.adopt(PluginUrl.parse(URL), app, left.get())
                    : provider.open(PluginUrl.parse(URL), app);
        }
    }

    private static Engine engine(EngineAddress address, Fuse fuse) {
        Life life = fuse.guard(Life.class, new Life() {});
        return new Engine(address, transport -> new DockerHttpClient() {
            @Override
            public Response execute(Request request) {
                life.check();
                Response answer = transport.execute(request);
                if (!"GET".equals(request.method())) {
                    life.step();
                }
                return answer;
            }

            @Override
            public void close() {}
        });
    }

    private static void upgrade(AppRuntime runtime, String tag, Manner manner) throws Exception {
        try (CancellableCall call = TestImages.call()) {
            runtime.activate(call, TestImages.activation(tag, manner));
        }
    }

    private static void bury(AppRuntime runtime) {
        try {
            runtime.close();
        } catch (Fuse.Blown e) {
            // It has no way to end what it ran.
        }
    }

    private boolean servesNothingBut(String version) throws Exception {
        List<Container> all = containers();
        return all.size() == 2
                && all.stream()
                        .allMatch(one ->
                                one.isRunning() && version.equals(one.labels().get("dewy.version")))
                && balancer.backends().stream()
                        .map(one -> one.id())
                        .sorted()
                        .toList()
                        .equals(all.stream().map(Container::name).sorted().toList());
    }

    private List<Container> containers() throws Exception {
        try (CancellableCall call = TestImages.call()) {
            return TestImages.engine().list(call, Owner.of(app()).labels("app"));
        }
    }

    private TestApp app() {
        return TestApp.in(folder);
    }
}
