package dewy.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.ApplicationException;
import dewy.api.CancellableCall;
import dewy.api.NotFoundException;
import dewy.api.plugin.PluginUrl;
import dewy.api.release.Deliverable;
import dewy.api.runtime.Activation;
import dewy.api.runtime.AppRuntime;
import dewy.api.runtime.ImageStore;
import dewy.engine.Engine;
import dewy.engine.EngineAddress;
import dewy.engine.Owner;
import dewy.http.Environment;
import dewy.runtime.docker.TestImages.Manner;
import dewy.tck.Await;
import dewy.tck.ServerProgram;
import dewy.tck.TestApp;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The same with Podman, by the socket that speaks Docker's API. All that it starts ends with one process. */
@Timeout(120)
class PodmanTest {
    @TempDir
    Path folder;

    private final CancellableCall call = TestImages.call();
    private Optional<Process> podman = Optional.empty();

    private final Environment environment = name ->
            name.equals("CONTAINER_HOST") ? Optional.of("unix://" + folder.resolve("podman.sock")) : Optional.empty();

    @BeforeEach
    void startPodman() throws Exception {
        ServerProgram.require(
                "root".equals(System.getProperty("user.name")), "only root can start Podman as it is here");
        for (String program : List.of("podman", "runc", "unshare")) {
            Path unused = ServerProgram.require(program);
        }
        Path settings = Files.writeString(
                folder.resolve("containers.conf"),
                """
                [containers]
                default_ulimits = ["nofile=20000:20000", "nproc=20000:20000"]
                [engine]
                runtime = "runc"
                events_logger = "file"
                [network]
                network_backend = "netavark"
                """);
        Path registries = Files.writeString(
                folder.resolve("registries.conf"),
                """
                [[registry]]
                location = "%s"
                insecure = true
                """
                        .formatted(TestImages.registry().host()));
        Path script = Files.writeString(
                folder.resolve("podman.sh"),
                """
                mkdir W/state
                mount -t tmpfs tmpfs W/state
                exec podman --root W/state/root --runroot W/state/run --tmpdir W/state/tmp \\
                    system service --time=0 unix://W/podman.sock
                """
                        .replace("W/", folder + "/"));
        ProcessBuilder builder = new ProcessBuilder(
                        "unshare",
                        "--mount",
                        "--pid",
                        "--fork",
                        "--kill-child",
                        "--mount-proc",
                        "sh",
                        script.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("podman.log").toFile());
        builder.environment().put("CONTAINERS_CONF", settings.toString());
        builder.environment().put("CONTAINERS_REGISTRIES_CONF", registries.toString());
        podman = Optional.of(builder.start());
        Engine engine = new Engine(EngineAddress.find("podman", environment));
        Await.until("Podman", () -> {
            engine.ping(call);
            return true;
        });
    }

    @AfterEach
    void endPodman() throws Exception {
        call.close();
        if (podman.isPresent()) {
            List<ProcessHandle> all = podman.get().descendants().toList();
            podman.get().destroyForcibly().waitFor();
            for (ProcessHandle one : all) {
                one.onExit().get(10, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void runsReplicasExchangesThemAndBringsThemBack() throws Exception {
        TestBalancer balancer = TestBalancer.on("8000");
        TestApp app = TestApp.in(folder).routing(balancer);
        try (AppRuntime runtime = open(app)) {
            Deliverable image =
                    TestImages.deliverable("v1", TestImages.publish("podman", "v1", TestImages.config(Manner.SERVING)));
            String pulled = ((ImageStore) runtime).pull(call, image, Optional.empty());
            activate(runtime, Activation.of(image, pulled).with(Map.of("DEWY_VERSION", "v1")));
            assertThat(balancer.get("/cgi-bin/version")).isEqualTo("v1");
            String first = runtime.status().instances().get(0);
            activate(runtime, Activation.of(image, pulled).with(Map.of("DEWY_VERSION", "v2")));
            assertThat(balancer.get("/cgi-bin/version")).isEqualTo("v2");
            assertThat(runtime.status().instances()).hasSize(2).doesNotContain(first);
            Engine engine = new Engine(EngineAddress.find("podman", environment));
            engine.stop(call, runtime.status().instances().get(0), Duration.ZERO);
            Await.until(
                    "another one",
                    () -> runtime.status().crashes() == 1
                            && balancer.backends().size() == 2
                            && runtime.status().instances().size() == 2);
            assertThat(((ImageStore) runtime).remove(call, List.of(pulled))).isEmpty();
            runtime.stop(call);
            assertThat(engine.list(call, Owner.of(app).labels("app"))).isEmpty();
            assertThat(((ImageStore) runtime).remove(call, List.of(pulled))).containsExactly(pulled);
        }
    }

    @Test
    void saysWhatAContainerWroteThatFails() throws Exception {
        try (AppRuntime runtime = open(TestApp.in(folder))) {
            Deliverable image =
                    TestImages.deliverable("v1", TestImages.publish("podman", "v2", TestImages.config(Manner.EXITING)));
            String pulled = ((ImageStore) runtime).pull(call, image, Optional.empty());
            assertThatThrownBy(() -> runtime.activate(call, Activation.of(image, pulled)))
                    .isInstanceOf(ApplicationException.class)
                    .hasMessageContaining("it ended with the exit code 3; it wrote: no database");
            Deliverable missing = TestImages.deliverable("v3", pulled.replaceFirst("@.*", "@sha256:" + "0".repeat(64)));
            assertThatThrownBy(() -> ((ImageStore) runtime).pull(call, missing, Optional.empty()))
                    .isInstanceOf(NotFoundException.class);
        }
    }

    private void activate(AppRuntime runtime, Activation activation) throws Exception {
        runtime.prepare(call, activation);
        runtime.activate(call, activation);
    }

    private AppRuntime open(TestApp app) throws Exception {
        String url = "podman:?replicas=2&health-path=/&probe-interval=50ms&stop-timeout=2s";
        return new DockerRuntimeProvider(environment, Engine::new).open(PluginUrl.parse(url), app);
    }
}
