package dewy.core.hook;

import dewy.api.DewyException;
import dewy.api.StorageException;
import dewy.api.process.ChildProcess;
import dewy.api.process.Inheritable;
import java.util.Optional;

/** Where it is written down which hook runs, so that a later agent finds it should this one be killed meanwhile. */
public interface HookKeeper {
    /**
     * A hook that an earlier agent was killed in, and that still runs.
     *
     * @param name of the hook
     */
    record EarlierHook(String name, Inheritable processes) {}

    /** Notes a hook before it does anything. */
    void keep(String name, ChildProcess shell) throws StorageException;

    /** Notes that no hook runs. What the disk refuses is told, and does no harm: of what is noted nothing is found later. */
    void forget();

    /** Returns what an earlier agent left, if that still runs. */
    Optional<EarlierHook> earlier() throws DewyException;
}
