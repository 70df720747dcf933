package dewy.itest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The Gogo prompt on a terminal, which {@code script} pretends to be. */
@Timeout(120)
class PromptIT {
    @TempDir
    Path folder;

    @BeforeEach
    void needsATerminal() {
        Tools.require("script");
    }

    @Test
    void opensForTheHost() throws Exception {
        answersAtThePrompt(" host");
    }

    @Test
    void opensForTheBareJar() throws Exception {
        answersAtThePrompt("");
    }

    @Test
    void endsWithItsTerminal() throws Exception {
        Process terminal = terminal(" host");
        awaitOutput("g! ");
        List<ProcessHandle> agents = terminal.descendants().toList();
        assertThat(agents).isNotEmpty();
        terminal.destroyForcibly().waitFor();
        for (ProcessHandle agent : agents) {
            agent.onExit().get(30, TimeUnit.SECONDS);
        }
    }

    private void answersAtThePrompt(String arguments) throws Exception {
        Process terminal = terminal(arguments);
        try (OutputStream keys = terminal.getOutputStream()) {
            awaitOutput("g! ");
            type(keys, "dewy:plugins");
            awaitOutput("dewy.runtime.process");
            type(keys, "lb -s");
            awaitOutput("dewy.core");
            type(keys, "exit 0");
            assertThat(terminal.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            terminal.destroyForcibly();
        }
        assertThat(Files.readString(output())).doesNotContain("Exception");
    }

    private Process terminal(String arguments) throws IOException {
        String agent = AgentProcess.java() + " -jar " + AgentProcess.jar() + arguments;
        return new ProcessBuilder("script", "-qfc", agent, "/dev/null")
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output().toFile())
                .start();
    }

    private Path output() {
        return folder.resolve("output");
    }

    private void awaitOutput(String text) throws InterruptedException {
        Releases.await(() -> written().contains(text), this::written);
    }

    private String written() {
        try {
            return Files.readString(output(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static void type(OutputStream keys, String line) throws IOException {
        keys.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        keys.flush();
    }
}
