package dewy.runtime.process;

import dewy.api.StorageException;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.HandoverState;
import dewy.runtime.process.output.OutputLog;
import dewy.runtime.process.time.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Keeps what runs where the successor of a killed agent finds it. What is kept later is never older. Keeping takes as long
 * as the disk does, so it is done without the lock of the supervisor, which is taken to look at what runs. Safe for use by
 * several threads.
 */
final class Checkpoints {
    private static final Duration RETRY = Duration.ofSeconds(10);

    private final AppContext app;
    private final Ports ports;
    private final OutputLog output;
    private final Executor background;
    private final Timer timer;
    private final ServerEvents events;
    private final AtomicBoolean pending = new AtomicBoolean();
    private Optional<Inheritance> last = Optional.empty();
    private boolean suspended;
    private boolean failing;

    Checkpoints(AppContext app, Ports ports, OutputLog output, Executor background, Timer timer, ServerEvents events) {
        this.app = app;
        this.ports = ports;
        this.output = output;
        this.background = background;
        this.timer = timer;
        this.events = events;
    }

    /** Keeps what runs; it is on the disk when this returns. */
    synchronized void keep(Supplier<Supervision> now) throws StorageException {
        if (suspended) {
            return;
        }
        Supervision supervision = now.get();
        // The sockets of an app that does not run are given up with the agent.
        Inheritance inheritance =
                new Inheritance(supervision, supervision.isIdle() ? List.of() : ports.opened(), OptionalLong.empty());
        if (!last.equals(Optional.of(inheritance))) {
            last = Optional.empty();
            write(inheritance.withOutput(output.position()).toState());
            last = Optional.of(inheritance);
        }
        failing = false;
    }

    private void write(HandoverState state) throws StorageException {
        if (state.resources().isEmpty()) {
            app.forget();
        } else {
            app.keep(state);
        }
    }

    /** As {@link #keep}; a failure is told once, and it is tried again later. */
    void tryToKeep(Supplier<Supervision> now) {
        try {
            keep(now);
        } catch (StorageException e) {
            failed(e, now);
        }
    }

    /** Has it kept soon, on another thread. */
    void keepSoon(Supplier<Supervision> now) {
        if (!pending.getAndSet(true)) {
            inBackground(() -> {
                pending.set(false);
                tryToKeep(now);
            });
        }
    }

    /** Has something done that waits for the disk. */
    void inBackground(Runnable task) {
        background.execute(task);
    }

    /** Has nothing kept until {@link #resume}: somebody else does. */
    synchronized void suspend() {
        suspended = true;
    }

    synchronized void resume() {
        suspended = false;
        last = Optional.empty();
    }

    private synchronized void failed(StorageException failure, Supplier<Supervision> now) {
        if (!failing) {
            events.notKept(failure.problem().sentence());
        }
        failing = true;
        timer.after(RETRY, () -> keepSoon(now));
    }
}
