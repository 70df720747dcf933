package dewy.runtime.process;

import dewy.api.ApplicationException;
import dewy.api.Call;
import dewy.api.CancelledException;
import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.Registration;
import dewy.api.plugin.Handover;
import dewy.api.plugin.HandoverState;
import dewy.api.process.ListeningAddress;
import dewy.api.runtime.Activation;
import dewy.api.runtime.AppRuntime;
import dewy.api.runtime.RuntimeStatus;
import dewy.runtime.process.Attempt.Outcome;
import dewy.runtime.process.output.OutputLog;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * Runs one app as child processes: a new generation is started beside the old one, and when it is ready, and gets the
 * {@linkplain Traffic traffic}, the old one is told to stop. Safe for use by several threads.
 */
final class ProcessRuntime implements AppRuntime, Handover {
    /** Shares of the 5 s that closing may take; the rest is for the last lines of output. */
    private static final Duration CLOSE_GRACE = Duration.ofSeconds(3);

    private static final Duration CLOSE_DRAIN = Duration.ofMillis(500);

    private static final Duration CLOSE_LIMIT = Duration.ofMillis(3_800);

    /** How long the end of a process group may take to be noticed after it was killed. */
    private static final Duration AFTER_KILL = Duration.ofSeconds(3);

    /** What stopping may take besides: more than it takes to notice the end of what was killed. */
    private static final Duration STOP_MARGIN = Duration.ofSeconds(10);

    private static final int PORTS_TRIED = 3;

    private final ProcessSettings settings;
    private final ServerLauncher launcher;
    private final Ports ports;
    private final OutputLog output;
    private final Supervisor supervisor;
    private final Checkpoints checkpoints;
    private volatile OptionalLong outputPosition = OptionalLong.empty();

    ProcessRuntime(
            ProcessSettings settings,
            ServerLauncher launcher,
            Ports ports,
            OutputLog output,
            Supervisor supervisor,
            Checkpoints checkpoints) {
        this.settings = settings;
        this.launcher = launcher;
        this.ports = ports;
        this.output = output;
        this.supervisor = supervisor;
        this.checkpoints = checkpoints;
    }

    @Override
    public void prepare(Call call, Activation activation) throws DewyException {
        launcher.prepare(activation);
    }

    @Override
    public void activate(Call call, Activation activation) throws DewyException {
        supervisor.takeTurn(call);
        try {
            start(call, activation);
        } finally {
            supervisor.giveTurn();
        }
    }

    @Override
    public void restart(Call call) throws DewyException {
        supervisor.takeTurn(call);
        try {
            start(call, supervisor.activation().orElseThrow(ProcessRuntime::nothingToRestart));
        } finally {
            supervisor.giveTurn();
        }
    }

    @Override
    public RuntimeStatus status() {
        RuntimeStatus status = supervisor.now().status();
        List<ListeningAddress> found = ports.found();
        boolean hasMore = status.state() != RuntimeStatus.State.RUNNING
                || !status.detail().isEmpty();
        return found.isEmpty() || hasMore ? status : saying(status, found);
    }

    /** Which port was free, nobody knows otherwise. */
    private static RuntimeStatus saying(RuntimeStatus status, List<ListeningAddress> found) {
        String addresses = found.stream().map(ListeningAddress::toString).collect(Collectors.joining(", "));
        return new RuntimeStatus(
                status.state(),
                status.generation(),
                status.since(),
                status.instances(),
                status.crashes(),
                "it listens on " + addresses,
                status.cacheKey());
    }

    @Override
    public Duration stopLimit() {
        return settings.drainTime().plus(settings.stopTimeout()).plus(STOP_MARGIN);
    }

    @Override
    public void stop(Call call) throws DewyException {
        Duration left = call.remaining();
        Duration grace = least(left, settings.stopTimeout());
        Duration drainTime = least(left.minus(grace), settings.drainTime());
        CompletableFuture<Void> gone = supervisor.stop(drainTime, grace);
        try (Registration killing = call.onCancel(supervisor::kill)) {
            await(gone, drainTime.plus(grace).plus(AFTER_KILL));
        }
        supervisor.keep();
    }

