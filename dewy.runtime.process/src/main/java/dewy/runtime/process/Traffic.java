package dewy.runtime.process;

import dewy.api.DewyException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;

/**
 * How requests get to the generations of an app: by sockets that they inherit, or by a proxy that is told where they listen.
 * Nothing blocks but {@link #newPort}; what is returned completes on any thread. Safe for use by several threads.
 */
interface Traffic {
    /** Returns the port at which a generation that is about to be launched is to listen, where it inherits no sockets. */
    OptionalInt newPort() throws DewyException;

    /** Returns whether a port that a generation had, which is gone, is somebody else's now. */
    boolean isTaken(OptionalInt port);

    /**
     * Leads to what an earlier instance left, as soon as that can be done.
     *
     * @param serving what is to serve, if anything is
     * @return what completes when it is done
     */
    CompletableFuture<Void> adopt(Optional<Generation.Identity> serving, String version);

    /**
     * Leads from what serves to a generation that is ready.
     *
     * @return what completes with the reason if that cannot be done; what served does so still then
     */
    CompletableFuture<Optional<DewyException>> lead(Generation.Identity to, String version);

    /** Leads back from a generation that is not to serve; what is returned completes when it can be ended. */
    CompletableFuture<Void> abandon(Generation.Identity failed);

    /** Has nothing more arrive at a generation that is gone, or that goes without a successor. */
    void away(Generation.Identity from);

    /**
     * Waits until a generation to which nothing leads any more has answered all, as long as {@code limit} at most.
     *
     * @return what completes when it can be told to go; never, if somebody else takes over meanwhile
     */
    CompletableFuture<Void> leave(Generation.Identity generation, Duration limit);

    /** Stands still, until {@link #resume}. */
    void suspend();

    /** Goes on; who waited for a generation to {@link #leave} asks anew. */
    void resume();

    /** Ends for good, and leaves the traffic where it is. */
    void release();
}
