package dewy.runtime.process;

import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The generations that became ready: the one that serves, and those that are on their way out. Which one serves is guarded
 * by the lock of the supervisor.
 */
final class Generations {
    private final Duration stopTimeout;
    private final ServerEvents events;

    /** Those on their way out, each with what completes when its end was told. */
    private final Map<Generation, CompletableFuture<Void>> draining = new ConcurrentHashMap<>();

    /** Those of them that were not told yet, each with what says that it is. */
    private final Map<Generation, Consumer<Generation>> replaced = new LinkedHashMap<>();

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

    /** Has {@code ready} serve; the generation before goes on until it is {@linkplain #dismiss dismissed}. */
    void serve(Generation ready) {
        serving.ifPresent(old -> replace(old, events::replacing));
        serving = Optional.of(ready);
    }

    /** Returns whether a generation that was replaced is still to be dismissed. */
    boolean hasReplaced() {
        return !replaced.isEmpty();
    }

    /** Has none serve. */
    void retire() {
        serving.ifPresent(last -> replace(last, events::stopping));
        serving = Optional.empty();
    }

    /** Tells one that was replaced to stop; one that was told before has {@code grace} at most from now on. */
    void dismiss(Generation generation, Duration grace) {
        Consumer<Generation> telling = replaced.remove(generation);
        if (telling != null) {
            telling.accept(generation);
        }
        if (draining.containsKey(generation)) {
            generation.end(grace);
        }
    }

    /** The generation that serves crashed; what it left behind is ended by itself. */
    void lose() {
        serving.ifPresent(crashed -> drain(crashed, () -> {}));
        serving = Optional.empty();
    }

    /** Returns what completes when those on their way out are gone. */
    CompletableFuture<Void> gone() {
        return CompletableFuture.allOf(draining.values().toArray(CompletableFuture<?>[]::new));
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

    /** Goes on with a generation that is not wanted any more, and may not have been told. */
    void adoptReplaced(Generation inherited) {
        replace(inherited, events::replacing);
        inherited.watch(stopTimeout);
    }

    /** Lets all of them be: somebody else watches them from now on. */
    void release() {
        serving.ifPresent(Generation::release);
        serving = Optional.empty();
        draining.keySet().forEach(Generation::release);
        draining.clear();
        replaced.clear();
    }

    /** Returns those that were replaced and not told to stop yet. */
    List<Generation> replaced() {
        return List.copyOf(replaced.keySet());
    }

    /** Returns those that were told to stop, or are left of a crash, the oldest first. */
    List<Generation> dismissed() {
        return draining().stream()
                .filter(generation -> !replaced.containsKey(generation))
                .toList();
    }

    /** Returns all that are on their way out, the oldest first. */
    List<Generation> draining() {
        return draining.keySet().stream()
                .sorted(Comparator.comparingLong(Generation::number))
                .toList();
    }

    /** A replaced generation that ends by itself has nothing to be told any more. */
    void ended(Generation generation) {
        replaced.remove(generation);
    }

    private void replace(Generation generation, Consumer<Generation> telling) {
        drain(generation, () -> events.stopped(generation));
        replaced.put(generation, telling);
    }

    private void drain(Generation generation, Runnable whenGone) {
        CompletableFuture<Void> told = generation.gone().thenRun(whenGone);
        draining.put(generation, told);
        Completion.then(told, done -> draining.remove(generation));
    }
}