    @Override
    public void close() {
        Duration grace = least(settings.stopTimeout(), CLOSE_GRACE);
        await(supervisor.close(least(settings.drainTime(), CLOSE_DRAIN), grace), CLOSE_LIMIT);
        supervisor.forsake();
        supervisor.keep();
        checkpoints.suspend();
        ports.close();
        output.close();
    }

    @Override
    public HandoverState prepare(Call call) throws DewyException {
        supervisor.takeTurn(call);
        boolean frozen = false;
        try {
            Supervision supervision = supervisor.freeze();
            frozen = true;
            checkpoints.suspend();
            outputPosition = output.pause();
            return new Inheritance(supervision, ports.opened(), outputPosition).toState();
        } finally {
            if (!frozen) {
                supervisor.giveTurn();
            }
        }
    }

    @Override
    public void commit() {
        ports.release();
        supervisor.release();
    }

    @Override
    public void abort() {
        outputPosition.ifPresent(output::followFrom);
        checkpoints.resume();
        supervisor.thaw();
    }

    /** Goes on with what a predecessor left. */
    void adopt(Inheritance inheritance) {
        inheritance.outputPosition().ifPresent(output::followAtLeastFrom);
        supervisor.begin(inheritance.supervision());
    }

    private void start(Call call, Activation activation) throws DewyException {
        long before = output.size();
        Outcome outcome = bringUp(call, activation);
        if (outcome instanceof Outcome.Ready) {
            supervisor.settle();
            return;
        }
        if (outcome instanceof Outcome.Exited exited) {
            throw failure(
                    exited.status() + " before it was ready",
                    output.lastLines(before),
                    ExitReason.advice(exited.status(), output.file()));
        }
        if (outcome instanceof Outcome.Late late) {
            throw failure(
                    ExitReason.late(settings.readyTimeout(), late.missing()),
                    output.lastLines(before),
                    "See " + output.file() + ", or give it more time with --ready-timeout");
        }
        if (outcome instanceof Outcome.NotKept notKept) {
            throw notKept.failure();
        }
        if (outcome instanceof Outcome.NotRouted notRouted) {
            throw notRouted.failure();
        }
        call.check();
        throw new CancelledException(new Problem("start the server", "", "the app was stopped meanwhile", ""));
    }

    /** A port that somebody else was faster to take is not the fault of the server: it gets another one. */
    private Outcome bringUp(Call call, Activation activation) throws DewyException {
        Outcome outcome = new Outcome.Withdrawn();
        for (int tried = 0; tried < PORTS_TRIED; tried++) {
            Attempt attempt = supervisor.start(activation, Attempt.Cause.REQUEST);
            outcome = await(call, attempt);
            boolean failed = outcome instanceof Outcome.Exited || outcome instanceof Outcome.Late;
            if (!failed || !supervisor.lostItsPort(attempt)) {
                return outcome;
            }
        }
        return outcome;
    }

    private static Duration least(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private Outcome await(Call call, Attempt attempt) {
        try (Registration withdrawing = call.onCancel(() -> supervisor.withdraw(attempt))) {
            await(attempt.outcome(), call.remaining());
            // Does nothing when the outcome is known.
            supervisor.withdraw(attempt);
            await(attempt.outcome(), AFTER_KILL);
        }
        return attempt.outcome().getNow(new Outcome.Withdrawn());
    }

    /** Waits as long as told, or until the thread is interrupted, which stays noted. */
    private static void await(CompletableFuture<?> future, Duration limit) {
        try {
            future.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException e) {
            // The caller finds the future incomplete.
        } catch (ExecutionException e) {
            throw new IllegalStateException("the end of a process was not noticed", e);
        }
    }

    private ApplicationException failure(String why, List<String> lastLines, String advice) {
        String said =
                lastLines.isEmpty() ? "it wrote nothing" : "its last lines were: " + String.join(" | ", lastLines);
        return new ApplicationException(
                Problem.of("start the server", settings.command().get(0), why + "; " + said, advice));
    }

    private static ApplicationException nothingToRestart() {
        return new ApplicationException(
                new Problem("restart the server", "", "nothing was activated yet", "Wait for the first deployment"));
    }
}
