package dewy.itest;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.tck.CaddyImage;
import dewy.tck.ContainerEngine;
import dewy.tck.ImageRegistry;
import dewy.tck.load.LoadServer;
import dewy.tck.load.MixedLoad;
import dewy.tck.load.MixedLoad.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * An app in containers under a load of all kinds. The engine is the tests' own, or any that {@code -Ddewy.engine=unix:///…} names,
 * with {@code -Ddewy.runtime=podman} where it is Podman; it must take registries of loopback for safe.
 */
final class ContainerTrafficSite implements AutoCloseable {
    /** What runs the containers. */
    static final String RUNTIME = System.getProperty("dewy.runtime", "docker");

    static final Duration DRAIN_TIME = Duration.ofSeconds(2);

    private static final String ENGINE = System.getProperty("dewy.engine", "");

    private final Path folder;
    private final Path app;
    private final int port = Ports.free();
    private final ImageRegistry images;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String engine;
    private final List<String> options;
    private int published;
    private AgentProcess agent;

    private ContainerTrafficSite(Path folder, List<String> proxy, List<String> more) throws Exception {
        this.folder = folder;
        app = Files.createDirectories(folder.resolve("app"));
        engine = ENGINE.isEmpty() ? ContainerEngine.shared().address() : ENGINE;
        images = ImageRegistry.start(Files.createDirectory(folder.resolve("images")));
        options = new ArrayList<>(proxy);
        options.set(options.size() - 1, options.get(options.size() - 1) + port);
        options.addAll(more);
        options.addAll(List.of("--runtime", RUNTIME, "--health-path", "/", "--probe-interval", "100ms"));
        options.addAll(List.of("--drain-time", DRAIN_TIME.toSeconds() + "s", "--stop-timeout", "2s", "--"));
        options.addAll(host());
        String unused = publish();
        agent = start();
        boolean serves = false;
        try {
            agent.await("Deployment completed");
            serves = true;
        } finally {
            if (!serves) {
                close();
            }
        }
    }

    /** One behind the built-in proxy. */
    static ContainerTrafficSite builtin(Path folder, String... more) throws Exception {
        return new ContainerTrafficSite(folder, List.of("-p", "127.0.0.1:"), List.of(more));
    }

    /** One behind Caddy, of which an engine that is not the tests' own has the image. */
    static ContainerTrafficSite caddy(Path folder, String... more) throws Exception {
        if (ENGINE.isEmpty()) {
            CaddyImage.ensure(ContainerEngine.shared());
        }
        List<String> proxy =
                List.of("--container-port", "8080", "--proxy", "--proxy-engine", RUNTIME, "--proxy-port", "127.0.0.1:");
        return new ContainerTrafficSite(folder, proxy, List.of(more));
    }

    AgentProcess agent() {
        return agent;
    }

    /** Starts another agent in the place of one that was killed. */
    void startAgent() throws IOException {
        agent = start();
    }

    ControlClient shell() {
        return new ControlClient(app.resolve(".dewy"));
    }

    MixedLoad load() {
        return MixedLoad.on(this::connect, DRAIN_TIME);
    }

    MixedLoad loadOfBrowsers(Set<Kind> kinds) {
        return MixedLoad.ofBrowsers(this::connect, DRAIN_TIME, kinds);
    }

    private Socket connect() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), port);
    }

    /** Returns the version that serves. */
    String serving() throws IOException, InterruptedException {
        URI address = URI.create("http://127.0.0.1:" + port + "/");
        return client.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString())
                .body();
    }

    /** Publishes the next version, and returns its name. The image has nothing but a shell: a JVM is that of the host. */
    String publish() throws IOException {
        String version = "v1." + published++ + ".0";
        String script = "echo " + version + " > /tmp/VERSION; exec " + AgentProcess.java()
                + " -Xmx64m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp /classes " + LoadServer.class.getName()
                + " /tmp/VERSION 0.0.0.0";
        String unused = images.push(
                "web",
                version,
                "{\"ExposedPorts\": {\"8080/tcp\": {}}, \"Env\": [\"PORT=8080\"], \"Cmd\": [\"/bin/sh\", \"-c\", \""
                        + script + "\"]}");
        return version;
    }

    /** Stops the agent, which takes its containers with it. */
    void stop() throws Exception {
        assertThat(agent.stop()).isZero();
    }

    /** Has containers find the JVM of this host, and the server. */
    private static List<String> host() throws Exception {
        Path classes = Path.of(LoadServer.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        List<String> mounts = new ArrayList<>(List.of("-v", classes + ":/classes:ro"));
        try (Stream<Path> settings = Files.list(Path.of("/etc"))) {
            Stream<Path> needed = Stream.concat(
                    Stream.of("/usr", "/lib", "/lib64").map(Path::of),
                    settings.filter(one -> one.getFileName().toString().startsWith("java")));
            needed.filter(Files::exists).forEach(one -> mounts.addAll(List.of("-v", one + ":" + one + ":ro")));
        }
        return mounts;
    }

    private AgentProcess start() throws IOException {
        String[] arguments = AgentProcess.arguments(
                "container", "img://" + images.host() + "/web", app, options.toArray(String[]::new));
        Map<String, String> environment =
                Map.of("DOCKER_HOST", engine, RUNTIME.equals("podman") ? "CONTAINER_HOST" : "OTHER", engine);
        return AgentProcess.start(folder, List.of("-Xmx96m"), environment, arguments);
    }

    @Override
    public void close() throws Exception {
        agent.close();
        images.close();
    }
}
