package dewy.core.fetch;

import dewy.api.Call;
import dewy.api.CancelledException;
import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.Registration;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/** Waits on the calling thread; the end of the call ends the wait. */
record WaitingPause(IntFunction<Duration> lengths) implements RetryPause {
    @Override
    public Duration length(int failures) {
        return lengths.apply(failures);
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
            throw new CancelledException(new Problem("wait before the next try", "", "it was interrupted", ""), e);
        }
    }
}
