package dewy.itest;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.registry.github.FakeGitHub;
import dewy.tck.Content;
import dewy.tck.HttpStandIn;
import dewy.tck.HttpStandIn.Answer;
import dewy.tck.ServerProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Hosts of one app that share a cache: real agents, a real Redis, and a stand-in for GitHub that counts what it is asked. */
@Timeout(300)
class FleetIT {
    private static final int HOSTS = 5;
    private static final Duration WINDOW = Duration.ofSeconds(3);
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final FakeGitHub github = new FakeGitHub();
    private final List<AgentProcess> agents = new ArrayList<>();

    @TempDir
    Path folder;

    private int port;
    private ServerProgram redis;
    private long started;

    FleetIT() throws IOException {}

    @BeforeEach
    void start() throws Exception {
        port = ServerProgram.freePort();
        redis = ServerProgram.start(
                folder, port, "redis-server", "--port", String.valueOf(port), "--bind", "127.0.0.1", "--save", "");
        started = System.nanoTime();
    }

    @AfterEach
    void stop() throws Exception {
        for (AgentProcess agent : agents) {
            agent.close();
        }
        redis.close();
        github.close();
    }

    @Test
    void oneHostInAWindowAsksTheRegistryAndOneDownloadsARelease() throws Exception {
        publish("v1.0.0");
        startAll();
        for (AgentProcess agent : agents) {
            await(agent, "Deployment completed", "v1.0.0");
        }
        publish("v1.1.0");
        for (AgentProcess agent : agents) {
            await(agent, "Deployment completed", "v1.1.0");
        }
        long windows = (System.nanoTime() - started) / WINDOW.toNanos() + 1;

        assertThat(github.store.asked).as("downloads").hasSize(2);
        assertThat(github.api.asked)
                .as("polls")
                .filteredOn(asked -> asked.target().contains("/releases?"))
                .hasSizeLessThanOrEqualTo((int) windows);
        for (int i = 0; i < HOSTS; i++) {
            assertThat(app(i).resolve("current/page.html")).hasContent("v1.1.0");
        }
    }

    @Test
    void anotherHostDownloadsWhereOneIsKilledInTheMiddle() throws Exception {
        AtomicBoolean first = new AtomicBoolean(true);
        github.tampering = answer -> first.getAndSet(false) ? answer.cutAt(100).hanging() : answer;
        publish("v1.0.0");
        startAll();
        assertThat(HttpStandIn.within(github.store.hanging)).isTrue();
        List<AgentProcess> waiting = new ArrayList<>();
        while (waiting.size() < HOSTS - 1) {
            waiting.clear();
            for (AgentProcess agent : agents) {
                if (agent.count("Wait for the download of another host") > 0) {
                    waiting.add(agent);
                }
            }
            agents.get(0).outlives(100, TimeUnit.MILLISECONDS);
        }
        for (AgentProcess agent : agents) {
            if (!waiting.contains(agent)) {
                agent.kill();
            }
        }
        for (AgentProcess agent : waiting) {
            await(agent, "Deployment completed", "v1.0.0");
        }
        assertThat(github.store.asked).as("downloads").hasSize(2);
    }

    @Test
    void goesOnWithTheLastAnswerWhileTheRegistryIsDownAndTellsPeople() throws Exception {
        publish("v1.0.0");
        startAll();
        for (AgentProcess agent : agents) {
            await(agent, "Deployment completed", "v1.0.0");
        }
        github.instead.put("/releases?", Answer.of(503, "{}"));
        for (AgentProcess agent : agents) {
            assertThat(await(agent, "Registry does not answer", "").getOrDefault("error", ""))
                    .contains("503");
        }
        ControlClient control = new ControlClient(app(0).resolve(".dewy"));
        assertThat(control.run("dewy:explain"))
                .contains("v1.0.0 is deployed; the registry has not answered for ")
                .contains(", what it answered before serves: ");
        github.instead.clear();
        for (AgentProcess agent : agents) {
            await(agent, "Registry answers", "");
            assertThat(agent.count("Deploy failure")).isZero();
        }
    }

    private Map<String, String> await(AgentProcess agent, String message, String version) throws Exception {
        return agent.await(
                message + " " + version,
                PATIENCE,
                record -> message.equals(record.get("msg"))
                        && record.getOrDefault("version", "").contains(version));
    }

    private void publish(String version) throws IOException {
        Path archive = folder.resolve(version + ".tar.gz");
        Registry.writeArchive(archive, Map.of("page.html", version));
        Content content = Content.of(archive);
        github.release(
                version, github.asset("app.tar.gz", content, "\"" + FakeGitHub.digest(content) + "\"", "uploaded"));
    }

    private Path app(int host) {
        return folder.resolve("host-" + host).resolve("web");
    }

    private void startAll() throws IOException {
        for (int i = 0; i < HOSTS; i++) {
            Files.createDirectories(app(i));
            String cache = "redis://127.0.0.1:" + port + "?registry-ttl=" + WINDOW.toSeconds() + "s";
            agents.add(AgentProcess.start(
                    folder,
                    List.of("-Xmx96m"),
                    Map.of("GITHUB_API_URL", github.api.address(), "GH_TOKEN", "t", "HOSTNAME", "host-" + i),
                    "assets",
                    "--registry",
                    "github://acme/app",
                    "--cache",
                    cache,
                    "--stale-after",
                    "5s",
                    "-i",
                    "500ms",
                    "-f",
                    "json",
                    "-l",
                    "debug",
                    "-d",
                    app(i).toString()));
        }
    }
}
