package dewy.itest;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.registry.github.FakeGitHub;
import dewy.tck.Content;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Hosts of one app that share a cache: real agents, and a stand-in for GitHub that counts what it is asked. */
final class Fleet implements AutoCloseable {
    static final Duration WINDOW = Duration.ofSeconds(3);

    /** What hosts log that go on alone, and in which field the reason is. */
    private static final Map<String, String> ALONE = Map.of(
            "Go on without the other hosts", "error",
            "Ask the registry without the other hosts", "reason",
            "Go on without the cache", "error");

    final FakeGitHub github = new FakeGitHub();
    final List<AgentProcess> agents = new ArrayList<>();
    private final Path folder;
    private final long started = System.nanoTime();

    Fleet(Path folder) throws IOException {
        this.folder = folder;
    }

    /** Starts so many agents, each on a host of its own. */
    void start(int hosts, String cache, Map<String, String> environment) throws IOException {
        for (int i = 0; i < hosts; i++) {
            Map<String, String> variables = new LinkedHashMap<>(environment);
            variables.putAll(Map.of("GITHUB_API_URL", github.api.address(), "GH_TOKEN", "t", "HOSTNAME", "host-" + i));
            List<String> arguments = new ArrayList<>(List.of("assets", "--registry", "github://acme/app"));
            arguments.addAll(List.of("--cache", cache + (cache.contains("?") ? "&" : "?") + "registry-ttl=3s"));
            arguments.addAll(List.of("--stale-after", "5s", "-i", "500ms", "-f", "json", "-l", "debug"));
            arguments.addAll(List.of("-d", Files.createDirectories(app(i)).toString()));
            agents.add(AgentProcess.start(folder, List.of("-Xmx96m"), variables, arguments.toArray(String[]::new)));
        }
    }

    Path app(int host) {
        return folder.resolve("host-" + host).resolve("web");
    }

    void publish(String version) throws IOException {
        Path archive = folder.resolve(version + ".tar.gz");
        Registry.writeArchive(archive, Map.of("page.html", version));
        Content content = Content.of(archive);
        String digest = "\"" + FakeGitHub.digest(content) + "\"";
        github.release(version, github.asset("app.tar.gz", content, digest, "uploaded"));
    }

    /** Waits until all hosts that live have deployed a version, and nothing else in its place. */
    void awaitDeployed(String version) throws Exception {
        for (int i = 0; i < agents.size(); i++) {
            if (agents.get(i).isAlive()) {
                await(agents.get(i), "Deployment completed", version);
                assertThat(app(i).resolve("current/page.html")).hasContent(version);
            }
        }
    }

    static Map<String, String> await(AgentProcess agent, String message, String version) throws Exception {
        return agent.await(
                message + " " + version,
                Duration.ofMinutes(5),
                record -> message.equals(record.get("msg"))
                        && record.getOrDefault("version", "").contains(version));
    }

    /** Kills the one that all others wait for. */
    void killTheOneThatDownloads() throws InterruptedException {
        List<AgentProcess> downloading = new ArrayList<>(agents);
        while (downloading.size() > 1) {
            downloading.get(0).outlives(50, TimeUnit.MILLISECONDS);
            downloading.removeIf(agent -> agent.count("Wait for the download of another host") > 0);
        }
        downloading.get(0).kill();
    }

    long downloads() {
        return github.store.asked.size();
    }

    /** Requires that one host downloaded each release, and one asked the registry in a window. */
    void requireOneForAll(int releases) {
        assertThat(downloads()).as(() -> "downloads" + whyAlone()).isEqualTo(releases);
        assertThat(polls()).as(() -> "polls" + whyAlone()).isLessThanOrEqualTo(windows());
    }

    private long polls() {
        return github.api.asked.stream()
                .filter(asked -> asked.target().contains("/releases?"))
                .count();
    }

    /** Returns which hosts went on without the others and why. */
    private String whyAlone() {
        StringBuilder why = new StringBuilder();
        for (int i = 0; i < agents.size(); i++) {
            for (Map.Entry<String, String> alone : ALONE.entrySet()) {
                for (String reason : agents.get(i).texts(alone.getKey(), alone.getValue())) {
                    why.append("\nhost-" + i + ": " + alone.getKey() + ": " + reason);
                }
            }
        }
        return why.toString();
    }

    /** Returns how many windows there can have been. */
    private long windows() {
        return (System.nanoTime() - started) / WINDOW.toNanos() + 1;
    }

    @Override
    public void close() throws Exception {
        // One may have ended by itself; none is to be left.
        agents.forEach(AgentProcess::terminate);
        for (AgentProcess agent : agents) {
            agent.close();
        }
        github.close();
    }
}
