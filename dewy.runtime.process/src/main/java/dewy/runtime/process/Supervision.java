package dewy.runtime.process;

import dewy.api.release.Deliverable;
import dewy.api.runtime.Activation;
import dewy.api.runtime.RuntimeStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is known about the generations of an app, at one moment.
 *
 * @param standing how the app stands
 * @param newest the number of the generation that was started last, 0 when none was
 * @param served the number of the generation that served last, 0 when none did
 * @param restarts how many restarts in a row it had
 * @param activation what was activated last and became ready
 * @param serving the generation that serves
 * @param draining those that are on their way out
 */
record Supervision(
        Standing standing,
        long newest,
        long served,
        int restarts,
        Optional<Activation> activation,
        Optional<Generation.Identity> serving,
        List<Generation.Identity> draining) {
    Supervision {
        draining = List.copyOf(draining);
    }

    RuntimeStatus status() {
        return new RuntimeStatus(
                standing.state(),
                served,
                standing.since(),
                serving.map(generation -> Long.toString(generation.child().pid())).stream()
                        .toList(),
                0,
                standing.detail(),
                activation.map(Activation::deliverable).map(Deliverable::cacheKey));
    }

    /** Returns what is known about an app that was never started. */
    static Supervision none(Instant now) {
        Standing stopped = new Standing(RuntimeStatus.State.STOPPED, now, "");
        return new Supervision(stopped, 0, 0, 0, Optional.empty(), Optional.empty(), List.of());
    }
}
