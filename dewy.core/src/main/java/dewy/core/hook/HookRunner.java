package dewy.core.hook;

import dewy.api.ApplicationException;
import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.Registration;
import dewy.api.process.ChildProcess;
import dewy.api.process.ExitStatus;
import dewy.api.process.Processes;
import dewy.api.process.Signal;
import dewy.api.process.Spawn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Runs a hook: a shell command in the app directory, with a time limit, its output kept in a file and quoted in part. */
public final class HookRunner {
    private final Supplier<Processes> processes;
    private final Path directory;
    private final Path logs;

    /**
     * Creates a runner.
     *
     * @param processes asked for only when there is a hook to run
     * @param directory where hooks run
     * @param logs the folder their output is kept in
     */
    public HookRunner(Supplier<Processes> processes, Path directory, Path logs) {
        this.processes = processes;
        this.directory = directory;
        this.logs = logs;
    }

    /**
     * Runs a command and returns what it wrote, as far as it is shown to people.
     *
     * @throws ApplicationException if it fails or takes too long; what it left running is ended
     */
    public String run(Call call, String name, String command, Map<String, String> environment, Duration limit)
            throws DewyException {
        Path output = logs.resolve("hook-" + name + ".log");
        start(output);
        Spawn spawn =
                Spawn.of(List.of("/bin/sh", "-c", command), directory, output).withEnvironment(environment);
        ChildProcess child = processes.get().spawn(spawn);
        CompletableFuture<ExitStatus> exit = child.exit();
        try (Registration unused = call.onCancel(() -> child.signalGroup(Signal.KILL))) {
            ExitStatus status = exit.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            call.check();
            if (status.code() != 0) {
                throw failed(name, command, "the command " + status + OutputExcerpt.of(output, "; it wrote: "));
            }
            return OutputExcerpt.of(output, "");
        } catch (TimeoutException e) {
            throw failed(name, command, "it was still running after " + limit.toSeconds() + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed(name, command, "it was interrupted");
        } catch (ExecutionException | CancellationException e) {
            throw new IllegalStateException("the exit of a process cannot fail", e);
        } finally {
            child.signalGroup(Signal.KILL);
        }
    }

    private void start(Path output) throws DewyException {
        try {
            Files.createDirectories(logs);
            Files.deleteIfExists(output);
        } catch (IOException e) {
            throw new dewy.api.StorageException(
                    Problem.of("write the output of a hook to", output, String.valueOf(e.getMessage()), ""), e);
        }
    }

    private static ApplicationException failed(String name, String command, String why) {
        return new ApplicationException(
                new Problem("run the " + name + "-deploy hook", "\"" + command + "\"", why, "Try it by hand"));
    }
}
