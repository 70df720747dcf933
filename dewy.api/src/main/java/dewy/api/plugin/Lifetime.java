package dewy.api.plugin;

import dewy.api.Call;
import dewy.api.CancellableCall;
import dewy.api.CancelledException;
import dewy.api.ExpiredException;
import dewy.api.Registration;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * How long an instance lives: what was asked of it is over when it is closed, as if it had been cancelled. An instance that
 * waits for something remote passes each call it is given through {@link #bind}, goes on with what that returns, and closes
 * this when it is closed itself. Safe for use by several threads.
 */
public final class Lifetime implements AutoCloseable {
    private final CancellableCall life = CancellableCall.endless("");

    /** Returns a call that is over when {@code call} is, and when the instance is closed. */
    public Call bind(Call call) {
        return new BoundCall(call, life);
    }

    /** Ends what is in progress, and all that comes. Does nothing when it was done before. */
    @Override
    public void close() {
        life.cancel("the plugin was closed");
    }

    private record BoundCall(Call call, CancellableCall life) implements Call {
        @Override
        public String traceId() {
            return call.traceId();
        }

        @Override
        public Optional<String> deployId() {
            return call.deployId();
        }

        @Override
        public Duration remaining() {
            return life.isOver() ? Duration.ZERO : call.remaining();
        }

        @Override
        public boolean isOver() {
            return call.isOver() || life.isOver();
        }

        @Override
        public void check() throws CancelledException, ExpiredException {
            call.check();
            life.check();
        }

        @Override
        public Registration onCancel(Runnable close) {
            AtomicBoolean ran = new AtomicBoolean();
            Runnable once = () -> {
                if (ran.compareAndSet(false, true)) {
                    close.run();
                }
            };
            Registration ofTheCall = call.onCancel(once);
            Registration ofTheLife = life.onCancel(once);
            return () -> {
                ofTheCall.close();
                ofTheLife.close();
            };
        }

        @Override
        public void progress(String what, long done, long total) {
            call.progress(what, done, total);
        }
    }
}
