package dewy.core.backoff;

import dewy.api.Call;
import dewy.api.CancelledException;
import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.Registration;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What lies between two tries at a download, so that a server in trouble is not asked again at once. */
public interface Pause {
    /** Returns how long it is after so many failures in a row. */
    Duration length(int failures);

    /**
     * Lets that time pass.
     *
     * @throws DewyException at once when the call is over
     */
    void await(Call call, Duration length) throws DewyException;

    /** Returns one that has the calling thread wait; the end of the call ends the wait. */
    static Pause of(Backoff backoff) {
        return new Pause() {
            @Override
            public Duration length(int failures) {
                return backoff.after(failures);
            }

            @Override
            public void await(Call call, Duration length) throws DewyException {
                CountDownLatch over = new CountDownLatch(1);
                try (Registration unused = call.onCancel(over::countDown)) {
                    if (over.await(length.toMillis(), TimeUnit.MILLISECONDS)) {
                        call.check();
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new CancelledException(
                            new Problem("wait before the next try", "", "it was interrupted", ""), e);
                }
            }
        };
    }
}
