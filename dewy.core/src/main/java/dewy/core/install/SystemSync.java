package dewy.core.install;

import dewy.api.Call;
import dewy.api.CancelledException;
import dewy.api.DewyException;
import dewy.api.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Has a program of the system write what a file system still keeps in memory. For many small files that takes a fraction
 * of forcing one after the other. Nothing counts as safe by it: each file is forced all the same, and finds little left
 * to do. So it does not matter when the program is missing, fails, or is given up.
 *
 * @param programs by their absolute paths, of which the first that is there is taken
 * @param patience others may have written more to the same file system than this should wait for
 */
record SystemSync(List<String> programs, Duration patience) {
    /** That of coreutils, or what stands in for it. */
    static final SystemSync PROGRAM = new SystemSync(List.of("/usr/bin/sync", "/bin/sync"), Duration.ofSeconds(5));

    private static final int STEP_MILLIS = 100;

    SystemSync {
        programs = List.copyOf(programs);
    }

    /** Syncs the file system that {@code folder} is on. */
    void run(Call call, Path folder) throws DewyException {
        Optional<Process> started = start(folder.toAbsolutePath().toString());
        if (started.isPresent()) {
            await(call, started.get(), folder);
        }
    }

    private Optional<Process> start(String folder) {
        for (String program : programs) {
            ProcessBuilder builder = new ProcessBuilder(program, "-f", folder)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD);
            // Nothing there is of use to it, and some of it is secret.
            builder.environment().clear();
            try {
                return Optional.of(builder.start());
            } catch (IOException missing) {
                // Then perhaps the next.
            }
        }
        return Optional.empty();
    }

    private void await(Call call, Process process, Path folder) throws DewyException {
        try {
            for (long left = patience.toMillis(); left > 0; left -= STEP_MILLIS) {
                call.check();
                if (process.waitFor(STEP_MILLIS, TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new CancelledException(Problem.of("sync", folder, "the work was interrupted", ""), stopped);
        } finally {
            process.destroyForcibly();
        }
    }
}
