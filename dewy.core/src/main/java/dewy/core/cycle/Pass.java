package dewy.core.cycle;

import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.runtime.RuntimeStatus;
import dewy.core.capsule.Failure;
import dewy.core.event.EventScope;
import dewy.core.journal.Move;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One pass over the path of a release: its call, its events, and how far it has come. For one thread. */
public final class Pass {
    private boolean asked;
    private final Observer observer;
    private CancellableCall call;
    private EventScope events;
    private CycleStep step = CycleStep.POLL;
    private Optional<String> tag = Optional.empty();
    private Optional<Optional<RuntimeStatus>> runtime = Optional.empty();
    private boolean begun;
    private boolean leftAlone;
    private @Nullable DewyException failure;
    private Optional<String> capsule = Optional.empty();

    /** Who looks at a pass from outside. */
    @FunctionalInterface
    public interface Observer {
        /** Hears of each step that is entered. */
        void entered(CycleStep step);

        /** Hears which release it is about. */
        default void about(String version) {}

        /** Returns who cancelled it, if a person did. */
        default Optional<String> cancelledBy() {
            return Optional.empty();
        }

        /** Hears what failed; returns the id of the evidence of it, where that is kept. */
        default Optional<String> failed(Failure failure) {
            return Optional.empty();
        }

        /** Returns a call that outlives that of the pass, but not the app. */
        default CancellableCall outliving(Duration limit) {
            return CancellableCall.of("", limit);
        }

        /** Hears that the pass goes on with another call. */
        default void goesOnWith(CancellableCall call) {}
    }

    /**
     * Starts a pass.
     *
     * @param asked whether a person asked for it, so that waiting times are not observed
     */
    public Pass(CancellableCall call, EventScope events, boolean asked, Observer observer) {
        this.call = call;
        this.events = events;
        this.asked = asked;
        this.observer = observer;
    }

    String deployId() {
        return events.deployId();
    }

    CancellableCall call() {
        return call;
    }

    /** Returns where its events are published: as those of a deployment, once it is known which one it belongs to. */
    public EventScope events() {
        return events;
    }

    boolean isAsked() {
        return asked;
    }

    /** Notes that nobody asked for what comes: it is what the app does by itself. */
    void unasked() {
        asked = false;
    }

    CycleStep step() {
        return step;
    }

    Optional<String> tag() {
        return tag;
    }

    void enter(CycleStep next) {
        step = next;
        runtime = Optional.empty(); // The step before may have taken long.
        observer.entered(next);
        if (next == CycleStep.SETTLE && !call.remaining().isZero()) {
            // What serves is settled: a cancellation that came too late may end the other call before or after this.
            call = outliving(call.remaining());
            observer.goesOnWith(call);
        }
    }

    /** Returns a call for what is still to be done although the time of the pass is over; whoever asks for it closes it. */
    CancellableCall outliving(Duration limit) {
        CancellableCall other = observer.outliving(limit);
        other.belongTo(deployId());
        return other;
    }

    /** Returns how what runs is doing, as it was when it was asked first in this step, until that is changed. */
    Optional<RuntimeStatus> runtimeStatus(Supplier<Optional<RuntimeStatus>> question) {
        if (runtime.isEmpty()) {
            runtime = Optional.of(question.get());
        }
        return runtime.get();
    }

    /** Notes that what runs is about to be changed. */
    void runtimeChanges() {
        runtime = Optional.empty();
    }

    /** Returns who cancelled it, if a person did and what it is for is not in force already. */
    Optional<String> cancelledBy() {
        return observer.cancelledBy();
    }

    /** Notes which deployment it turned out to belong to: all attempts at a release are one deployment. */
    void belongsTo(String deployment) {
        call.belongTo(deployment);
        events = events.during(deployment, events.cause(), events.actor());
    }

    /** Notes that a deployment was begun, and told so. */
    void begin() {
        begun = true;
    }

    /** Returns whether a deployment was begun, of which people are to hear the end. */
    public boolean hasBegun() {
        return begun;
    }

    void about(String version) {
        tag = Optional.of(version);
        observer.about(version);
    }

    /** Has the evidence of a failure kept, once; returns its id, where it could be. */
    public Optional<String> evidence(DewyException why) {
        if (failure != why) {
            failure = why;
            capsule = observer.failed(new Failure(step.toString(), tag.orElse(""), events, why));
        }
        return capsule;
    }

    /** Returns the id of the evidence of what failed last. */
    public Optional<String> capsule() {
        return capsule;
    }

    /** Notes that what it is about is left alone, because a person cancelled it. */
    void leaveAlone() {
        leftAlone = true;
    }

    boolean isLeftAlone() {
        return leftAlone;
    }

    /** Returns the move to a release that is made in it, begun at that time. */
    Move move(Instant started) {
        return new Move(deployId(), events.cause(), events.actor(), started);
    }
}
