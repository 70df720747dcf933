package dewy.itest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is shown of a running server through the control socket. */
@Timeout(180)
class LogIT {
    @TempDir
    Path folder;

    @Test
    void followsAnAppUntilTheFollowerIsKilledAndLeavesNothing() throws Exception {
        Registry registry = Registry.in(folder.resolve("registry"));
        registry.publishScript("v1.0.0", server("one"));
        try (AgentProcess agent = server(registry)) {
            agent.await("Deployment completed");
            ControlClient control = new ControlClient(folder.resolve(".dewy"));
            control.run("log");
            Releases.await(() -> sessions(agent) == 0, () -> "threads: " + threads(agent));
            long descriptors = descriptors(agent);
            Process follower = follow();
            try (BufferedReader lines = follower.inputReader(StandardCharsets.UTF_8)) {
                await(lines, "Deployment completed", "v1.0.0");
                await(lines, "| hello from one");
                registry.publishScript("v1.1.0", server("two"));
                await(lines, "Deployment started", "v1.1.0");
                await(lines, "| hello from two");
                assertThat(sessions(agent)).isEqualTo(1);
                follower.destroyForcibly().waitFor();
            } finally {
                follower.destroyForcibly();
            }
            Releases.await(() -> sessions(agent) == 0, () -> "threads: " + threads(agent));
            Releases.await(() -> descriptors(agent) <= descriptors, () -> descriptors(agent) + " > " + descriptors);
            assertThat(control.run("log", "--json", "--output", "-n", "1")).contains("\"output\":\"hello from two\"");
        }
    }

    @Test
    void showsOnceWhatAServerUses() throws Exception {
        Registry registry = Registry.in(folder.resolve("registry"));
        registry.publishScript("v1.0.0", server("one"));
        try (AgentProcess agent = server(registry)) {
            agent.await("Deployment completed");
            ControlClient control = new ControlClient(folder.resolve(".dewy"));
            assertThat(control.run("top"))
                    .containsPattern("web +watching|web +checking")
                    .containsPattern("%  +\\d+M");
            assertThat(control.run("top", "--json"))
                    .contains("\"version\" : \"v1.0.0\"", "\"cpu_percent\" : ", "\"uptime_seconds\" : ")
                    .containsPattern("\"memory_bytes\" : [1-9]\\d{5,}");
        }
    }

    private AgentProcess server(Registry registry) throws IOException {
        return AgentProcess.start(
                folder,
                "server",
                "--registry",
                registry.url(),
                "-n",
                "web",
                "-i",
                "1",
                "-f",
                "json",
                "-d",
                folder.toString(),
                "--ready-time",
                "100ms",
                "--",
                "current/app");
    }

    private Process follow() throws IOException {
        return new ProcessBuilder(
                        AgentProcess.java(),
                        "-jar",
                        AgentProcess.jar().toString(),
                        "shell",
                        "-d",
                        folder.toString(),
                        "log",
                        "-f",
                        "web")
                .redirectErrorStream(true)
                .start();
    }

    private static String server(String name) {
        return "#!/bin/sh\necho hello from " + name + "\nexec sleep 600\n";
    }

    private static void await(BufferedReader lines, String... wanted) throws IOException {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (Stream.of(wanted).allMatch(line::contains)) {
                return;
            }
        }
        throw new AssertionError("the follower ended without " + List.of(wanted));
    }

    /** The system knows the first 15 characters of the names of threads. */
    private static long sessions(AgentProcess agent) {
        return threads(agent).stream()
                .filter(name -> name.equals("dewy-control-se"))
                .count();
    }

    private static List<String> threads(AgentProcess agent) {
        try (Stream<Path> tasks = Files.list(Path.of("/proc", Long.toString(agent.pid()), "task"))) {
            return tasks.map(LogIT::name).toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String name(Path task) {
        try {
            return Files.readString(task.resolve("comm")).strip();
        } catch (IOException e) {
            return ""; // It has just ended.
        }
    }

    private static long descriptors(AgentProcess agent) {
        try (Stream<Path> open = Files.list(Path.of("/proc", Long.toString(agent.pid()), "fd"))) {
            return open.count();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
