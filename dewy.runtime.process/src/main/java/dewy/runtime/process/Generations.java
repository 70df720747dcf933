package dewy.runtime.process;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The generations that became ready: the one that serves, and those that are on their way out. Which one serves is guarded
 * by the lock of the supervisor.
 */
final class Generations {
    private final Duration stopTimeout;
    private final ServerEvents events;

    /** Those on their way out, each with what completes when its end was told. */
    private final Map<Generation, CompletableFuture<Void>> draining = new ConcurrentHashMap<>();

    private Optional<Generation> serving = Optional.empty();

    Generations(Duration stopTimeout, ServerEvents events) {
        this.stopTimeout = stopTimeout;
        this.events = events;
    }

    Optional<Generation> serving() {
        return serving;
    }

    boolean isServing(Generation generation) {
        return serving.filter(generation::equals).isPresent();
    }

    /** Has {@code ready} serve, and tells the generation before to stop. */
    void serve(Generation ready) {
        Optional<Generation> old = serving;
        serving = Optional.of(ready);
        old.ifPresent(replaced -> {
            events.replacing(replaced);
            drain(replaced, () -> events.stopped(replaced));
            replaced.end(stopTimeout);
        });
    }

    /** The generation that serves crashed; what it left behind is ended by itself. */
    void lose() {
        serving.ifPresent(crashed -> drain(crashed, () -> {}));
        serving = Optional.empty();
    }

    /** Has none serve, and none be left after {@code grace}; what it returns completes when they are gone. */
    CompletableFuture<Void> end(Duration grace) {
        serving.ifPresent(ended -> {
            events.stopping(ended);
            drain(ended, () -> events.stopped(ended));
        });
        serving = Optional.empty();
        CompletableFuture<?>[] gone = draining.values().toArray(CompletableFuture<?>[]::new);
        draining().forEach(generation -> generation.end(grace));
        return CompletableFuture.allOf(gone);
    }

    /** Kills those on their way out. */
    void kill() {
        draining().forEach(generation -> {
            events.killed(generation);
            generation.kill();
        });
    }

    /** Goes on with a generation that serves. */
    void adoptServing(Generation inherited) {
        serving = Optional.of(inherited);
        inherited.watch(stopTimeout);
    }

    /** Goes on with a generation that was told to stop. */
    void adoptDraining(Generation inherited) {
        drain(inherited, () -> events.stopped(inherited));
        inherited.resumeEnding(stopTimeout);
        inherited.watch(stopTimeout);
    }

    /** Lets all of them be: somebody else watches them from now on. */
    void release() {
        serving.ifPresent(Generation::release);
        serving = Optional.empty();
        draining.keySet().forEach(Generation::release);
        draining.clear();
    }

    /** Returns those on their way out, the oldest first. */
    List<Generation> draining() {
        return draining.keySet().stream()
                .sorted(Comparator.comparingLong(Generation::number))
                .toList();
    }

    private void drain(Generation generation, Runnable whenGone) {
        CompletableFuture<Void> told = generation.gone().thenRun(whenGone);
        draining.put(generation, told);
        Completion.then(told, done -> draining.remove(generation));
    }
}
