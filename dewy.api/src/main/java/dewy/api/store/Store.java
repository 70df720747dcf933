package dewy.api.store;

import dewy.api.Call;
import dewy.api.DewyException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Small shared values on which several hosts agree. Safe for use by several threads and hosts. An instance may also
 * implement {@link Watching}.
 *
 * <p>A read sees every change that was complete before it began, of whatever host. A change is made as a whole or not at
 * all, and its conditions are those of the moment at which it is made: they are looked at by the store itself, in one step
 * with the change.
 *
 * <p>Keys are made of characters, and nothing of them means anything to a store: no slash makes a folder, no asterisk a
 * pattern. Keys, values and names of leases are counted as bytes of UTF-8. It is meant for some thousand keys at most.
 *
 * <p>A call that fails or ends while it is waited for may have been done or not: whoever made it reads before it decides
 * again. That a condition was not met is said only of a request of which nothing was done, so an implementation, or a client
 * below it, does not try again what it cannot tell from its own first attempt.
 *
 * <p>Time is counted by the store, by one clock for all hosts. Nothing ends before its time is over, but a technology may
 * keep it for a while longer, or grant no less than some time; a plugin says by how much. A jump of that clock may end a lease
 * or a value too early: what is written under leases is safe all the same.
 */
@ConsumerType
public interface Store extends AutoCloseable {
    /** The longest key, in bytes. */
    int LONGEST_KEY = 256;

    /** The longest value, in bytes. */
    int LONGEST_VALUE = 65_536;

    /** The longest term of a lease, and the longest time to live. */
    Duration LONGEST_TIME = Duration.ofHours(24);

    /** Returns what is held under a key; empty when nothing is, or what was has expired. */
    Optional<Entry> read(Call call, String key) throws DewyException;

    /**
     * Returns what is held under all keys that begin with some characters, in any order; with none, everything. It need not
     * be what was there at one moment, but what did not change meanwhile is as it was.
     */
    List<Entry> list(Call call, String prefix) throws DewyException;

    /**
     * Writes a value if its key has the revision that the decision was based on. Its time to live is that of this write, not
     * of one before.
     *
     * @return the new entry; empty when the key has another revision, or is there and should not be, and nothing was done
     * @throws LostLeaseException if it is to be done under a lease that has run out, or was granted anew: after a
     *     successor was granted, nothing is written under the lease before, however late a request arrives. This is said
     *     also where the revision is another one
     */
    Optional<Entry> compareAndSet(Call call, Write write) throws DewyException;

    /**
     * Deletes a key if it has the revision that the decision was based on.
     *
     * @return whether it was deleted; otherwise nothing was done
     * @throws LostLeaseException as for {@link #compareAndSet}
     */
    boolean compareAndDelete(Call call, Delete delete) throws DewyException;

    /**
     * Takes a lease. An owner that holds it already gets another one, as after a restart, and has lost the one before.
     *
     * @return the lease, with a token that is greater than that of each lease of the name before; empty when another owner
     *     holds it
     */
    Optional<Lease> acquire(Call call, Claim claim) throws DewyException;

    /**
     * Prolongs a lease by its term, from now. Any instance at the same store can do it, so that a lease outlives a swap of
     * the plugin; the same is true for what is done under it.
     *
     * @throws LostLeaseException if it is not held any more, even when nobody took it since
     */
    void renew(Call call, Lease lease) throws DewyException;

    /**
     * Gives a lease back, so that others need not wait for its end; does nothing when it is not held any more. For its holder
     * it is over as soon as that is asked for, also when this fails, since the store may have done it.
     */
    void release(Call call, Lease lease) throws DewyException;

    /** Ends what is in progress and all watches. Values and leases stay as they are. */
    @Override
    void close();
}
