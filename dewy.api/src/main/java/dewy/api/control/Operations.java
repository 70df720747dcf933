package dewy.api.control;

import dewy.api.DewyException;
import java.time.Duration;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What the agent does that takes a while: what people ask for, and each deployment of its own. Safe for use by several
 * threads.
 */
@ProviderType
public interface Operations {
    /**
     * Begins an operation, and returns at once.
     *
     * @param actor who asks for it, for the records
     * @throws dewy.api.NotFoundException if there is no such app
     * @throws dewy.api.InvalidException if it cannot be done to that app at all
     */
    Operation start(Order order, String actor) throws DewyException;

    /** Returns those that go on, the one that began first before the others, then the last 100 that ended, the last one first. */
    List<Operation> list();

    /**
     * Returns an operation as it is now.
     *
     * @throws dewy.api.NotFoundException if there is none of that id any more
     */
    Operation find(String id) throws DewyException;

    /**
     * Waits until an operation has ended, but not longer than {@code limit}, and returns it as it is then.
     *
     * @throws dewy.api.NotFoundException if there is none of that id any more
     * @throws dewy.api.CancelledException if whoever waits is interrupted; the operation goes on
     */
    Operation await(String id, Duration limit) throws DewyException;

    /**
     * Has an operation end before it is done, and returns it as it is then: it ends as soon as what it waits for is let go of,
     * which is waited for a few seconds; where it has no outcome by then it is being cancelled, and may turn out to be in force
     * all the same. Cancelled, all is then as before: what served serves on, and an app moves to no other plugin. A
     * release whose deployment was cancelled is left alone until somebody asks for it, also after the agent is started again.
     *
     * @param actor who cancels it, for the records
     * @throws dewy.api.NotFoundException if there is none of that id any more
     * @throws dewy.api.InvalidException if it has ended, or what it is for is in force already
     */
    Operation cancel(String id, String actor) throws DewyException;
}
