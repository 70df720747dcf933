package dewy.runtime.docker;

import dewy.api.Call;
import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.engine.Engine;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Hears of containers that end. What it misses while the engine is away, whoever begins it again looks for. Safe for use by several threads. */
final class ExitWatch {
    private final Engine engine;
    private final Map<String, String> labels;
    private final Consumer<String> ended;
    private final Runnable lost;
    private Optional<CancellableCall> stream = Optional.empty();
    private boolean closed;

    ExitWatch(Engine engine, Map<String, String> labels, Consumer<String> ended, Runnable lost) {
        this.engine = engine;
        this.labels = labels;
        this.ended = ended;
        this.lost = lost;
    }

    /** Returns once none that ends is missed any more. */
    synchronized void begin(Call call) throws DewyException {
        if (stream.isPresent() || closed) {
            return;
        }
        CancellableCall life = CancellableCall.endless("watch of containers");
        stream = Optional.of(life);
        boolean begun = false;
        try {
            engine.watch(call, life, labels, ended, () -> end(life));
            begun = true;
        } finally {
            if (!begun) {
                forget(life);
            }
        }
    }

    void close() {
        Optional<CancellableCall> last;
        synchronized (this) {
            closed = true;
            last = stream;
        }
        last.ifPresent(this::forget);
    }

    private void end(CancellableCall life) {
        forget(life);
        lost.run();
    }

    private void forget(CancellableCall life) {
        life.cancel("it is over");
        life.close();
        synchronized (this) {
            stream = stream.filter(one -> one != life);
        }
    }
}
