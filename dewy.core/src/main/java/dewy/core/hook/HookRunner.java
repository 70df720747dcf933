package dewy.core.hook;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.process.ChildProcess;
import dewy.api.process.ExitStatus;
import dewy.api.process.Processes;
import dewy.api.process.Spawn;
import dewy.core.event.ReadableTime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;

/** Runs a hook: a shell command in the app directory, with a time limit, its output kept in files and quoted in part. */
public final class HookRunner {
    /** Standard error goes to a file of its own, which is the first argument; the second one is the command. */
    private static final String SHELL = "exec 2>>\"$1\"; exec /bin/sh -c \"$2\"";

    /** What a shell ends with when it found no such program, or could not start it. */
    private static final Set<OptionalInt> NOT_STARTED = Set.of(OptionalInt.of(126), OptionalInt.of(127));

    private final Supplier<Processes> processes;
    private final Path directory;
    private final Path logs;
    private final HookKeeper keeper;
    private boolean earlierEnded;

    /**
     * Creates a runner.
     *
     * @param processes asked for only when there is a hook to run
     * @param directory where hooks run
     * @param logs the folder their output is kept in
     * @param keeper where it is noted which one runs
     */
    public HookRunner(Supplier<Processes> processes, Path directory, Path logs, HookKeeper keeper) {
        this.processes = processes;
        this.directory = directory;
        this.logs = logs;
        this.keeper = keeper;
    }

    /**
     * Ends the hook that an earlier agent was killed in, which would run beside the next one; there is none after that.
     *
     * @return the hook, if it still ran
     * @throws DewyException if that could not be found out; it is tried again
     */
    public Optional<HookKeeper.EarlierHook> endEarlier() throws DewyException {
        if (earlierEnded) {
            return Optional.empty();
        }
        Optional<HookKeeper.EarlierHook> earlier = keeper.earlier();
        earlier.ifPresent(hook -> hook.processes().end(HookProcesses.END));
        keeper.forget();
        earlierEnded = true;
        return earlier;
    }

    /**
     * Runs a command until its shell ends, for {@code limit} at most; what is then left of its process group is ended.
     *
     * @throws DewyException if it cannot be started, or nobody wants it any more
     */
    public HookOutcome run(Call call, String name, String command, Map<String, String> environment, Duration limit)
            throws DewyException {
        HookOutput stdout = HookOutput.fresh(logs.resolve("hook-" + name + ".log"));
        HookOutput stderr = HookOutput.fresh(logs.resolve("hook-" + name + ".err.log"));
        List<String> shell =
                List.of("/bin/sh", "-c", SHELL, "hook", stderr.file().toString(), command);
        ChildProcess child = processes
                .get()
                .spawn(Spawn.of(shell, directory, stdout.file())
                        .withEnvironment(environment)
                        .asHeld());
        Optional<ExitStatus> status;
        try (HookProcesses running =
                new HookProcesses(child, () -> List.of(stdout, stderr).forEach(HookOutput::bound))) {
            keeper.keep(name, child);
            child.proceed();
            status = running.await(call, limit);
        } finally {
            keeper.forget();
        }
        OptionalInt code = status.map(end -> OptionalInt.of(end.code())).orElse(OptionalInt.empty());
        String ending = status.map(HookRunner::ending)
                .orElse("command was ended since it took longer than " + ReadableTime.of(limit));
        HookOutcome outcome = new HookOutcome(ending, code, stdout.finish(), stderr.finish());
        return NOT_STARTED.contains(code)
                ? outcome.because(programs(environment).faults(command + " " + outcome.stderr()))
                : outcome;
    }

    private NamedPrograms programs(Map<String, String> environment) {
        return new NamedPrograms(processes.get(), directory, logs, environment);
    }

    private static String ending(ExitStatus status) {
        return status.signal().isPresent()
                ? "command was ended by signal " + status.signal().getAsInt()
                : "command failed with exit code " + status.code();
    }
}
