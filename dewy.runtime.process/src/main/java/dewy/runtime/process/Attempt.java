package dewy.runtime.process;

import dewy.api.DewyException;
import dewy.api.StorageException;
import dewy.api.process.ExitStatus;
import dewy.api.runtime.Activation;
import dewy.runtime.process.Supervision.Standing;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/**
 * The attempt to bring up a generation, from its launch until it is ready or nothing of it is left. Guarded by the lock of
 * its supervisor, but for what never changes.
 */
final class Attempt {
    /** Why a generation is started. */
    enum Cause {
        /** Somebody asked for it. */
        REQUEST,
        /** The generation before crashed. */
        CRASH
    }

    /** How an attempt ended. */
    sealed interface Outcome {
        /** The generation serves. */
        record Ready() implements Outcome {}

        /**
         * The generation ended before it was ready.
         *
         * @param status how
         */
        record Exited(ExitStatus status) implements Outcome {}

        /**
         * The generation did not become ready in time.
         *
         * @param missing what kept it from being ready
         */
        record Late(String missing) implements Outcome {}

        /**
         * It could not be noted that the generation is there, so it was not let begin.
         *
         * @param failure why
         */
        record NotKept(StorageException failure) implements Outcome {}

        /**
         * The generation is ready, and traffic could not be led to it.
         *
         * @param failure why
         */
        record NotRouted(DewyException failure) implements Outcome {}

        /** The generation is no longer wanted, or could not be launched. */
        record Withdrawn() implements Outcome {}
    }

    private static final Duration GRACE = Duration.ofSeconds(2);

    private final long number;
    private final Activation activation;
    private final Cause cause;
    private final Standing before;
    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    private Optional<Generation> generation = Optional.empty();
    private Optional<Outcome> verdict = Optional.empty();
    private boolean ready;

    /**
     * Begins an attempt.
     *
     * @param number the number of the generation
     * @param before how the app stood before, to which it returns when the attempt fails
     */
    Attempt(long number, Activation activation, Cause cause, Standing before) {
        this.number = number;
        this.activation = activation;
        this.cause = cause;
        this.before = before;
    }

    long number() {
        return number;
    }

    Activation activation() {
        return activation;
    }

    /** Returns the version that is to serve. */
    String version() {
        return version(activation);
    }

    static String version(Activation activation) {
        return activation.deliverable().release().tag();
    }

    Cause cause() {
        return cause;
    }

    Standing before() {
        return before;
    }

    /** Returns how it ended; unless it ended well, nothing of the generation is left when this completes. */
    CompletableFuture<Outcome> outcome() {
        return outcome;
    }

    /** Returns the generation, once it is launched. */
    Optional<Generation> generation() {
        return generation;
    }

    /** Returns whether this is the attempt to bring up {@code launched}. */
    boolean isOf(Generation launched) {
        return generation.filter(launched::equals).isPresent();
    }

    /** Returns the process id, once the generation is launched. */
    OptionalLong pid() {
        return generation.map(launched -> OptionalLong.of(launched.pid())).orElse(OptionalLong.empty());
    }

    /** The generation runs. It is discarded at once when the verdict was faster. */
    void launched(Generation launched) {
        generation = Optional.of(launched);
        verdict.ifPresent(known -> discard(launched, known));
    }

    /** The generation is ready, and traffic is about to be led to it. */
    void foundReady() {
        ready = true;
    }

    boolean isFoundReady() {
        return ready;
    }

    /** There will be no generation. */
    void notLaunched() {
        outcome.complete(new Outcome.Withdrawn());
    }

    /** Says how it ends, once; a generation that is not to serve is ended. */
    void conclude(Outcome end) {
        verdict = Optional.of(end);
        if (end instanceof Outcome.Ready) {
            outcome.complete(end);
        } else {
            generation.ifPresent(launched -> discard(launched, end));
        }
    }

    /** It may have accepted requests from a socket that it shares with the one before, and can answer them yet. */
    private void discard(Generation launched, Outcome end) {
        launched.end(GRACE);
        Completion.then(launched.gone(), gone -> outcome.complete(end));
    }
}
