package dewy.core.fetch;

import dewy.api.Call;
import dewy.api.DewyException;
import java.time.Duration;
import java.util.function.IntFunction;

/** What lies between two tries at a download, so that a server in trouble is not asked again at once. */
public interface RetryPause {
    /** Returns how long it is after so many failures in a row. */
    Duration length(int failures);

    /**
     * Lets that time pass.
     *
     * @throws DewyException at once when the call is over
     */
    void await(Call call, Duration length) throws DewyException;

    /** Returns one that has the calling thread wait. */
    static RetryPause of(IntFunction<Duration> lengths) {
        return new WaitingPause(lengths);
    }
}
