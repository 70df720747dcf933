package dewy.proxy.caddy;

import dewy.api.Call;
import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.engine.Engine;
import java.util.Map;
import java.util.Optional;

/** Hears when the container ends, or the engine goes away. Safe for use by several threads. */
final class Watch {
    private final Engine engine;
    private final Map<String, String> labels;
    private final Runnable changed;
    private Optional<CancellableCall> stream = Optional.empty();
    private boolean closed;

    /** @param changed is run by a thread of the stream's, when all is to be looked at anew */
    Watch(Engine engine, Map<String, String> labels, Runnable changed) {
        this.engine = engine;
        this.labels = labels;
        this.changed = changed;
    }

    /** Returns once nothing is missed any more. */
    synchronized void begin(Call call) throws DewyException {
        if (stream.isPresent() || closed) {
            return;
        }
        CancellableCall life = CancellableCall.endless("watch of the proxy");
        stream = Optional.of(life);
        boolean begun = false;
        try {
            engine.watch(call, life, labels, ended -> changed.run(), () -> lost(life));
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

    private void lost(CancellableCall life) {
        forget(life);
        changed.run();
    }

    private void forget(CancellableCall life) {
        life.cancel("it is over");
        life.close();
        synchronized (this) {
            stream = stream.filter(one -> one != life);
        }
    }
}
