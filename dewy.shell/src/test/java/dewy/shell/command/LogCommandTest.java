package dewy.shell.command;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.control.AppState;
import dewy.api.control.AppStatus;
import dewy.api.event.Level;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogCommandTest {
    private final FixedEvents events = new FixedEvents();
    private Path file;
    private Commands commands;

    @BeforeEach
    void create(@TempDir Path folder) throws IOException {
        file = Files.createDirectories(folder.resolve(".dewy/log")).resolve("web.log");
        FixedAgent agent = FixedAgent.of(app(folder));
        commands = new Commands(Host.local(() -> Optional.of(agent), () -> Optional.of(events)));
    }

    @Test
    void showsTheLastEventsAndThenTheLastLines() {
        events.add("web", Level.INFO, "first");
        events.add("other", Level.INFO, "of another app");
        events.add("web", Level.DEBUG, "of little importance");
        events.add("web", Level.ERROR, "last");
        write("a\n\tb\nhalf");
        assertThat(run("-n", "1")).isEqualTo("2026-01-02T03:04:05Z ERROR last  version=v4\n|     b\n| half\n");
        assertThat(run()).contains("INFO  first").doesNotContain("another", "importance");
        assertThat(run("--debug")).contains("of little importance");
        assertThat(run("--output")).isEqualTo("| a\n|     b\n| half\n");
        assertThat(run("--events")).doesNotContain("| a").hasLineCount(2);
    }

    @Test
    void isCalledLogsAsWell() {
        write("a\n");
        assertThat(commands.run("logs", List.of("--output"), Samples.SCRIPT).text())
                .isEqualTo("| a\n")
                .isEqualTo(run("--output"));
    }

    @Test
    void writesALineOfJsonForEachRecord() {
        events.add("web", Level.WARN, "it \"happened\"");
        write("a\n");
        List<String> lines = run("--json").lines().toList();
        assertThat(lines).hasSize(2);
        assertThat(ParsedJson.map(lines.get(0)))
                .containsEntry("text", "it \"happened\"")
                .containsEntry("level", "warn")
                .containsEntry("sequence", 1L);
        assertThat(ParsedJson.map(lines.get(1))).containsOnly(Map.entry("app", "web"), Map.entry("output", "a"));
    }

    @Test
    void followsUntilTheViewerLeaves() throws Exception {
        events.add("web", Level.INFO, "before");
        PausedScreen screen =
                new PausedScreen(() -> {}, () -> events.add("web", Level.INFO, "deployed"), () -> write("hello\n"));
        assertThat(commands.run("log", List.of("-f"), Samples.SCRIPT, screen)).isZero();
        assertThat(screen.live).isTrue();
        assertThat(screen.shown).hasSize(3);
        assertThat(screen.shown.get(0)).contains("before");
        assertThat(screen.shown.get(1)).contains("deployed").doesNotContain("before");
        assertThat(screen.shown.get(2)).isEqualTo("| hello\n");
    }

    @Test
    void saysHowManyEventsASlowViewerMissed() throws Exception {
        PausedScreen screen = new PausedScreen(() -> events.add("web", Level.INFO, "first"), () -> {
            events.add("web", Level.INFO, "missed");
            events.add("web", Level.INFO, "missed too");
            events.forget();
            events.add("web", Level.INFO, "last");
        });
        commands.run("log", List.of("-f"), Samples.SCRIPT, screen);
        assertThat(screen.shown.get(1)).startsWith("2 events ").contains("INFO  last");
    }

    @Test
    void letsNoOutputSteerTheTerminal() throws Exception {
        PausedScreen screen = new PausedScreen(() -> write("\u001b[2Jx\u0007\n"));
        commands.run("log", List.of("-f"), Samples.TERMINAL, screen);
        assertThat(screen.shown).containsExactly("|  [2Jx \n");
    }

    @Test
    void isRunOnceWhenItCannotFollow() throws Exception {
        PausedScreen screen = new PausedScreen();
        assertThat(commands.run("log", List.of("-f", "wbe"), Samples.SCRIPT, screen))
                .isEqualTo(1);
        assertThat(screen.live).isFalse();
        assertThat(screen.shown).hasSize(1).first().asString().contains("no app \"wbe\"");
    }

    private String run(String... arguments) {
        Commands.Answer answer = commands.run("log", List.of(arguments), Samples.SCRIPT);
        assertThat(answer.exitCode()).as(answer.text()).isZero();
        return answer.text();
    }

    private void write(String text) {
        try {
            Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static AppStatus app(Path directory) {
        return new AppStatus(
                "web",
                "server",
                directory,
                "file:///registry",
                AppState.WATCHING,
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0,
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                Optional.empty(),
                List.of(),
                List.of(),
                Optional.empty(),
                List.of());
    }
}
