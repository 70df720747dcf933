package dewy.launcher.demo;

import ch.qos.logback.classic.Level;
import dewy.api.DewyException;
import dewy.api.control.Agent;
import dewy.api.control.AppDefinition;
import dewy.launcher.Terminal;
import dewy.launcher.agent.AgentFramework;
import dewy.launcher.agent.AgentHome;
import dewy.launcher.agent.JvmSignal;
import dewy.launcher.agent.LaunchException;
import dewy.launcher.agent.StopSignals;
import dewy.launcher.log.LogSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The demonstration: a real agent keeps a tiny server at the newest release of a folder while clients send requests
 * without pause; a second release is published, and the requests that failed are counted.
 */
public final class Demo {
    private static final String FIRST = "v1.0.0";
    private static final String SECOND = "v1.1.0";
    private static final int SECONDS_EACH = 4;
    private static final Duration PAUSE = Duration.ofMillis(2);

    private final CountDownLatch interrupted = new CountDownLatch(1);
    private final StopSignals signals = StopSignals.handle(name -> interrupted.countDown());
    private final boolean live = Terminal.isInteractive();

    /** Runs it; returns 0 when no request failed, else 4. */
    public int run() {
        JvmSignal.handle("HUP", name -> interrupted.countDown());
        new LogSettings(Level.WARN, LogSettings.Format.TEXT).choose();
        try {
            Path folder = Files.createTempDirectory("dewy-demo-");
            try {
                return show(folder);
            } finally {
                delete(folder);
            }
        } catch (LaunchException | DewyException | IOException e) {
            System.err.println("dewy: " + e.getMessage());
            return 4;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 4;
        }
    }

    private int show(Path folder) throws LaunchException, DewyException, IOException, InterruptedException {
        DemoReleases releases = new DemoReleases(folder.resolve("releases"));
        releases.publish(FIRST);
        int port = freePort();
        System.out.println("A folder of releases: " + releases.folder() + ", with " + FIRST);
        try (AgentHome home = AgentHome.open(folder.resolve("home"));
                AgentFramework framework = AgentFramework.start(home)) {
            signals.ask(framework.ownSignals());
            framework.agent().add(app(folder, releases.folder(), port));
            awaitServer(framework.agent());
            System.out.println("The agent serves it on 127.0.0.1:" + port + "; 4 clients send requests without pause:");
            System.out.println();
            try (Load load = Load.on(port, 2, 2, PAUSE)) {
                watch(load, FIRST);
                long published = System.nanoTime();
                releases.publish(SECOND);
                say("Published " + SECOND + ", with nothing else done");
                load.awaitVersion(SECOND);
                long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - published);
                say(SECOND + " answers after " + millis / 1000.0 + " s");
                watch(load, SECOND);
                load.close();
                return summary(load);
            }
        }
    }

    private static AppDefinition app(Path folder, Path releases, int port) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new AppDefinition(
                "server",
                Map.of(
                        "name", List.of("demo"),
                        "registry", List.of("file://" + releases),
                        "dir", List.of(folder.resolve("app").toString()),
                        "interval", List.of("1"),
                        "port", List.of("127.0.0.1:" + port),
                        "stdin-socket", List.of("true")),
                List.of(
                        java,
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xmx32m",
                        "-cp",
                        "current",
                        DemoServer.class.getName()));
    }

    private void awaitServer(Agent agent) throws DewyException, InterruptedException, IOException {
        for (int tries = 0; agent.app("demo").current().isEmpty(); tries++) {
            if (tries > 300 || interrupted.await(100, TimeUnit.MILLISECONDS)) {
                String why = agent.app("demo").last().map(last -> last.reason()).orElse("it takes too long");
                throw new IOException("the first release was not deployed: " + why);
            }
        }
    }

    private void watch(Load load, String version) throws InterruptedException {
        for (int second = 0; second < SECONDS_EACH; second++) {
            interrupted.await(1, TimeUnit.SECONDS);
            String line = String.format(
                    "  %-8s %,9d requests  %d failed",
                    version, load.requests(), load.failures().size());
            System.out.print(live ? "\r" + line : line + "\n");
            System.out.flush();
        }
        if (live) {
            System.out.println();
        }
    }

    private static void say(String text) {
        System.out.println("  " + text);
    }

    private static int summary(Load load) {
        List<String> failures = load.failures();
        System.out.printf("%nSummary: %,d requests, failures: %d%n", load.requests(), failures.size());
        failures.stream().limit(5).forEach(failure -> System.out.println("  " + failure));
        System.out.print(
                """

                What to try next, with releases of your own in FOLDER/<version>/<name>.tar.gz:
                  ./dewy server --registry file://FOLDER -p 8080 -- current/app
                  ./dewy shell status
                  ./dewy --help
                """);
        return failures.isEmpty() ? 0 : 4;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void delete(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(
                    Path visited, @org.jspecify.annotations.Nullable IOException failure) throws IOException {
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
