package dewy.replicas;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.Registration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Hears of replicas that end. What it misses while their host is away, whoever begins it again looks for. Safe for use by several
 * threads.
 */
final class ExitWatch {
    private final ReplicaHost host;
    private final Consumer<String> ended;
    private final Runnable lost;
    private Optional<Registration> watch = Optional.empty();
    private boolean closed;

    ExitWatch(ReplicaHost host, Consumer<String> ended, Runnable lost) {
        this.host = host;
        this.ended = ended;
        this.lost = lost;
    }

    /** Returns once none that ends is missed any more. */
    synchronized void begin(Call call) throws DewyException {
        if (watch.isEmpty() && !closed) {
            watch = Optional.of(host.watch(call, ended, this::lose));
        }
    }

    synchronized void close() {
        closed = true;
        pause();
    }

    private void lose() {
        pause();
        lost.run();
    }

    /** Hears of none, until it begins again. */
    synchronized void pause() {
        watch.ifPresent(Registration::close);
        watch = Optional.empty();
    }
}
