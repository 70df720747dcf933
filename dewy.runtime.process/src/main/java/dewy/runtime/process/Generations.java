package dewy.runtime.process;

import dewy.api.Registration;
import dewy.runtime.process.time.Timer;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The generations that became ready: the one that serves, and those that are on their way out, each of which is told to stop
 * once it has answered all, and gone when nothing of it is left. Which one serves is guarded by the lock of the supervisor.
 */
final class Generations {
    /** What a proxy may take to answer, beside the time for draining. */
    private static final Duration PROXY_MARGIN = Duration.ofMillis(300);

    private final ProcessSettings settings;
    private final Traffic traffic;
    private final Timer timer;
    private final ServerEvents events;
    private final Supervisor supervisor;

    /** Those on their way out, each with what completes when its end was told. */
    private final Map<Generation, CompletableFuture<Void>> draining = new ConcurrentHashMap<>();

    /** Those of them that were not told yet, each with what says that it is. */
    private final Map<Generation, Consumer<Generation>> replaced = new LinkedHashMap<>();

    private Optional<Generation> serving = Optional.empty();

    Generations(ProcessSettings settings, Traffic traffic, Timer timer, ServerEvents events, Supervisor supervisor) {
        this.settings = settings;
        this.traffic = traffic;
        this.timer = timer;
        this.events = events;
        this.supervisor = supervisor;
    }

    /**
     * Goes on with what somebody else started. One that was not ready is ended: nobody heard what it said since, and what it
     * accepted meanwhile is to be answered.
     */
    void adopt(Supervision past) {
        past.draining().forEach(identity -> adoptDraining(new Generation(identity, timer, supervisor)));
        Stream.concat(past.starting().stream(), past.replaced().stream())
                .forEach(identity -> adoptReplaced(new Generation(identity, timer, supervisor)));
        past.serving().ifPresent(identity -> adoptServing(new Generation(identity, timer, supervisor)));
    }

    private void adoptServing(Generation inherited) {
        serving = Optional.of(inherited);
        inherited.watch(settings.stopTimeout());
    }

    /** It was told to stop. */
    private void adoptDraining(Generation inherited) {
        drain(inherited, () -> events.stopped(inherited));
        inherited.resumeEnding(settings.stopTimeout());
        inherited.watch(settings.stopTimeout());
    }

    /** It is not wanted any more, and may not have been told. */
    private void adoptReplaced(Generation inherited) {
        replace(inherited, events::replacing);
        inherited.watch(settings.stopTimeout());
    }

    Optional<Generation> serving() {
        return serving;
    }

    boolean isServing(Generation generation) {
        return serving.filter(generation::equals).isPresent();
    }

    /** Has {@code ready} serve; the generation before goes on until {@link #dismissReplaced}. */
    void serve(Generation ready) {
        serving.ifPresent(old -> replace(old, events::replacing));
        serving = Optional.of(ready);
    }

    /** Returns whether a generation that was replaced is still to be dismissed. */
    boolean hasReplaced() {
        return !replaced.isEmpty();
    }

    /** Has those that were replaced told to stop, each once it has answered all. */
    void dismissReplaced() {
        for (Generation old : replaced()) {
            Completion.then(
                    traffic.leave(old.identity(), settings.drainTime()),
                    drained -> dismiss(old, settings.stopTimeout()));
        }
    }

    /** Has none serve, and ends all; what it returns completes when they are gone. */
    CompletableFuture<Void> end(Duration drainTime, Duration grace) {
        serving.ifPresent(last -> {
            traffic.away(last.identity());
            replace(last, events::stopping);
        });
        serving = Optional.empty();
        CompletableFuture<Void> gone = CompletableFuture.allOf(draining.values().toArray(CompletableFuture<?>[]::new));
        for (Generation last : draining()) {
            CompletableFuture<Void> drained = traffic.leave(last.identity(), drainTime);
            Completion.then(drained, done -> dismiss(last, grace));
            if (!drained.isDone()) {
                // Also where the proxy does not answer.
                Registration late = timer.after(drainTime.plus(PROXY_MARGIN), () -> dismiss(last, grace));
                Completion.then(last.gone(), done -> late.close());
            }
        }
        return gone;
    }

    private void dismiss(Generation drained, Duration grace) {
        synchronized (supervisor) {
            if (!supervisor.isFrozen()) {
                tell(drained, grace);
                supervisor.keepSoon();
            }
        }
    }

    /** Tells one that was replaced to stop; one that was told before has {@code grace} at most from now on. */
    private void tell(Generation generation, Duration grace) {
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
        serving.ifPresent(crashed -> {
            drain(crashed, () -> {});
            traffic.away(crashed.identity());
        });
        serving = Optional.empty();
    }

    /** Kills those on their way out. */
    void kill() {
        draining().forEach(generation -> {
            events.killed(generation);
            generation.kill();
        });
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
    private List<Generation> draining() {
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
