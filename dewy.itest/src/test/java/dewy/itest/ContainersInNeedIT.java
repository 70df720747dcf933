package dewy.itest;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.tck.Await;
import dewy.tck.ContainerEngine;
import dewy.tck.ImageRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What becomes of apps in containers when something goes wrong with their next version, or somebody steers them: each is an app
 * of one agent, on a real engine, with images of a real registry.
 */
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ContainersInNeedIT {
    private static final String EXPOSED = "\"ExposedPorts\": {\"8080/tcp\": {}}, ";

    /** Nine apps at once take a while to start on a busy host. */
    private static final Duration PATIENCE = AgentProcess.PATIENCE.multipliedBy(3);

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final Map<String, Integer> ports = new LinkedHashMap<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private final Path folder;
    private final ContainerEngine engine;
    private final ImageRegistry images;
    private final AgentProcess agent;
    private final ControlClient shell;

    ContainersInNeedIT(@TempDir Path folder) throws Exception {
        this.folder = folder;
        engine = ContainerEngine.shared();
        images = own(ImageRegistry.start(Files.createDirectory(folder.resolve("images"))));
        ImageRegistry guarded = own(ImageRegistry.start(Files.createDirectory(folder.resolve("guarded"))));
        ServerSocket taken = own(new ServerSocket(Ports.free(), 1, InetAddress.getLoopbackAddress()));
        StringBuilder apps = new StringBuilder("apps:\n");
        for (String app : List.of("health", "start", "expose", "pull", "slow", "steer", "track")) {
            apps.append(app(app, images, Ports.free()));
        }
        apps.append("    track: version\n");
        apps.append(app("guarded", guarded, Ports.free()));
        apps.append(app("port", images, taken.getLocalPort()));
        Files.writeString(folder.resolve("dewy.yaml"), apps);
        agent = own(AgentProcess.start(
                folder,
                List.of("-Xmx128m"),
                Map.of("DOCKER_HOST", engine.address()),
                "host -d . -f json -l debug".split(" ", -1)));
        shell = new ControlClient(folder.resolve(".dewy"));
        for (String app : ports.keySet()) {
            if (!app.equals("port")) {
                told(app, "Container notification");
            }
        }
        images.push("health", "v2.0.0", config(EXPOSED, "busybox rm /www/index.html; " + serving("")));
        images.push("start", "v2.0.0", "{" + EXPOSED + "\"Cmd\": [\"/no/such/program\"]}");
        images.push("expose", "v2.0.0", config("", serving("v2.0.0")));
        images.pushWithoutLayer("pull", "v2.0.0", config(EXPOSED, serving("v2.0.0")));
        images.push("slow", "v2.0.0", config(EXPOSED, "sleep 1.5; " + serving("v2.0.0")));
        images.push("track", "v1.0.0", config(EXPOSED, serving("v1.0.0 again")));
        guarded.protect();
    }

    @AfterAll
    void end() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }

    @Test
    void servesOnWhenTheHealthCheckFails() throws Exception {
        assertThat(told("health", "Release quarantined").get("error"))
                .contains("Cannot start a container of 127.0.0.1:", "its port 8080 answers /index.html with", " 404 ");
        assertServes("health", "v1.0.0");
    }

    @Test
    void servesOnWhenTheNextOneDoesNotStart() throws Exception {
        assertThat(told("start", "Release quarantined").get("error"))
                .contains("Cannot start the container", "/no/such/program", "no such file or directory");
        assertServes("start", "v1.0.0");
    }

    @Test
    void servesOnWhenTheNextImageExposesNoPort() throws Exception {
        assertThat(told("expose", "Release quarantined").get("error"))
                .contains("the image exposes no port", "Name it with --container-port");
        assertServes("expose", "v1.0.0");
    }

    @Test
    void servesOnAndTriesAgainWhenTheNextImageCannotBePulled() throws Exception {
        Map<String, String> failure = agent.find(
                "a failure to fetch",
                record -> is(record, "pull", "Deploy failure") && "fetch".equals(record.get("step")));
        assertThat(failure).containsEntry("version", "v2.0.0");
        assertThat(failure.get("error")).contains("Cannot pull the image", "/pull@sha256:");
        told("pull", "Deploy still failing");
        assertServes("pull", "v1.0.0");
    }

    @Test
    void servesOnWhenTheRegistryLetsNobodyIn() throws Exception {
        Map<String, String> failure = agent.find(
                "a refusal",
                record -> is(record, "guarded", "Deploy failure")
                        && record.getOrDefault("error", "").contains("authentication required"));
        assertThat(failure.get("error")).contains("DOCKER_USERNAME");
        assertServes("guarded", "v1.0.0");
    }

    @Test
    void saysThatItsPortIsInUse() throws Exception {
        assertThat(told("port", "Deploy failure").get("error")).contains("127.0.0.1:" + ports.get("port"), "in use");
    }

    @Test
    void waitsForAnAppThatListensLate() throws Exception {
        agent.find(
                "slow v2.0.0",
                record -> is(record, "slow", "Deployment completed") && "v2.0.0".equals(record.get("version")));
        assertServes("slow", "v2.0.0");
    }

    @Test
    void takesNoTagThatIsPushedAgainForAnotherVersionWhereVersionsCount() throws Exception {
        long looks = count("track", "Deploy skipped");
        agent.find("two more looks", record -> count("track", "Deploy skipped") >= looks + 2);
        assertServes("track", "v1.0.0");
        assertThat(count("track", "Deployment started")).isOne();
    }

    @Test
    void showsItsContainersAndHasAsManyAsArePleased() throws Exception {
        assertThat(shell.run("containers", "steer", "--json")).containsOnlyOnce("\"state\" : \"running\"");
        assertThat(shell.run("scale", "steer", "3")).endsWith("done: scaled to 3\n");
        assertThat(shell.run("status", "steer")).contains("\nScaled      to 3\n");
        try (AgentProcess list = AgentProcess.start(folder, "container", "list", "-d", folder.toString(), "steer")) {
            assertThat(list.exitCode()).isZero();
            assertThat(list.output().lines().skip(1))
                    .hasSize(3)
                    .allMatch(
                            row -> row.matches("steer +steer-1-\\S+ +[0-9a-f]{12} +v1.0.0 +running +- +127.0.0.1:.*"));
        }
        shell.run("scale", "steer", "--reset");
        Await.until(
                "one container", () -> shell.run("containers", "steer").lines().count() == 2);
        assertServes("steer", "v1.0.0");
        assertThat(count("steer", "Deployment started")).isOne();
        assertThat(shell.ask("scale", "steer", "101").text()).contains("replicas=101");
    }

    @Test
    void saysThatThereIsNoAgentToAsk() throws Exception {
        try (AgentProcess list = AgentProcess.start(folder, "container", "list", "-d", "apps")) {
            assertThat(list.exitCode()).isEqualTo(2);
            assertThat(list.output()).contains("no agent runs that has its home in", "Start it, or name its folder");
        }
    }

    @Test
    void keepsWhatItsContainersWrite() throws Exception {
        Map<String, String> told = told("slow", "here is v2.0.0");
        assertThat(told.get("container")).startsWith("slow-2-");
        assertThat(shell.run("log", "slow", "--output"))
                .contains("slow-1-", " | here is v1.0.0\n", told.get("container") + " | here is v2.0.0\n");
    }

    private boolean is(Map<String, String> record, String app, String message) {
        return app.equals(record.get("app")) && message.equals(record.get("msg"));
    }

    private long count(String app, String message) {
        return agent.count(record -> is(record, app, message));
    }

    private Map<String, String> told(String app, String message) throws InterruptedException {
        Predicate<Map<String, String>> wanted = record -> is(record, app, message);
        return agent.find("\"" + message + "\" of " + app, PATIENCE, wanted);
    }

    private void assertServes(String app, String version) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + ports.get(app) + "/index.html");
        HttpResponse<String> answer =
                client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.body()).isEqualTo(version + "\n");
    }

    private String app(String name, ImageRegistry registry, int port) throws IOException {
        ports.put(name, port);
        registry.push(name, "v1.0.0", config(EXPOSED, serving("v1.0.0")));
        return """
                  %s:
                    command: container
                    registry: img://%s/%s
                    dir: %s
                    port: 127.0.0.1:%d
                    interval: 300ms
                    health-path: /index.html
                    probe-interval: 100ms
                    probe-attempts: 30
                    drain-time: 1s
                    run: [--stop-timeout, "1"]
                """
                .formatted(
                        name,
                        registry.host(),
                        name,
                        Files.createDirectories(folder.resolve("apps").resolve(name)),
                        port);
    }

    private static String serving(String version) {
        String page = version.isEmpty() ? "" : "echo here is " + version + "; echo " + version + " > /www/index.html; ";
        return page + "trap 'exit 0' TERM; httpd -f -p 8080 -h /www & wait";
    }

    private static String config(String exposed, String script) {
        return "{" + exposed + "\"Cmd\": [\"/bin/sh\", \"-c\", \"" + script + "\"]}";
    }

    private <T extends AutoCloseable> T own(T resource) {
        opened.push(resource);
        return resource;
    }
}
