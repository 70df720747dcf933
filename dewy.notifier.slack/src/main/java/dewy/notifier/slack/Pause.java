package dewy.notifier.slack;

import dewy.api.Call;
import dewy.api.DewyException;
import java.time.Duration;

/** Lets time pass. */
@FunctionalInterface
interface Pause {
    /**
     * Returns when {@code wait} is over.
     *
     * @throws DewyException if the call ends before
     */
    void await(Call call, Duration wait) throws DewyException;
}
