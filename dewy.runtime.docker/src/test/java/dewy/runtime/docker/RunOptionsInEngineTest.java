package dewy.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dewy.api.ApplicationException;
import dewy.api.CancellableCall;
import dewy.api.InvalidException;
import dewy.api.NotFoundException;
import dewy.api.plugin.PluginUrl;
import dewy.api.runtime.Activation;
import dewy.api.runtime.AppRuntime;
import dewy.engine.Engine;
import dewy.runtime.docker.TestImages.Manner;
import dewy.tck.ContainerEngine;
import dewy.tck.TestApp;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What options of {@code docker run} come to, as Docker's own client tells of the container. */
@Timeout(60)
class RunOptionsInEngineTest {
    private static final String QUICK = "docker:?health-path=/&probe-interval=20ms&stop-timeout=2s";

    @TempDir
    Path folder;

    private final CancellableCall call = TestImages.call();

    @AfterEach
    void closeCall() {
        call.close();
    }

    @Test
    void areWhatTheContainerIsLike() throws Exception {
        JsonNode container = inspect(
                "-e",
                "A=1",
                "--env=B=2",
                "-v",
                folder + ":/data:ro",
                "--mount",
                "type=tmpfs,target=/scratch,tmpfs-size=1m",
                "--tmpfs",
                "/run:size=64k",
                "--cpus",
                "0.5",
                "-m",
                "64m",
                "--memory-swap",
                "128m",
                "--shm-size=1m",
                "--pids-limit",
                "50",
                "--ulimit",
                "nofile=100:200",
                "--name",
                "web-{id}-x",
                "-h",
                "box",
                "--add-host",
                "db:10.0.0.5",
                "--dns",
                "10.0.0.1",
                "-u",
                "1000:1000",
                "--group-add",
                "5",
                "--cap-drop",
                "NET_RAW",
                "-w",
                "/www",
                "--init",
                "--stop-signal",
                "INT",
                "-l",
                "team=web",
                "--read-only",
                "--log-driver",
                "json-file",
                "--log-opt",
                "max-size=1m",
                "--sysctl",
                "net.core.somaxconn=64",
                "--health-cmd",
                "true",
                "--health-interval",
                "100ms",
                "--stop-timeout",
                "3",
                "--oom-score-adj",
                "10");
        JsonNode config = container.path("Config");
        JsonNode host = container.path("HostConfig");
        assertThat(container.path("Name").asText()).matches("/web-1-[0-9a-f]{6}-x");
        assertThat(texts(config.path("Env"))).contains("A=1", "B=2", "DEWY_VERSION=v1");
        assertThat(texts(host.path("Binds"))).containsExactly(folder + ":/data:ro");
        assertThat(host.path("Mounts").get(0).path("Target").asText()).isEqualTo("/scratch");
        assertThat(host.path("Tmpfs").path("/run").asText()).isEqualTo("size=64k");
        assertThat(host.path("NanoCpus").asLong()).isEqualTo(500_000_000);
        assertThat(host.path("Memory").asLong()).isEqualTo(64 << 20);
        assertThat(host.path("MemorySwap").asLong()).isEqualTo(128 << 20);
        assertThat(host.path("ShmSize").asLong()).isEqualTo(1 << 20);
        assertThat(host.path("PidsLimit").asLong()).isEqualTo(50);
        assertThat(host.path("Ulimits").toString()).contains("\"Hard\":200", "\"Soft\":100");
        assertThat(config.path("Hostname").asText()).isEqualTo("box");
        assertThat(texts(host.path("ExtraHosts"))).containsExactly("db:10.0.0.5");
        assertThat(texts(host.path("Dns"))).containsExactly("10.0.0.1");
        assertThat(config.path("User").asText()).isEqualTo("1000:1000");
        assertThat(texts(host.path("GroupAdd"))).containsExactly("5");
        assertThat(texts(host.path("CapDrop"))).containsExactly("NET_RAW");
        assertThat(config.path("WorkingDir").asText()).isEqualTo("/www");
        assertThat(host.path("Init").asBoolean()).isTrue();
        assertThat(config.path("StopSignal").asText()).isEqualTo("INT");
        assertThat(config.path("StopTimeout").asInt()).isEqualTo(3);
        assertThat(host.path("ReadonlyRootfs").asBoolean()).isTrue();
        assertThat(host.path("LogConfig").path("Config").path("max-size").asText())
                .isEqualTo("1m");
        assertThat(host.path("Sysctls").path("net.core.somaxconn").asText()).isEqualTo("64");
        assertThat(host.path("OomScoreAdj").asInt()).isEqualTo(10);
        assertThat(texts(config.path("Healthcheck").path("Test"))).containsExactly("CMD-SHELL", "true");
        JsonNode labels = config.path("Labels");
        assertThat(labels.path("team").asText()).isEqualTo("web");
        assertThat(labels.path("dewy.managed").asText()).isEqualTo("true");
        assertThat(labels.path("dewy.role").asText()).isEqualTo("app");
        assertThat(labels.path("dewy.app").asText()).isEqualTo("web");
        assertThat(labels.path("dewy.version").asText()).isEqualTo("v1");
        assertThat(labels.path("dewy.digest").asText()).startsWith("sha256:");
        assertThat(labels.path("dewy.agent").asText()).matches("[0-9a-f]{12}");
        assertThat(host.path("PortBindings")
                        .path("8080/tcp")
                        .get(0)
                        .path("HostIp")
                        .asText())
                .isEqualTo("127.0.0.1");
        assertThat(host.path("RestartPolicy").path("Name").asText()).isIn("", "no");
    }

