package dewy.itest;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.tck.ContainerEngine;
import dewy.tck.ImageRegistry;
import dewy.tck.load.LoadServer;
import dewy.tck.load.MixedLoad;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Traffic of all kinds to three replicas, of which no new version may lose anything, nor an agent that is killed while it brings
 * one. The engine is the tests' own, or any that {@code -Ddewy.engine=unix:///…} names, with {@code -Ddewy.runtime=podman} where
 * it is Podman; it must take registries of loopback for safe.
 */
@Tag("long")
@Tag("trial")
@Timeout(1_800)
class ContainerTrafficIT {
    private static final int VERSIONS = 30;
    private static final int KILLED = 3;
    private static final int CALM_MILLIS = 500;
    private static final Duration DRAIN_TIME = Duration.ofSeconds(2);
    private static final long SEED = Long.getLong("dewy.test.seed", 1);
    private static final String RUNTIME = System.getProperty("dewy.runtime", "docker");

    @TempDir
    Path folder;

    private final Random random = new Random(SEED);
    private final int port = Ports.free();

    ContainerTrafficIT() throws IOException {}

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void isNotLostWhenReplicasAreExchanged(boolean kills) throws Exception {
        try (ImageRegistry images = ImageRegistry.start(Files.createDirectory(folder.resolve("images")))) {
            publish(images, 0);
            AgentProcess agent = agent(images);
            agent.await("Deployment completed");
            try (MixedLoad load = load()) {
                load.awaitAll();
                for (int number = 1; number <= VERSIONS; number++) {
                    load.disturb(false);
                    TimeUnit.MILLISECONDS.sleep(CALM_MILLIS);
                    load.disturb(true);
                    publish(images, number);
                    if (kills && number % KILLED == 0) {
                        agent.outlives(random.nextInt(3_000), TimeUnit.MILLISECONDS);
                        agent.kill();
                        agent = agent(images);
                    }
                    load.awaitVersion(version(number));
                    agent.await("Deployment completed");
                }
                load.close();
                System.out.println("ContainerTrafficIT with " + RUNTIME + (kills ? ", with kills" : "")
                        + ", -Ddewy.test.seed=" + SEED + ": " + load.report());
                assertThat(load.failures()).isEmpty();
                assertThat(load.cut()).isPositive();
            } finally {
                agent.stop();
            }
            assertThat(agent.exitCode()).isZero();
        }
    }

    private MixedLoad load() {
        return MixedLoad.on(() -> new Socket(InetAddress.getLoopbackAddress(), port), DRAIN_TIME);
    }

    private static String version(int number) {
        return "v1." + number + ".0";
    }

    /** The image has nothing but a shell: a JVM is that of the host. */
    private static void publish(ImageRegistry images, int number) throws IOException {
        String script = "echo " + version(number) + " > /tmp/VERSION; exec " + AgentProcess.java()
                + " -Xmx64m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp /classes " + LoadServer.class.getName()
                + " /tmp/VERSION 0.0.0.0";
        images.push(
                "web",
                version(number),
                "{\"ExposedPorts\": {\"8080/tcp\": {}}, \"Env\": [\"PORT=8080\"], \"Cmd\": [\"/bin/sh\", \"-c\", \""
                        + script + "\"]}");
    }

    private AgentProcess agent(ImageRegistry images) throws Exception {
        Path app = Files.createDirectories(folder.resolve("app"));
        List<String> more = new ArrayList<>(List.of("-p", "127.0.0.1:" + port, "--replicas", "3"));
        more.addAll(List.of("--runtime", RUNTIME, "--health-path", "/", "--probe-interval", "100ms"));
        more.addAll(List.of("--drain-time", DRAIN_TIME.toSeconds() + "s", "--stop-timeout", "2s", "--"));
        Path classes = Path.of(LoadServer.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        more.addAll(List.of("-v", classes + ":/classes:ro"));
        try (Stream<Path> settings = Files.list(Path.of("/etc"))) {
            Stream<Path> needed = Stream.concat(
                    Stream.of("/usr", "/lib", "/lib64").map(Path::of),
                    settings.filter(one -> one.getFileName().toString().startsWith("java")));
            needed.filter(Files::exists).forEach(one -> more.addAll(List.of("-v", one + ":" + one + ":ro")));
        }
        String[] arguments = AgentProcess.arguments(
                "container", "img://" + images.host() + "/web", app, more.toArray(String[]::new));
        String engine = System.getProperty("dewy.engine");
        Map<String, String> environment = Map.of(
                RUNTIME.equals("podman") ? "CONTAINER_HOST" : "DOCKER_HOST",
                engine == null ? ContainerEngine.shared().address() : engine);
        return AgentProcess.start(folder, List.of("-Xmx96m"), environment, arguments);
    }
}
