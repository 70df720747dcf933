package dewy.shell.command;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.control.Window;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Looks at a folder that is written as Linux writes its own. */
class TopCommandTest {
    private static final FixedAgent AGENT = FixedAgent.of(Samples.app("web"), Samples.newApp("docs"));

    @TempDir
    Path proc;

    private Commands commands;

    @BeforeEach
    void create() {
        Host host = new Host(() -> Optional.of(AGENT), Optional::empty, proc, InstantSource.fixed(Samples.NOW));
        commands = new Commands(host);
        uptime(1_000);
        process(4711, 4711, 2_000, 90_000, 100);
        process(4799, 4711, 500, 95_000, 20);
        process(4712, 4712, 0, 99_000, 1);
        process(1, 1, 77_777, 1, 77);
    }

    @Test
    void showsWhatServersUsedSinceTheyWereStarted() {
        assertThat(run().text())
                .isEqualTo(
                        """
                        APP   STATE     VERSION  RUNTIME  GEN  PID        UP  CPU    MEM   LAST           NEXT
                        web   watching  v1.2.3   running  7    4711 4712  3m  25.0%  121M  nothing-to-do  in 8s
                        docs  checking  -        -        -    -          -   -      -     -              now
                        """);
    }

    @Test
    void tellsScriptsTheSame() {
        Commands.Answer answer = commands.run("top", List.of("--json"), Samples.TERMINAL);
        List<?> apps = (List<?>) ParsedJson.of(answer.text().replace("25.0", "25"));
        assertThat((Map<?, ?>) apps.get(0))
                .extracting("name", "uptime_seconds", "cpu_percent", "memory_bytes")
                .containsExactly("web", 180L, 25L, 121L << 20);
        assertThat(((Map<?, ?>) apps.get(1)).containsKey("cpu_percent")).isFalse();
    }

    @Test
    void drawsWhatWasUsedSinceTheLastLook() throws Exception {
        PausedScreen screen = new PausedScreen(() -> {
            uptime(1_002);
            process(4711, 4711, 2_090, 90_000, 100);
            process(4799, 4711, 500, 100_100, 20); // Another process of the same number.
        });
        assertThat(commands.run("top", List.of(), Samples.TERMINAL, screen)).isZero();
        assertThat(screen.live).isTrue();
        assertThat(screen.shown).hasSize(3);
        assertThat(screen.shown.get(1)).contains(" 25.0%");
        assertThat(screen.shown.get(2))
                .startsWith("\u001b[H")
                .contains(" 295.0%")
                .endsWith("\u001b[J");
    }

    @Test
    void isPrintedOnceWhereThereIsNoTerminal() throws Exception {
        PausedScreen screen = new PausedScreen();
        commands.run("top", List.of(), Samples.SCRIPT, screen);
        assertThat(screen.live).isFalse();
        assertThat(screen.shown).containsExactly(run().text());
    }

    @Test
    void showsAppsWithoutWhatTheSystemDoesNotTell() {
        Host host = Host.local(() -> Optional.of(AGENT), Optional::empty);
        Host elsewhere = new Host(host.agent(), host.events(), proc.resolve("missing"), host.clock());
        assertThat(new Commands(elsewhere).run("top", List.of(), Samples.SCRIPT).text())
                .contains("web ", "v1.2.3")
                .doesNotContain("%");
    }

    @Test
    void drawsTheStatusOfAnAppAnew() throws Exception {
        PausedScreen screen = new PausedScreen(() -> {});
        commands.run("status", List.of("--watch", "web"), Samples.TERMINAL, screen);
        assertThat(screen.shown).hasSize(3);
        assertThat(screen.shown.get(2)).contains("Runtime     ", "generation 7");
    }

    @Test
    void cutsWhatDoesNotFitOnTheTerminal() throws Exception {
        PausedScreen screen = new PausedScreen();
        Viewer small = new Viewer(Samples.ALICE, new Window(true, true, 20, 6, false), Samples.NOW);
        commands.run("status", List.of("-w", "web"), small, screen);
        List<String> lines = screen.shown.get(1).lines().toList();
        assertThat(lines).hasSizeLessThanOrEqualTo(6);
        assertThat(lines)
                .allMatch(
                        line -> line.replaceAll("\u001b\\[[0-9;]*[a-zA-Z]", "").length() <= 20);
    }

    private Commands.Answer run() {
        return commands.run("top", List.of(), Samples.SCRIPT);
    }

    private void uptime(int seconds) {
        write(proc.resolve("uptime"), seconds + ".00 12.00\n");
    }

    private void process(int id, int group, int ticks, int start, int megabytes) {
        String stat = "%d (a) b (c) S 1 %d %d 0 -1 4194304 9 9 9 9 %d %d 7 7 20 0 1 0 %d 1000 250 18446\n"
                .formatted(id, group, group, ticks - ticks / 2, ticks / 2, start);
        write(proc.resolve(id + "/stat"), stat);
        write(proc.resolve(id + "/status"), "Name:\ta\nVmRSS:\t%7d kB\nThreads:\t1\n".formatted(megabytes * 1_024));
    }

    private static void write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