    @Test
    void runACommandInPlaceOfThatOfTheImage() throws Exception {
        TestApp app = TestApp.in(folder).running("--entrypoint", "/bin/sh");
        try (AppRuntime runtime = open("docker:?cmd=-c&cmd=echo%20$PASSWORD;%20exit%205&probe-interval=20ms", app)) {
            assertThatThrownBy(() -> runtime.activate(call, TestImages.activation("v1", Manner.SERVING)))
                    .isInstanceOf(ApplicationException.class)
                    .hasMessageContaining("it ended with the exit code 5");
        }
    }

    @Test
    void showNoSecretThatAContainerWrites() throws Exception {
        TestApp app = TestApp.in(folder).running("-e", "PASSWORD=very-secret", "--entrypoint", "/bin/sh");
        try (AppRuntime runtime = open("docker:?cmd=-c&cmd=echo%20$PASSWORD;%20exit%205&probe-interval=20ms", app)) {
            assertThatThrownBy(() -> runtime.activate(call, TestImages.activation("v1", Manner.SERVING)))
                    .isInstanceOf(ApplicationException.class)
                    .hasMessageContaining("it wrote: ***")
                    .hasMessageNotContaining("very-secret");
        }
    }

    @Test
    void areRefusedWhenTheRuntimeIsOpened() {
        TestApp app = TestApp.in(folder).running("--restart", "always");
        assertThatThrownBy(() -> open("docker:", app).close())
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("--restart is not taken");
    }

    @Test
    void nameNetworksThatAreThere() throws Exception {
        Activation activation = TestImages.activation("v1", Manner.SERVING);
        TestApp app = TestApp.in(folder).running("--network", "dewy-test", "--network-alias", "app");
        try (AppRuntime runtime = open(QUICK, app)) {
            assertThatThrownBy(() -> runtime.prepare(call, activation))
                    .isInstanceOf(NotFoundException.class)
                    .hasMessageContaining("use the network dewy-test: there is no such network")
                    .hasMessageContaining("docker network create dewy-test");
        }
        String unused = ContainerEngine.shared().docker("network", "create", "dewy-test");
        try (AppRuntime runtime = open(QUICK, app)) {
            runtime.prepare(call, activation);
            runtime.activate(call, activation);
            assertThat(ContainerEngine.shared()
                            .docker("inspect", runtime.status().instances().get(0)))
                    .contains("\"dewy-test\"", "\"app\"");
        } finally {
            unused = ContainerEngine.shared().docker("network", "rm", "dewy-test");
        }
    }

    private JsonNode inspect(String... options) throws Exception {
        try (AppRuntime runtime = open(QUICK, TestApp.in(folder).running(options))) {
            runtime.activate(call, TestImages.activation("v1", Manner.SERVING));
            String name = runtime.status().instances().get(0);
            return new ObjectMapper()
                    .readTree(ContainerEngine.shared().docker("inspect", name))
                    .get(0);
        }
    }

    private static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    private static AppRuntime open(String url, TestApp app) throws Exception {
        return new DockerRuntimeProvider(TestImages.environment(), Engine::new).open(PluginUrl.parse(url), app);
    }
}
