package dewy.core.app;

import dewy.core.cycle.CycleStep;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How long each step of a pass took, in their order; of one that was entered twice, both times. For one thread. */
final class StepTimes {
    private final LongSupplier nanoTime;
    private final Map<CycleStep, Long> nanos = new LinkedHashMap<>();
    private @Nullable CycleStep now;
    private long since;

    StepTimes(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** The step before, if there was one, is over. */
    void enter(CycleStep next) {
        end();
        now = next;
        since = nanoTime.getAsLong();
    }

    /** All are over. */
    void end() {
        if (now != null) {
            nanos.merge(now, nanoTime.getAsLong() - since, Long::sum);
            now = null;
        }
    }

    /** Returns how long a step took; empty if it was never entered. */
    Optional<Duration> of(CycleStep step) {
        return Optional.ofNullable(nanos.get(step)).map(Duration::ofNanos);
    }

    /** Returns all of them, such as {@code poll 12ms, fetch 1530ms}. */
    @Override
    public String toString() {
        return nanos.entrySet().stream()
                .map(step ->
                        step.getKey() + " " + Duration.ofNanos(step.getValue()).toMillis() + "ms")
                .collect(Collectors.joining(", "));
    }
}
