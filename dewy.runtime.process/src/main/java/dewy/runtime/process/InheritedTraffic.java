package dewy.runtime.process;

import dewy.api.DewyException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;

/** Generations accept what arrives from the sockets that they inherit: each takes from them for as long as it wants to. */
final class InheritedTraffic implements Traffic {
    private static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);

    @Override
    public OptionalInt newPort() {
        return OptionalInt.empty();
    }

    @Override
    public boolean isTaken(OptionalInt port) {
        return false;
    }

    @Override
    public CompletableFuture<Void> adopt(Optional<Generation.Identity> serving, String version) {
        return DONE;
    }

    @Override
    public CompletableFuture<Optional<DewyException>> lead(Generation.Identity to, String version) {
        return CompletableFuture.completedFuture(Optional.empty());
    }

    @Override
    public CompletableFuture<Void> abandon(Generation.Identity failed) {
        return DONE;
    }

    @Override
    public void away(Generation.Identity from) {}

    @Override
    public CompletableFuture<Void> leave(Generation.Identity generation, Duration limit) {
        return DONE;
    }

    @Override
    public void suspend() {}

    @Override
    public void resume() {}

    @Override
    public void release() {}
}
