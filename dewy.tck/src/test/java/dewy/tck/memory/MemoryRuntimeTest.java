package dewy.tck.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.ApplicationException;
import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.UnreachableException;
import dewy.api.plugin.PluginUrl;
import dewy.api.proxy.Proxy;
import dewy.api.release.Artifact;
import dewy.api.release.Deliverable;
import dewy.api.release.Release;
import dewy.api.route.Backend;
import dewy.api.runtime.Activation;
import dewy.api.runtime.AppRuntime;
import dewy.api.runtime.RuntimeStatus;
import dewy.tck.Await;
import dewy.tck.TestApp;
import dewy.tck.memory.host.Container;
import dewy.tck.memory.host.DataPlanes;
import dewy.tck.memory.host.MemoryEngine;
import dewy.tck.memory.host.Software;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the runtime does beside what all runtimes must. */
@Timeout(60)
class MemoryRuntimeTest {
    @TempDir
    Path folder;

    private final MemoryEngine engine = new MemoryEngine();
    private final DataPlanes planes = new DataPlanes();
    private final MemoryRuntimeProvider provider = new MemoryRuntimeProvider(engine);
    private final CancellableCall call = TestAgent.call();

    @AfterEach
    void closeCall() {
        call.close();
    }

    @Test
    void leadsEachListenerToThePortThatItNames() throws Exception {
        try (Proxy proxy = proxy("127.0.0.1:0:8080,127.0.0.1:0:9090");
                AppRuntime runtime = open("", TestApp.in(folder).routing(proxy))) {
            activate(runtime, Software.of("v1").with(8080, 9090));
            Container container = engine.containers().get(0);
            assertThat(proxy.statistics(call).backends()).hasSize(1);
            assertThat(routed("127.0.0.1:0:8080"))
                    .containsExactly(container.ports().get(8080));
            assertThat(routed("127.0.0.1:0:9090"))
                    .containsExactly(container.ports().get(9090));
        }
    }

    @Test
    void saysWhichPortsThereAreWhereAListenerNamesNone() throws Exception {
        try (Proxy proxy = proxy("127.0.0.1:0");
                AppRuntime runtime = open("", TestApp.in(folder).routing(proxy))) {
            assertThatThrownBy(() -> activate(runtime, Software.of("v1").with(8080, 9090)))
                    .isInstanceOf(ApplicationException.class)
                    .hasMessageContaining("its port is not known; published are [8080, 9090]");
            assertThat(engine.containers()).isEmpty();
        }
    }

    @Test
    void givesUpWhatCrashesTooOftenUntilTheNextActivation() throws Exception {
        try (AppRuntime runtime = open("max-restarts=1", TestApp.in(folder))) {
            activate(runtime, Software.of("v1"));
            String first = runtime.status().instances().get(0);
            engine.crash(first);
            Await.until("another replica", () -> {
                List<String> now = runtime.status().instances();
                return now.size() == 1 && !now.contains(first);
            });
            engine.crash(runtime.status().instances().get(0));
            Await.until(
                    "the end of the replicas",
                    () -> runtime.status().state() == RuntimeStatus.State.FAILED
                            && engine.containers().isEmpty());
            assertThat(runtime.status().detail()).isEqualTo("it crashed 2 times in a row");
            activate(runtime, Software.of("v2"));
            assertThat(runtime.status().state()).isEqualTo(RuntimeStatus.State.RUNNING);
            assertThat(runtime.status().crashes()).isZero();
        }
    }

    @Test
    void givesUpWhatDoesNotStartAgain() throws Exception {
        try (AppRuntime runtime = open("replicas=2&max-restarts=2", TestApp.in(folder))) {
            activate(runtime, Software.of("v1"));
            engine.spoil(engine.containers().get(0).image());
            engine.crash(runtime.status().instances().get(0));
            Await.until(
                    "the third crash",
                    () -> runtime.status().crashes() == 3 && engine.containers().size() == 1);
            assertThat(runtime.status().state())
                    .as("the state while the other one serves")
                    .isEqualTo(RuntimeStatus.State.RUNNING);
            assertThat(runtime.status().instances()).hasSize(1);
        }
    }

    @Test
    void endsWhatDoesNotServeOnceTheEngineIsBack() throws Exception {
        try (AppRuntime runtime = open("ready-timeout=10s", TestApp.in(folder))) {
            Software slow = Software.of("v1").with(Software.Manner.NEVER_READY);
            CompletableFuture<Void> activating = CompletableFuture.runAsync(() -> activateInVain(runtime, slow));
            Await.until("a container", () -> engine.containers().stream().anyMatch(Container::isRunning));
            engine.setDown(true);
            activating.join();
            assertThat(engine.containers()).hasSize(1);
            engine.setDown(false);
            Await.until("the end of the container", () -> engine.containers().isEmpty());
        }
    }

    private void activateInVain(AppRuntime runtime, Software software) {
        assertThatThrownBy(() -> activate(runtime, software)).isInstanceOf(UnreachableException.class);
    }

    private Proxy proxy(String ports) throws DewyException {
        Proxy proxy =
                new MemoryProxyProvider(planes).open(PluginUrl.parse("memory:?port=" + ports), TestApp.in(folder));
        proxy.start(call);
        return proxy;
    }

    private List<Integer> routed(String listener) {
        return planes.find("web").orElseThrow().backends(listener).stream()
                .map(Backend::address)
                .map(address -> address.port())
                .toList();
    }

    private AppRuntime open(String parameters, TestApp app) throws DewyException {
        return provider.open(PluginUrl.parse("memory:?" + parameters), app);
    }

    private void activate(AppRuntime runtime, Software software) throws DewyException {
        String image = engine.publish("web", software.version(), software);
        engine.install(image);
        Artifact artifact = Artifact.image("web", "web:" + software.version());
        Release release = new Release(software.version(), Optional.empty(), List.of(artifact));
        runtime.activate(call, Activation.of(new Deliverable(release, artifact), image));
    }
}
