package dewy.itest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An agent whose standard output takes nothing any more: no disk, no descriptor, nobody who reads. */
@Timeout(120)
class LostOutputIT {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"> /dev/full", ">&- 2>&-", "| true"})
    void keepsNothingFromBeingDeployed(String output) throws Exception {
        Registry registry = Registry.in(folder.resolve("registry"));
        registry.publish("v1.0.0", Map.of("page.html", "one"));
        Process shell = start(registry, output);
        try {
            awaitPage("one");
            registry.publish("v1.1.0", Map.of("page.html", "two"));
            awaitPage("two");
            assertThat(agentStops()).isZero();
        } finally {
            shell.descendants().forEach(ProcessHandle::destroyForcibly);
            shell.destroyForcibly().waitFor();
        }
    }

    private Process start(Registry registry, String output) throws IOException {
        Path app = Files.createDirectories(folder.resolve("app"));
        String agent = "%s -Xmx96m -jar %s assets --registry %s -i 200ms -l debug -d %s; echo $? > %s"
                .formatted(AgentProcess.java(), AgentProcess.jar(), registry.url(), app, folder.resolve("code"));
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", "(" + agent + ") " + output).directory(folder.toFile());
        builder.environment().put("TMPDIR", folder.toString());
        return builder.redirectErrorStream(true)
                .redirectOutput(folder.resolve("shell.log").toFile())
                .start();
    }

    private void awaitPage(String content) throws InterruptedException {
        Path page = folder.resolve("app/current/page.html");
        Releases.await(() -> content.equals(text(page)), () -> content + " in place of " + text(page));
    }

    private int agentStops() throws Exception {
        String pid = text(folder.resolve("app/.dewy/agent.pid"));
        assertThat(new ProcessBuilder("kill", "-TERM", pid).start().waitFor(10, TimeUnit.SECONDS))
                .isTrue();
        Path code = folder.resolve("code");
        Releases.await(() -> !text(code).isEmpty(), () -> "the agent " + pid + " has not ended");
        return Integer.parseInt(text(code));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            return "";
        }
    }
}
