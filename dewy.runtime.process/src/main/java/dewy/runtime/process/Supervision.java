package dewy.runtime.process;

import dewy.api.release.Deliverable;
import dewy.api.runtime.Activation;
import dewy.api.runtime.RuntimeStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What is known about the generations of an app, at one moment.
 *
 * @param standing how the app stands
 * @param newest the number of the generation that was started last, 0 when none was
 * @param served the number of the generation that served last, 0 when none did
 * @param restarts how many restarts in a row it had
 * @param crashes how often it crashed since somebody asked for an activation or a restart
 * @param activation what was activated last and became ready
 * @param starting the generation that is not ready yet
 * @param serving the generation that serves
 * @param replaced those that are about to be told to stop
 * @param draining those that are on their way out
 */
record Supervision(
        Standing standing,
        long newest,
        long served,
        int restarts,
        int crashes,
        Optional<Activation> activation,
        Optional<Generation.Identity> starting,
        Optional<Generation.Identity> serving,
        List<Generation.Identity> replaced,
        List<Generation.Identity> draining) {
    /**
     * How an app stands.
     *
     * @param state what it is doing
     * @param since when it entered this state
     * @param detail why, in one line; empty when there is nothing to say
     */
    record Standing(RuntimeStatus.State state, Instant since, String detail) {}

    Supervision {
        replaced = List.copyOf(replaced);
        draining = List.copyOf(draining);
    }

    RuntimeStatus status() {
        return new RuntimeStatus(
                standing.state(),
                served,
                standing.since(),
                serving.map(generation -> Long.toString(generation.child().pid())).stream()
                        .toList(),
                crashes,
                standing.detail(),
                activation.map(Activation::deliverable).map(Deliverable::cacheKey));
    }

    /** Returns what is known about an app that was never started. */
    static Supervision none(Instant now) {
        Standing stopped = new Standing(RuntimeStatus.State.STOPPED, now, "");
        return new Supervision(
                stopped, 0, 0, 0, 0, Optional.empty(), Optional.empty(), Optional.empty(), List.of(), List.of());
    }

    /** Returns whether nothing runs, nor is about to. */
    boolean isIdle() {
        return standing.state() == RuntimeStatus.State.STOPPED
                && starting.isEmpty()
                && serving.isEmpty()
                && replaced.isEmpty()
                && draining.isEmpty();
    }

    /** Returns all generations. */
    List<Generation.Identity> all() {
        return Stream.of(starting.stream(), serving.stream(), replaced.stream(), draining.stream())
                .flatMap(Function.identity())
                .toList();
    }

    /** Returns whether what serves lacks the sockets of the app, and is to be replaced. */
    boolean isCutOff() {
        return standing.state() == RuntimeStatus.State.BACKING_OFF && serving.isPresent();
    }

    /** Returns whether what should serve ended while nobody watched it. */
    boolean isBereft() {
        return standing.state() == RuntimeStatus.State.RUNNING && serving.isEmpty();
    }

    /** Returns the same, with a serving generation that is to be replaced because it cannot be reached. */
    Supervision cutOff(String why) {
        Standing replacing = new Standing(RuntimeStatus.State.BACKING_OFF, standing.since(), why);
        return new Supervision(
                replacing, newest, served, restarts, crashes, activation, starting, serving, replaced, draining);
    }
}
