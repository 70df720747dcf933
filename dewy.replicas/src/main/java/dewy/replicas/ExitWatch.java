package dewy.replicas;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.Registration;
import dewy.api.UnreachableException;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Hears of replicas that end, and tells when their host is away, and back. What it misses meanwhile, whoever begins it again looks
 * for. Safe for use by several threads.
 */
final class ExitWatch {
    private final ReplicaHost host;
    private final ReplicaEvents events;
    private final Consumer<String> ended;
    private final Runnable lost;
    private Optional<Registration> watch = Optional.empty();
    private boolean closed;
    private boolean away;

    ExitWatch(ReplicaHost host, ReplicaEvents events, Consumer<String> ended, Runnable lost) {
        this.host = host;
        this.events = events;
        this.ended = ended;
        this.lost = lost;
    }

    /** Returns once none that ends is missed any more. */
    synchronized void begin(Call call) throws DewyException {
        if (watch.isPresent() || closed) {
            return;
        }
        try {
            watch = Optional.of(host.watch(call, ended, this::lose));
        } catch (UnreachableException e) {
            if (!away) { // It is tried again and again.
                away = true;
                events.lost(e.problem().sentence());
            }
            throw e;
        }
        if (away) {
            away = false;
            events.back();
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
