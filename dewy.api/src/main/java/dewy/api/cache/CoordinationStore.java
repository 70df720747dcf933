package dewy.api.cache;

import dewy.api.Call;
import dewy.api.DewyException;
import java.time.Duration;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/** Small shared values on which several hosts agree. Safe for use by several threads and hosts. */
@ConsumerType
public interface CoordinationStore {
    /**
     * A value and the revision it was read at.
     *
     * @param revision grows with every write of the key; 0 stands for "never written"
     */
    record Entry(String value, long revision) {}

    /**
     * The right to do something that only one host may do at a time.
     *
     * @param token grows with every grant: what is written under a lease carries it, so that a holder who overslept its
     *     lease can be told apart from its successor
     */
    record Lease(String name, String owner, long token) {}

    Optional<Entry> read(Call call, String key) throws DewyException;

    /**
     * Writes a value if nobody else did meanwhile.
     *
     * @param revision the revision the decision was based on
     * @return the new entry, or empty when the key has another revision by now
     */
    Optional<Entry> compareAndSet(Call call, String key, String value, long revision) throws DewyException;

    /** Takes a lease for {@code duration}; empty when another owner holds it. An owner may take its own lease again. */
    Optional<Lease> acquire(Call call, String name, String owner, Duration duration) throws DewyException;

    /** Prolongs a lease by {@code duration} from now; returns whether it was still held. */
    boolean renew(Call call, Lease lease, Duration duration) throws DewyException;

    /** Gives a lease back; does nothing when it is not held any more. */
    void release(Call call, Lease lease) throws DewyException;
}
