package dewy.itest;

import dewy.launcher.demo.Load;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server under load that is upgraded again and again. */
final class SwapSite implements AutoCloseable {
    private static final Duration BETWEEN_UPGRADES = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern LOADERS = Pattern.compile(
            "(?m)^\\s*\\d+:\\s+(\\d+)\\s+\\d+\\s+org.apache.felix.framework.BundleWiringImpl\\$BundleClassLoader\\s*$");

    private final Path folder;
    private final Surroundings surroundings;
    private final AgentProcess agent;
    private final Load load;
    private final List<String> published = new ArrayList<>();
    private volatile boolean stopping;
    private final CompletableFuture<Void> upgrades;

    /** What an agent holds. */
    record Held(int threads, int descriptors, int classLoaders) {
        /** Threads and connections come and go; class loaders do not. */
        boolean exceeds(Held before) {
            return classLoaders > before.classLoaders + 1
                    || threads > before.threads + 15
                    || descriptors > before.descriptors + 15;
        }
    }

    SwapSite(Path folder, Surroundings surroundings) throws Exception {
        this.folder = folder;
        this.surroundings = surroundings;
        publish();
        int port = Ports.free();
        List<String> arguments = new ArrayList<>(surroundings.arguments(port));
        Path app = Files.createDirectories(folder.resolve("app"));
        arguments.addAll(1, List.of("-d", app.toString(), "-i", "200ms", "-f", "json", "-l", "debug"));
        agent = AgentProcess.start(
                folder, List.of("-Xmx96m"), surroundings.environment(), arguments.toArray(String[]::new));
        agent.await("Deployment completed");
        load = Load.on(port, 1, surroundings.keeping(), Duration.ofMillis(5));
        upgrades = CompletableFuture.runAsync(this::upgrade, task -> new Thread(task, "upgrades").start());
    }

    AgentProcess agent() {
        return agent;
    }

    ControlClient control() {
        return new ControlClient(folder.resolve("app/.dewy"));
    }

    /** Returns a jar of a plugin in a newer version. */
    Path newer(String plugin, int number) throws IOException {
        return PluginCopy.of(plugin, "0.1." + number, Files.createDirectories(folder.resolve("jars")));
    }

    /** Ends the upgrades and the load; returns the requests that failed. */
    List<String> end() throws Exception {
        stopping = true;
        upgrades.get(60, TimeUnit.SECONDS);
        load.close();
        return load.failures();
    }

    List<String> published() {
        return List.copyOf(published);
    }

    /** Returns what the agent holds, once that is no more than before; what it holds after a while if it stays more. */
    Held awaitHeldAtMost(Held before) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        Held now = held();
        while (now.exceeds(before) && System.nanoTime() < deadline) {
            // A client of java.net.http ends its thread some time after it was found to be garbage.
            TimeUnit.SECONDS.sleep(1);
            now = held();
        }
        return now;
    }

    /** Returns what the agent holds after a garbage collection. */
    Held held() throws Exception {
        String classes = jcmd("GC.class_histogram");
        Matcher loaders = LOADERS.matcher(classes);
        return new Held(count("task"), count("fd"), loaders.find() ? Integer.parseInt(loaders.group(1)) : 0);
    }

    private int count(String what) throws IOException {
        try (var entries = Files.list(Path.of("/proc", Long.toString(agent.pid()), what))) {
            return (int) entries.count();
        }
    }

    private String jcmd(String command) throws Exception {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Process process = new ProcessBuilder(jcmd.toString(), Long.toString(agent.pid()), command)
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }

    private void upgrade() {
        try {
            while (!stopping) {
                load.awaitVersion(publish());
                TimeUnit.NANOSECONDS.sleep(BETWEEN_UPGRADES.toNanos());
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private synchronized String publish() throws IOException {
        String version = "v1." + published.size() + ".0";
        Path archive = folder.resolve("upload.tar.gz");
        Registry.writeArchive(archive, Map.of("app", Registry.resource("apps/server.py"), "VERSION", version + "\n"));
        surroundings.publish(version, archive);
        published.add(version);
        return version;
    }

    @Override
    public void close() throws Exception {
        stopping = true;
        load.close();
        agent.close();
    }
}
