package dewy.engine;

import com.github.dockerjava.api.async.ResultCallback;
import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.Registration;
import java.io.Closeable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes what arrives in a stream of the engine, and knows when it ended. A stream arrives on a thread of its own, which
 * ends with it.
 *
 * @param <T> what arrives
 */
final class StreamEnd<T> implements ResultCallback<T> {
    private final Consumer<T> taker;
    private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();

    StreamEnd(Consumer<T> taker) {
        this.taker = taker;
    }

    /** Waits for its end, as long as the call lasts; throws what it ended with. */
    void await(Call call) throws DewyException {
        CompletableFuture<@Nullable Void> over = new CompletableFuture<>();
        try (Registration waking = call.onCancel(() -> over.complete(null))) {
            CompletableFuture.anyOf(ended, over).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw e;
        }
        if (!ended.isDone()) {
            call.check();
        }
    }

    /** Has something done once it has ended, whatever it ended with. */
    void onEnd(Runnable action) {
        var unused = ended.whenComplete((nothing, failure) -> action.run());
    }

    @Override
    public void onStart(Closeable stream) {}

    @Override
    public void onNext(T item) {
        taker.accept(item);
    }

    @Override
    public void onError(Throwable failure) {
        ended.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        ended.complete(null);
    }

    @Override
    public void close() {}
}
