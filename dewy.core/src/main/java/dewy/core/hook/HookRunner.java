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
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Runs a hook: a shell command in the app directory, with a time limit, its output kept in files and quoted in part. */
public final class HookRunner {
    /** Standard error goes to a file of its own, which is the first argument; the second one is the command. */
    private static final String SHELL = "exec 2>>\"$1\"; exec /bin/sh -c \"$2\"";

    private static final Duration LOOK = Duration.ofMillis(100);

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
     * Runs a command to its end; what it left running in its process group is ended too.
     *
     * @throws ApplicationException if it takes longer than {@code limit}, or cannot be started
     */
    public HookResult run(Call call, String name, String command, Map<String, String> environment, Duration limit)
            throws DewyException {
        HookOutput stdout = HookOutput.fresh(logs.resolve("hook-" + name + ".log"));
        HookOutput stderr = HookOutput.fresh(logs.resolve("hook-" + name + ".err.log"));
        List<String> shell =
                List.of("/bin/sh", "-c", SHELL, "hook", stderr.file().toString(), command);
        ChildProcess child =
                processes.get().spawn(Spawn.of(shell, directory, stdout.file()).withEnvironment(environment));
        try (Registration unused = call.onCancel(() -> child.signalGroup(Signal.KILL))) {
            ExitStatus status = await(child, limit, stdout, stderr);
            call.check();
            return new HookResult(status.toString(), status.code(), stdout.end(), stderr.end());
        } catch (TimeoutException e) {
            throw failed(name, command, "it was still running after " + limit.toSeconds() + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed(name, command, "it was interrupted");
        } catch (ExecutionException e) {
            throw new IllegalStateException("the exit of a process cannot fail", e);
        } finally {
            child.signalGroup(Signal.KILL);
        }
    }

    private static ExitStatus await(ChildProcess child, Duration limit, HookOutput... outputs)
            throws InterruptedException, ExecutionException, TimeoutException {
        for (long left = limit.toMillis(); left > LOOK.toMillis(); left -= LOOK.toMillis()) {
            try {
                return child.exit().get(LOOK.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                List.of(outputs).forEach(HookOutput::bound);
            }
        }
        return child.exit().get(LOOK.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static ApplicationException failed(String name, String command, String why) {
        return new ApplicationException(
                new Problem("run the " + name + "-deploy hook", "\"" + command + "\"", why, "Try it by hand"));
    }
}
