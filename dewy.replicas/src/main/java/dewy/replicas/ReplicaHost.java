package dewy.replicas;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.Registration;
import dewy.api.runtime.Activation;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What runs the replicas of one app, such as a container engine: the replicas outlive whoever has it start them, and are found
 * again by what they are labelled with. All of it fails as unreachable while the host is away. Safe for use by several threads.
 */
public interface ReplicaHost {
    /** Finds out whether it is there. */
    void ping(Call call) throws DewyException;

    /** Finds out what would keep replicas from being started. */
    void requireStartable(Call call, Activation activation) throws DewyException;

    /**
     * Starts a replica, labelled with {@link Generation#labels} from its first moment on, and returns once it is ready.
     *
     * @param names to which its name is added before it runs, so that it can be ended when this throws
     * @throws dewy.api.ApplicationException if it does not become ready
     */
    void start(Call call, Generation generation, Collection<String> names) throws DewyException;

    /** Returns a replica as it is now; empty if there is none of that name. */
    Optional<Replica> find(Call call, String name) throws DewyException;

    /** Returns all replicas of the app, whoever started them, and whatever they are doing. */
    List<Replica> list(Call call) throws DewyException;

    /** Returns why one does not serve any more, for people. */
    String obituary(Call call, String name) throws DewyException;

    /** Tells one to stop, kills it at the limit, and removes it; does nothing when it is gone. */
    void end(Call call, String name, Duration limit) throws DewyException;

    /** Kills one and removes it; does nothing when it is gone. */
    void kill(Call call, String name) throws DewyException;

    /**
     * Hears of all replicas that end, or are found to be no good, once this has returned.
     *
     * @param ended is told their names, some of them perhaps more than once; returns at once
     * @param lost is run once when nothing more is heard, but not after what is returned was closed; returns at once
     */
    Registration watch(Call call, Consumer<String> ended, Runnable lost) throws DewyException;
}
