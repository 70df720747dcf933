package dewy.itest;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.registry.github.FakeGitHub;
import dewy.tck.Await;
import dewy.tck.Content;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * One app many times, each standing for a host, several of them in an agent, and all with one cache: real agents, and a
 * stand-in for GitHub that counts what it is asked. What two apps of an agent agree on, they agree on in the cache's store, as
 * those of different agents do: nothing between them is shorter.
 */
final class Fleet implements AutoCloseable {
    static final Duration WINDOW = Duration.ofSeconds(3);

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** What hosts log that go on alone, and in which field the reason is. */
    private static final Map<String, String> ALONE = Map.of(
            "Go on without the other hosts", "error",
            "Ask the registry without the other hosts", "reason",
            "Go on without the cache", "error");

    final FakeGitHub github = new FakeGitHub();
    /** Those that were not killed, by their numbers. */
    final SortedMap<Integer, AgentProcess> agents = new TreeMap<>();

    private final Path folder;
    private final int apps;
    private final Map<String, String> environment;
    private long counted = System.nanoTime();
    private long before;

    /** A host that an app stands for. */
    record Host(int agent, String app) {}

    /** @param apps how many of them are in each agent */
    Fleet(Path folder, int apps, Map<String, String> environment) throws IOException {
        this.folder = folder;
        this.apps = apps;
        this.environment = environment;
    }

    /** Starts so many agents. */
    void start(int count, String cache) throws IOException {
        String url = cache + (cache.contains("?") ? "&" : "?") + "fleet=web&registry-ttl=" + WINDOW.toSeconds() + "s";
        for (int i = 0; i < count; i++) {
            StringBuilder written = new StringBuilder(
                    """
                    defaults:
                      command: assets
                      registry: github://acme/app
                      cache: %s
                      stale-after: 5s
                      interval: 2s
                    apps:
                    """
                            .formatted(url));
            hosts(i).forEach(host -> written.append("  ").append(host.app()).append(": {}\n"));
            Files.writeString(Files.createDirectories(place(i)).resolve("dewy.yaml"), written);
            startAgain(i);
        }
    }

    /** Starts an agent that was killed. */
    void startAgain(int agent) throws IOException {
        Map<String, String> variables = new LinkedHashMap<>(environment);
        variables.putAll(Map.of("GITHUB_API_URL", github.api.address(), "GH_TOKEN", "t", "HOSTNAME", "host-" + agent));
        List<String> heap = List.of("-Xmx" + (64 + 16 * apps) + "m");
        agents.put(
                agent,
                AgentProcess.start(
                        folder, heap, variables, "host", "-d", place(agent).toString(), "-f", "json"));
    }

    private Path place(int agent) {
        return folder.resolve("host-" + agent);
    }

    /** Returns the app directory of a host. */
    Path app(Host host) {
        return place(host.agent()).resolve(host.app());
    }

    /** Returns the home of the agent of a host. */
    Path home(Host host) {
        return place(host.agent()).resolve(".dewy");
    }

    private List<Host> hosts(int agent) {
        return IntStream.range(0, apps)
                .mapToObj(number -> new Host(agent, "web-" + number))
                .toList();
    }

    /** Returns the hosts of all agents that were not killed. */
    List<Host> hosts() {
        return agents.keySet().stream().flatMap(agent -> hosts(agent).stream()).toList();
    }

    void publish(String version) throws IOException {
        Path archive = folder.resolve(version + ".tar.gz");
        Registry.writeArchive(archive, Map.of("page.html", version));
        Content content = Content.of(archive);
        String digest = "\"" + FakeGitHub.digest(content) + "\"";
        github.release(version, github.asset("app.tar.gz", content, digest, "uploaded"));
    }

    /** Waits until all hosts have deployed a version, and nothing else in its place. */
    void awaitDeployed(String version) throws Exception {
        for (Host host : hosts()) {
            await(host, "Deployment completed", version);
            assertThat(app(host).resolve("current/page.html"))
                    .as(host.toString())
                    .hasContent(version);
        }
    }

    /** Returns what a host told, or waits until it does. */
    Map<String, String> await(Host host, String message, String version) throws InterruptedException {
        return agent(host)
                .find(
                        message + " " + version + " of " + host,
                        PATIENCE,
                        record -> isOf(host, record, message)
                                && record.getOrDefault("version", "").contains(version));
    }

    private AgentProcess agent(Host host) {
        return Objects.requireNonNull(agents.get(host.agent()));
    }

    private static boolean isOf(Host host, Map<String, String> record, String message) {
        return message.equals(record.get("msg")) && host.app().equals(record.get("app"));
    }

    /** Kills the agent whose app downloads a version, for which the apps of all others wait; returns which one that was. */
    int killTheOneThatDownloads(String version) throws InterruptedException {
        List<Host> downloading = new ArrayList<>(hosts());
        while (downloading.stream().map(Host::agent).distinct().count() > 1) {
            TimeUnit.MILLISECONDS.sleep(50);
            downloading.removeIf(host -> leavesTheDownloadToAnother(host, version));
        }
        Host one = downloading.get(0);
        agent(one).kill();
        agents.remove(one.agent());
        return one.agent();
    }

    /** One that was slow may have found in the cache what another one downloaded once the turn of the first was over. */
    private boolean leavesTheDownloadToAnother(Host host, String version) {
        return agent(host)
                .has(record -> (isOf(host, record, "Wait for the download of another host")
                                && record.getOrDefault("cache_key", "").startsWith(version))
                        || (isOf(host, record, "Deployment completed")
                                && record.getOrDefault("version", "").contains(version)));
    }

    /**
     * Waits until no host goes on alone any more, as some may where many agents start at once on a busy machine, and counts from
     * then on.
     */
    void countFromWhenAllAreTogether() {
        Await.until(this::whyAlone, () -> hosts().stream().noneMatch(this::isAlone));
        counted = System.nanoTime();
        before = github.store.asked.size();
        github.api.asked.clear();
    }

    private boolean isAlone(Host host) {
        AgentProcess agent = agent(host);
        return agent.count(record -> isOf(host, record, "Go on without the other hosts"))
                > agent.count(record -> isOf(host, record, "Go on with the other hosts"));
    }

    long downloads() {
        return github.store.asked.size() - before;
    }

    /** Requires that there were so many downloads, and that one host asked the registry in a window, or took that over. */
    void requireTogether(int downloads, int takeovers) {
        assertThat(downloads()).as(() -> "downloads" + whyAlone()).isEqualTo(downloads);
        assertThat(polls()).as(() -> "polls" + whyAlone()).isLessThanOrEqualTo(windows() + takeovers);
    }

    private long polls() {
        return github.api.asked.stream()
                .filter(asked -> asked.target().contains("/releases?"))
                .count();
    }

    /** Returns which hosts went on without the others and why. */
    private String whyAlone() {
        StringBuilder why = new StringBuilder();
        agents.forEach((number, agent) -> ALONE.forEach((message, field) -> agent.texts(message, field)
                .forEach(reason -> why.append("\nagent " + number + ": " + message + ": " + reason))));
        return why.toString();
    }

    /** Returns how many windows there can have been. */
    private long windows() {
        return (System.nanoTime() - counted) / WINDOW.toNanos() + 1;
    }

    @Override
    public void close() throws Exception {
        // One may have ended by itself; none is to be left.
        agents.values().forEach(AgentProcess::terminate);
        for (AgentProcess agent : agents.values()) {
            agent.close();
        }
        github.close();
    }
}
