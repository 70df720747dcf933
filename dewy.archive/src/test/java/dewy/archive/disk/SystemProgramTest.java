package dewy.archive.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.CancellableCall;
import dewy.api.CancelledException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemProgramTest {
    private static final int PATIENCE_SECONDS = 30;

    private final Path folder;

    SystemProgramTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void runsTheFirstThatIsThere() throws Exception {
        String there = Programs.path(folder, "echo \"$#: $*\"").toString();
        SystemProgram program = new SystemProgram(List.of("/nonexistent/program", there), Duration.ofMinutes(1));

        assertThat(program.run(CancellableCall.of("test", Duration.ofMinutes(2)), "-s", "a b"))
                .isEqualTo("2: -s a b");
    }

    @Test
    void showsItNothingOfTheEnvironment() throws Exception {
        String seen = Programs.script(folder, "/usr/bin/env").run(CancellableCall.of("test", Duration.ofMinutes(2)));

        assertThat(seen.lines()).allMatch(line -> line.matches("(PWD|SHLVL|_)=.*"));
    }

    @Test
    void failsWithWhatTheProgramSaid() throws Exception {
        SystemProgram failing = Programs.script(folder, "echo it is too late >&2; exit 1");

        assertThatThrownBy(() -> failing.run(CancellableCall.of("test", Duration.ofMinutes(2))))
                .isInstanceOf(IOException.class)
                .hasMessage("it is too late");
    }

    @Test
    void tellsWhereItLookedForAProgram() {
        SystemProgram absent = new SystemProgram(List.of("/nonexistent/a", "/nonexistent/b"), Duration.ofMinutes(1));

        assertThatThrownBy(() -> absent.run(CancellableCall.of("test", Duration.ofMinutes(2))))
                .isInstanceOf(IOException.class)
                .hasMessage("there is none of /nonexistent/a, /nonexistent/b");
    }

    @Test
    void endsAProgramThatTakesTooLong() throws Exception {
        Path pid = folder.resolve("pid");
        String stuck = Programs.path(folder, "echo $$ >" + pid + "; exec /bin/sleep 600")
                .toString();
        SystemProgram program = new SystemProgram(List.of(stuck), Duration.ofSeconds(1));

        assertThatThrownBy(() -> program.run(CancellableCall.of("test", Duration.ofMinutes(2))))
                .isInstanceOf(IOException.class)
                .hasMessage(stuck + " does not end");
        assertEnded(pid);
    }

    @Test
    void endsAProgramWhenTheCallIsOver() throws Exception {
        Path pid = folder.resolve("pid");
        CancellableCall call = CancellableCall.of("test", Duration.ofMinutes(2));
        SystemProgram stuck = Programs.script(folder, "echo $$ >" + pid + "; exec /bin/sleep 600");
        Thread canceller = new Thread(() -> {
            while (!Files.exists(pid)) {
                Thread.onSpinWait();
            }
            call.cancel("the app was stopped");
        });
        canceller.start();

        assertThatThrownBy(() -> stuck.run(call)).isInstanceOf(CancelledException.class);
        assertEnded(pid);
    }

    private static void assertEnded(Path pid) throws Exception {
        if (Files.exists(pid) && Files.size(pid) > 0) {
            ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()))
                    .ifPresent(
                            process -> assertThat(process.onExit()).succeedsWithin(PATIENCE_SECONDS, TimeUnit.SECONDS));
        }
    }
}
