package dewy.itest;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.launcher.demo.Load;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** A server under load whose agents are killed; each of them has to go on where the one before was. */
final class KilledSite implements AutoCloseable {
    private static final int FILES = 40;
    /** Seven that are good, and two that failed. */
    private static final int KEPT = 9;

    private static final List<BadVersion> BAD = List.of(
            BadVersion.EXITS_AT_ONCE,
            BadVersion.IS_NOT_EXECUTABLE,
            BadVersion.HAS_ANOTHER_DIGEST,
            BadVersion.IS_CORRUPT);

    private static final int CHANGES = 12;
    private static final Duration NO_MORE_CHANGES = Duration.ofMillis(1_500);
    private static final int LONGEST_DEPLOYMENT_MILLIS = 600;
    private static final int LONGEST_START_MILLIS = 2_000;

    private final Path folder;
    private final Path app;
    private final Registry registry;
    private final AgentCommand command;
    private final Random random;
    private final int port;
    private final Map<String, Integer> killedAt = new TreeMap<>();
    private AgentProcess agent;
    private int published;
    private String good = "";

    private KilledSite(Path folder, Registry registry, AgentCommand command, Random random) throws IOException {
        this.folder = folder;
        this.app = Files.createDirectories(folder.resolve("app"));
        this.registry = registry;
        this.command = command;
        this.random = random;
        this.port = Ports.free();
        publish(false);
        this.agent = start();
    }

    static KilledSite in(Path folder, AgentCommand command, Random random) throws IOException {
        return new KilledSite(folder, Registry.in(folder.resolve("registry")), command, random);
    }

    /** Kills agent after agent, each in the way of its number; returns how often it happened after which entry of the journal. */
    Map<String, Integer> survives(int first, int kills) throws Exception {
        converges();
        try (Load load = Load.on(port, 1, 1, Duration.ofMillis(25))) {
            for (int kill = first; kill < first + kills; kill += 2) {
                publish(kill / 2 % 5 == 3);
                killWithin(LONGEST_DEPLOYMENT_MILLIS, kill);
                assertNothingIsBroken(load, kill);
                publish(kill / 2 % 5 == 4);
                agent = start();
                killWithin(LONGEST_START_MILLIS, kill + 1);
                assertNothingIsBroken(load, kill + 1);
                agent = start();
                converges();
                load.awaitVersion(good);
            }
            publish(false);
            converges();
            load.awaitVersion(good);
            load.close();
            assertThat(load.failures()).isEmpty();
        }
        endsTidily();
        return killedAt;
    }

    /** Kills the agent once it has noted something, of every four kills two times; else whenever chance wants it. */
    private void killWithin(int millis, int kill) throws Exception {
        Notes notes = new Notes(app);
        if (kill % 4 < 2) {
            notes.await(1 + (kill / 4) % CHANGES, NO_MORE_CHANGES, notes.state());
        } else {
            agent.outlives(random.nextInt(millis), TimeUnit.MILLISECONDS);
        }
        agent.kill();
        killedAt.merge(notes.last(), 1, Integer::sum);
    }

    private void assertNothingIsBroken(Load load, int kill) throws IOException {
        assertThat(load.failures()).as("kill " + kill + "\n" + agent.output()).isEmpty();
        Releases.in(app).areComplete();
        assertThat(app.resolve("current/app")).exists();
    }

    /** The newest version that is any good is deployed; what is newer than that was found out to be no good. */
    private void converges() throws Exception {
        String deployed = good + " is deployed";
        String wanted = newest().equals(good) ? deployed : deployed + "; " + newest() + " is left out, quarantined";
        agent.await(
                wanted,
                record -> "Deploy skipped".equals(record.get("msg"))
                        && record.getOrDefault("reason", "").startsWith(wanted));
        assertThat(app.resolve("current/VERSION")).hasContent(good);
        if (newest().equals(good)) {
            assertThat(agent.count("Deploy failure")).as(agent.output()).isZero();
        }
        Releases.in(app).areComplete();
    }

    private void endsTidily() throws Exception {
        Releases.await(() -> Processes.leftBy(folder).size() == 2, () -> "left: " + Processes.leftBy(folder));
        assertThat(agent.stop()).as(agent.output()).isZero();
        assertThat(Processes.leftBy(folder)).isEmpty();
        Releases.in(app).areAllThereIs();
        assertThat(Releases.in(app).names()).hasSizeLessThanOrEqualTo(KEPT);
        AppFolder.in(app).isTidy();
        AppFolder.in(app).hasAWholeCache();
        assertThat(AppFolder.names(folder)).isSubsetOf("app", "registry", "dewy");
        assertThat(AppFolder.names(folder.resolve("dewy"))).hasSizeLessThanOrEqualTo(1);
    }

    private String newest() {
        return "v1." + published + ".0";
    }

    private void publish(boolean bad) throws IOException {
        published++;
        if (bad) {
            BAD.get(published % BAD.size()).publish(registry, newest());
        } else {
            publishGood();
            good = newest();
        }
    }

    private void publishGood() throws IOException {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("app", Registry.resource("apps/server.py"));
        files.put("VERSION", newest());
        files.put("count.txt", Integer.toString(FILES + 3));
        for (int i = 0; i < FILES; i++) {
            files.put("file" + i + ".txt", newest());
        }
        registry.publish(newest(), files);
    }

    private AgentProcess start() throws IOException {
        List<String> arguments = new ArrayList<>(
                List.of("server", "--registry", registry.url(), "-i", "100ms", "-f", "json", "-l", "debug"));
        arguments.addAll(List.of("-d", app.toString(), "--ready-time", "100ms", "--max-crashes", "0"));
        arguments.addAll(List.of("-p", "127.0.0.1:" + port, "--", "current/app"));
        Map<String, String> environment = Map.of("XDG_RUNTIME_DIR", folder.toString());
        return AgentProcess.start(folder, command, environment, arguments.toArray(String[]::new));
    }

    @Override
    public void close() throws Exception {
        agent.close();
        Processes.leftBy(folder).forEach(ProcessHandle::destroyForcibly);
    }
}
