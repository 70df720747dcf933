package dewy.itest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The Gogo prompt on a terminal, which {@code script} pretends to be. */
@Timeout(120)
class PromptIT {
    private static final int SHOWN = 2_000;

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

    @Test
    void completesEditsAndKeepsLines() throws Exception {
        Process terminal = terminal(" host");
        try (OutputStream keys = terminal.getOutputStream()) {
            awaitOutput("g! ");
            press(keys, "dewy:plu\t");
            awaitOutput("dewy:plugin");
            type(keys, "s --j\t");
            awaitOutput("\"bundle\"");
            awaitPrompt();
            press(keys, "top\n");
            awaitOutput("q ends");
            press(keys, "q");
            type(keys, "log nobody");
            awaitOutput("cannot run log");
            type(keys, "exit");
            assertThat(terminal.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            terminal.destroyForcibly();
        }
        Path history = folder.resolve(".dewy/history");
        assertThat(history).content().contains("dewy:plugins", "log nobody");
        assertThat(Files.getPosixFilePermissions(history))
                .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    }

    @Test
    void completesNamesOfAppsForAClient() throws Exception {
        Registry registry = Registry.in(folder.resolve("registry"));
        registry.publish("v1.0.0", Map.of("page.html", "x"));
        try (AgentProcess agent = AgentProcess.start(
                folder,
                "assets",
                "--registry",
                registry.url(),
                "-f",
                "json",
                "-n",
                "website",
                "-d",
                folder.toString())) {
            agent.await("Deployment completed");
            Process terminal = terminal(" shell -d " + folder);
            try (OutputStream keys = terminal.getOutputStream()) {
                awaitOutput("dewy> ");
                press(keys, "expl\tweb\t\n");
                awaitOutput("website has v1.0.0");
                press(keys, "rollb\tweb\tv1\t\n");
                awaitOutput("v1.0.0 was deployed");
                press(keys, "status -w\n");
                awaitOutput("q ends");
                press(keys, "\u0003");
                // What is typed before the prompt is back still steers the live view.
                Releases.await(() -> written().lastIndexOf("dewy> ") > written().lastIndexOf("q ends"), this::written);
                type(keys, "apps");
                awaitOutput("LAST CHECK");
                type(keys, "exit");
                assertThat(terminal.waitFor(60, TimeUnit.SECONDS)).isTrue();
                assertThat(terminal.exitValue()).isZero();
            } finally {
                terminal.destroyForcibly();
            }
        }
    }

    /** What the agent logs meanwhile stands above the line, and the line is drawn anew below it. */
    @Test
    void keepsTheLogAndALineThatIsTypedApart() throws Exception {
        Registry registry = Registry.in(folder.resolve("registry"));
        Files.writeString(
                folder.resolve("dewy.yaml"), "apps: {site: {registry: '" + registry.url() + "', interval: 100ms}}\n");
        Process terminal = terminal(" host");
        try (OutputStream keys = terminal.getOutputStream()) {
            awaitOutput("g! ");
            press(keys, "dewy:rele");
            awaitOutput("g! dewy:rele");
            registry.publish("v1.0.0", Map.of("page.html", "x"));
            awaitMatch(
                    "g! dewy:rele\\r\\e\\[Ktime=\\S+ level=INFO msg=\"Deployment completed\" app=site version=v1.0.0 [^\\r\\n]*"
                            + "\\r?\\ng! dewy:rele");
            type(keys, "ases site");
            awaitMatch("\\nv1.0.0 ");
            awaitPrompt();
            press(keys, "half a li");
            while (!written().contains("Shutting down")) {
                press(keys, "\u001c");
                terminal.waitFor(200, TimeUnit.MILLISECONDS);
            }
            assertThat(terminal.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(terminal.exitValue()).isZero();
            assertThat(written()).contains("Shutting down").contains("App stopped");
        } finally {
            terminal.destroyForcibly();
        }
    }

    /** Also where it comes while the terminal is being set, by a program that it ends as well. */
    @Test
    void discardsALineAtCtrlC() throws Exception {
        Process terminal = terminal(" host");
        try (OutputStream keys = terminal.getOutputStream()) {
            awaitOutput("g! ");
            press(keys, "not a command");
            awaitOutput("g! not a command");
            for (int i = 0; i < 20; i++) {
                press(keys, "\u0003");
                terminal.waitFor(10 + 3 * i, TimeUnit.MILLISECONDS);
            }
            while (!written().contains("dewy.core") && terminal.isAlive()) {
                type(keys, "lb -s");
                terminal.waitFor(500, TimeUnit.MILLISECONDS);
            }
            // The last of the keys may still take the beginning of the line that follows with it.
            assertThat(written()).contains("dewy.core").doesNotContain("Exception", "not found: not");
            awaitPrompt();
            type(keys, "exit");
            assertThat(terminal.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(terminal.exitValue()).isZero();
        } finally {
            terminal.destroyForcibly();
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
        // A shell in between would be ended by the keys as well, and tell its own end.
        String agent = "exec " + AgentProcess.java() + " -jar " + AgentProcess.jar() + arguments;
        ProcessBuilder builder = new ProcessBuilder("script", "-qefc", agent, "/dev/null")
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output().toFile());
        builder.environment().put("TERM", "xterm");
        return builder.start();
    }

    private Path output() {
        return folder.resolve("output");
    }

    private void awaitOutput(String text) throws InterruptedException {
        Releases.await(() -> written().contains(text), () -> text + " in what ends by: " + end());
    }

    /** Waits until nothing was written behind the prompt. */
    private void awaitPrompt() throws InterruptedException {
        awaitMatch("g! [^\\r\\n]*$");
    }

    private void awaitMatch(String pattern) throws InterruptedException {
        Pattern wanted = Pattern.compile(pattern);
        Releases.await(() -> wanted.matcher(written()).find(), () -> pattern + " in what ends by: " + end());
    }

    private String end() {
        String written = written();
        return written.substring(Math.max(0, written.length() - SHOWN));
    }

    private String written() {
        try {
            return Files.readString(output(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static void type(OutputStream keys, String line) throws IOException {
        press(keys, line + "\n");
    }

    private static void press(OutputStream keys, String text) throws IOException {
        keys.write(text.getBytes(StandardCharsets.UTF_8));
        keys.flush();
    }
}
